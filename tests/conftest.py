"""Holds every test to this machine: no AWS variables, and no connection that leaves the loopback interface."""

import os

import pytest
from pytest_socket import socket_allow_hosts

LOOPBACK_HOSTS = ["127.0.0.1", "::1"]


def pytest_configure() -> None:
    """Drop what a developer's shell carries: a test that needs an AWS variable sets it itself."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup() -> None:
    """Allow loopback only; trylast, because pytest-socket lifts its restrictions before each test."""
    socket_allow_hosts(LOOPBACK_HOSTS, allow_unix_socket=True)
