"""Checkouts for the tests of the launcher: one that was never started, one whose first use is over."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.launcher.checkouts import Checkout, make_checkout


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout that was never started."""
    return make_checkout(tmp_path)


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> tuple[Checkout, subprocess.CompletedProcess[str]]:
    """A checkout and what its first use said, under a pip configuration that points elsewhere."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    checkout = make_checkout(tmp_path_factory.mktemp("used"))
    checkout.environment |= dict.fromkeys(["PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PYTHONPATH"], str(elsewhere))
    checkout.environment["PIP_USER"] = "1"
    (elsewhere / "tiny.py").write_text("VERSION = 'another'")
    return checkout, checkout.run("first", input="typed")


@pytest.fixture
def copied(used: tuple[Checkout, subprocess.CompletedProcess[str]], tmp_path: Path) -> Checkout:
    """A checkout of this test's own that was started before, without the seconds that this takes."""
    checkout = make_checkout(tmp_path)
    shutil.copytree(used[0].root, checkout.root, symlinks=True, dirs_exist_ok=True)
    return checkout
