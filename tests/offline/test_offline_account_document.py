"""docs/offline-account.md names every module that mends moto, and no other."""

import re
from pathlib import Path

from offline.patches import MODULES, MOTO_VERSION

DOCUMENT = (Path(__file__).parents[2] / "docs" / "offline-account.md").read_text()


def test_every_module_of_corrections_is_listed_in_the_order_in_which_it_applies() -> None:
    assert tuple(re.findall(r"^\| `(\w+)` \|", DOCUMENT, re.MULTILINE)) == MODULES


def test_the_document_names_the_measured_moto() -> None:
    assert f"moto {MOTO_VERSION}" in DOCUMENT
