"""An open account for each test: moto with the corrections, and moto as it is shipped."""

from collections.abc import Iterator
from importlib import import_module

import pytest

from offline.account import Account, open_account


@pytest.fixture
def account() -> Iterator[Account]:
    """The offline account in us-east-1."""
    account = open_account("us-east-1", "test")
    yield account
    account.close()


@pytest.fixture
def shipped(account: Account) -> Iterator[Account]:
    """The same account without one correction: a gap that no longer shows here needs its correction no longer."""
    with import_module("offline.patches.swap").as_shipped():
        yield account
