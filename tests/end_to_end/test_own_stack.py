"""The page on testing a stack of one's own is true: its program and its test run as they stand, from anywhere."""

import re

import pytest

from tests.guards.documentation import FENCE, text_of

NAMED = re.compile(r"^`~/invoices/([\w.]+)`", re.MULTILINE)
"""The sentence before a block says which file it is."""
MISTAKES = {
    ", versioned=True": "",
    '"to-mail"': '"mail"',
    "=days": "=7",
    "Protection()": "Protection(protect=False)",
}
"""One for each documented test."""


@pytest.fixture
def invoices(tmp_path):
    text = text_of("docs/testing.md")
    blocks = [block[2] for block in FENCE.finditer(text) if block[1] == "python"]
    folder = tmp_path / "invoices"
    folder.mkdir()
    for name, block in zip(NAMED.findall(text), blocks, strict=True):
        folder.joinpath(name).write_text(block, encoding="utf-8")
    return folder


def test_the_documented_tests_pass_from_the_folder_that_holds_them(checkout, invoices):
    assert " 4 passed in " in checkout.run("test", invoices.name, folder=invoices.parent).stdout


def test_the_documented_check_finds_nothing(checkout, invoices):
    said = checkout.run("check", "--program", str(invoices), "--set", "invoices:log_days=30").stdout
    assert "0 mandatory and 0 advisory findings" in said


def test_the_documented_tests_fail_when_the_program_is_wrong(checkout, invoices):
    program = invoices / "__main__.py"
    text = program.read_text(encoding="utf-8")
    for right, wrong in MISTAKES.items():
        text = text.replace(right, wrong)
    program.write_text(text, encoding="utf-8")
    assert "4 failed" in checkout.run("test", str(invoices), expect=1).stdout
