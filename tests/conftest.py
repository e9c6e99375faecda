"""Holds every test to this machine: no AWS variables, no connection past loopback, no state outside .bigpicture."""

import os
from pathlib import Path

import pytest
from hypothesis.configuration import set_hypothesis_home_dir
from pytest_socket import socket_allow_hosts

LOOPBACK_HOSTS = ["127.0.0.1", "::1"]


def pytest_configure() -> None:
    """Drop the AWS variables of the shell (a test that needs one sets it), and keep hypothesis with the other state."""
    set_hypothesis_home_dir(Path(__file__).parents[1] / ".bigpicture" / "hypothesis")
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup() -> None:
    """Allow loopback only; trylast, because pytest-socket lifts its restrictions before each test."""
    socket_allow_hosts(LOOPBACK_HOSTS, allow_unix_socket=True)
