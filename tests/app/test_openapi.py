"""The checked-in contracts are those of the running services."""

import pytest

from app.openapi import FOLDER, documents

WRITTEN = documents()


def test_every_contract_is_checked_in_and_none_is_left_over():
    assert {path.name for path in FOLDER.iterdir()} == set(WRITTEN)


@pytest.mark.parametrize("name", WRITTEN)
def test_a_checked_in_contract_is_what_the_service_says_now(name):
    assert (FOLDER / name).read_text(encoding="utf-8") == WRITTEN[name], "run: python -m app.openapi"
