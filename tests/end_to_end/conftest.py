"""Checkouts for the command-line tests, each left without a running account."""

import pytest

from tests.end_to_end.checkouts import make_checkout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    made = make_checkout(tmp_path_factory.mktemp("checkout"))
    yield made
    made.run("down")
