"""Find the browser that the tests of the store's pages drive, or get one where that asks nobody."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from engines.refusals import Refusal

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL_WAIT_S = 600.0
FIX = "Fix: install Chromium (Debian and Ubuntu: apt install chromium), or name one: BIGPICTURE_BROWSER=/path/to/chrome"


class BrowserError(Refusal):
    """There is no browser, and none to be had."""


def find() -> str | None:
    """The path of the user's choice, else of the first Chromium or Chrome on PATH."""
    chosen = os.environ.get("BIGPICTURE_BROWSER")
    return chosen or next((path for name in NAMES if (path := shutil.which(name))), None)


def require() -> str:
    """The same, or BrowserError with the fix."""
    found = find()
    if not found or not Path(found).is_file():
        raise BrowserError(f"the browser is {found or 'not found'}; allowed: Chromium or Chrome. {FIX}")
    return found


def get() -> str:
    """Find it; on a machine of a CI system, where nobody is to be asked, install it first. Raises BrowserError."""
    if not find() and os.environ.get("CI") and os.geteuid() == 0 and shutil.which("apt-get"):
        for arguments in (("update",), ("install", "--yes", "--no-install-recommends", "chromium")):
            _apt(*arguments)
    return require()


def _apt(*arguments: str) -> None:
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["apt-get", "--quiet", *arguments],  # noqa: S607  the machine's own
        env=quiet, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=INSTALL_WAIT_S, check=False,
    )  # fmt: skip
    if done.returncode:
        last = done.stdout.strip().splitlines()[-1:] or ["nothing was said"]
        raise BrowserError(f"apt-get {arguments[0]} failed: {last[0]}; allowed: Chromium or Chrome. {FIX}")
