"""Get the wheels of the app's libraries, for the servers or for this machine, from an index or the user's cache."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import dataclass
from pathlib import Path

from stacks.knobs import SettingsError

_PIP = ("-m", "pip", "download", "--no-deps", "--require-hashes", "--only-binary", ":all:", "--no-input", "--quiet")


@dataclass(frozen=True, slots=True)
class Platform:
    """For which machines wheels are: a name for people and folders, and what pip calls it."""

    name: str
    options: tuple[str, ...] = ()


def _for_servers() -> Platform:
    """Amazon Linux 2023 on Graviton: glibc 2.34, and the package python3.12 (AL2023 User Guide, "Python in AL2023")."""
    tags = [f"manylinux_2_{minor}_aarch64" for minor in range(34, 16, -1)] + ["manylinux2014_aarch64"]
    abis = ("--implementation", "cp", "--python-version", "3.12", "--abi", "cp312", "--abi", "abi3", "--abi", "none")
    return Platform("linux-arm64-cp312", (*abis, *(word for tag in tags for word in ("--platform", tag))))


SERVERS = _for_servers()
THIS_MACHINE = Platform(f"{sysconfig.get_platform()}-cp{sys.version_info.major}{sys.version_info.minor}")


def cache_folder() -> Path:
    """Where wheels are kept between checkouts (XDG Base Directory Specification)."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "bigpicture" / "wheels"


def fetch(lock: Path, platform: Platform, cache: Path | None = None) -> list[Path]:
    """The wheels that *lock* pins, each checked against its hash; the package index is asked for what is not cached.

    pip's own configuration holds (index, proxy, certificates). Raises SettingsError with the fix.
    """
    kept = (cache or cache_folder()) / platform.name
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as new:
        command = [sys.executable, *_PIP, *platform.options, "-r", str(lock), "--find-links", str(kept), "--dest", new]
        cached = any(kept.iterdir()) and not _fails([*command, "--no-index"])
        if not cached and (said := _fails(command)):
            raise SettingsError([_refusal(said, platform)])
        wheels = sorted(Path(new).iterdir())
        return [wheel.replace(kept / wheel.name) for wheel in wheels]


def _fails(command: list[str]) -> str:
    """What pip says of its failure; nothing when it succeeds."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return done.stderr.strip() or f"pip ended with {done.returncode}" if done.returncode else ""


def _refusal(said: str, platform: Platform) -> str:
    reasons = re.findall(r"ERROR: (.*)", said) or said.splitlines()[-1:]
    return (
        f"the app's libraries for {platform.name} are not in the cache, and pip cannot get them: {reasons[0]};"
        " allowed: a package index, once, or a full cache."
        f" Fix: ./bigpicture build with a connection, or copy {cache_folder()} from a machine that has them"
    )
