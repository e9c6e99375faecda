"""Find a Pulumi CLI that this project can use: on PATH, in ~/.pulumi, or in the project's own cache."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec

from engines.refusals import BinaryError

VERSION = "3.220.0"
"""The version that `install` gets and that the tests run: the newest whose Go modules the public proxy has."""
MINIMUM = (3, 220, 0)
"""Nothing older was tried; 3.181 is the least for destroy without a language host, 3.206 for the stream of events."""
VERSION_WAIT_S = 30.0

Version = tuple[int, int, int]


class Binary(msgspec.Struct, frozen=True):
    """One Pulumi CLI on this machine."""

    path: str
    version: Version

    @property
    def is_new_enough(self) -> bool:
        """Whether this project was tried with it."""
        return self.version >= MINIMUM

    @property
    def shown(self) -> str:
        """The version as people write it."""
        return ".".join(map(str, self.version))


def cache_folder() -> Path:
    """Where `install` puts the CLI: outside of the checkout, so that every checkout and every CI run shares it."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "bigpicture" / "engine" / VERSION


def candidates() -> Iterator[Path]:
    """Every place where a CLI stands, the first choice first; none of them was run yet."""
    on_path = shutil.which("pulumi")
    places = [Path(on_path)] if on_path else []
    places += [folder / "bin" / "pulumi" for folder in (Path.home() / ".pulumi", cache_folder())]
    return (place for place in dict.fromkeys(places) if os.access(place, os.X_OK))


def find() -> Binary | None:
    """The first CLI that is new enough; else the first one at all; else None."""
    found = []
    for place in candidates():
        binary = Binary(str(place), _version_of(place))
        if binary.is_new_enough:
            return binary
        found.append(binary)
    return found[0] if found else None


def require() -> Binary:
    """The CLI to use; BinaryError with the fix when there is none, or only one that is too old."""
    found = find()
    if found is None:
        raise BinaryError(
            f"there is no Pulumi CLI on PATH, in ~/.pulumi/bin or in {cache_folder()}; allowed: {_least()} or newer."
            " Fix: ./bigpicture engine install"
        )
    if not found.is_new_enough:
        raise BinaryError(
            f"the Pulumi CLI at {found.path} is {found.shown}; allowed: {_least()} or newer."
            " Fix: ./bigpicture engine install, or update yours"
        )
    return found


def _least() -> str:
    return ".".join(map(str, MINIMUM))


@cache
def _version_of(path: Path) -> Version:
    """What the CLI says of itself, asked once a process; 0.0.0 when it says nothing that is a version."""
    variables = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        said = subprocess.run(
            [path, "version"], env=variables, capture_output=True, text=True, timeout=VERSION_WAIT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return (0, 0, 0)
    numbers = re.match(r"v?(\d+)\.(\d+)\.(\d+)", said.stdout.strip())
    return (int(numbers[1]), int(numbers[2]), int(numbers[3])) if numbers else (0, 0, 0)
