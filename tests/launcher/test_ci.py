"""CI runs the README's test command, and counts only a run in which every test ran."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.launcher.checkouts import ROOT


def ci(folder: Path, closing: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run .ci/run beside a `bigpicture` that prints its arguments, CI and *closing*, and exits with *code*."""
    (folder / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", folder / ".ci")
    program = folder / "bigpicture"
    program.write_text(f'#!/bin/sh\necho "$* CI=$CI $PWD"\necho "{closing}"\necho after >&2\nexit {code}\n')
    program.chmod(0o755)
    return subprocess.run(["bash", folder / ".ci" / "run"], capture_output=True, text=True, check=False, cwd="/")


def test_the_closing_line_comes_last_and_the_test_command_ran_at_the_root(tmp_path: Path):
    ended = ci(tmp_path, "=== 3 passed in 0.10s ===")
    assert (ended.returncode, ended.stdout.splitlines()) == (
        0,
        [f"test CI=true {tmp_path}", "=== 3 passed in 0.10s ===", "after", "=== 3 passed in 0.10s ==="],
    )


def test_a_failed_run_fails(tmp_path: Path):
    assert ci(tmp_path, "=== 1 failed, 2 passed in 0.10s ===", code=1).returncode == 1


@pytest.mark.parametrize("word", ["skipped", "xfailed", "xpassed", "deselected"])
def test_a_test_that_did_not_run_fails_the_run(tmp_path: Path, word: str):
    ended = ci(tmp_path, f"=== 3 passed, 1 {word} in 0.10s ===")
    assert ended.returncode == 1
    assert ended.stderr == (
        f".ci/run: not every test ran: === 3 passed, 1 {word} in 0.10s ===; allowed: passed alone. "
        "Fix: give the test what it needs\n"
    )


def test_a_run_without_a_test_fails(tmp_path: Path):
    ended = ci(tmp_path, "no tests ran in 0.01s")
    assert (ended.returncode, ended.stderr.startswith(".ci/run: pytest ran no test;")) == (1, True)
