"""Read a server's user data the way cloud-init and systemd do: what it fetches, what it starts, and with what."""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field

from ruamel.yaml import YAML

from offline.region.process import RegionError

UNIT_FOLDER = "/etc/systemd/system/"


@dataclass(frozen=True, kw_only=True, slots=True)
class Boot:
    """What a server becomes at its first boot."""

    bucket: str
    key: str
    sha256: str
    """Of the object: the server starts nothing else."""
    home: str
    """Folder on the server into which the artifact is unpacked, and from which the program starts."""
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    stop_s: float
    """How long the program may take to leave after SIGTERM, until it is killed."""
    steady_s: float
    """How long the program must run without an end to have started."""
    start_s: float
    """After so long a server whose program never did so powers itself off."""


def read(text: str) -> Boot:
    """Understand user data in clear; RegionError, with the reason, for what starts no program of ours."""
    files = {each["path"]: each["content"] for each in (YAML(typ="safe").load(text) or {}).get("write_files", [])}
    units = [content for path, content in files.items() if path.startswith(UNIT_FOLDER) and "ExecStart=" in content]
    fetches = [found for content in files.values() if (found := _FETCH.search(content))]
    if not text.startswith("#cloud-config") or len(units) != 1 or len(fetches) != 1:
        raise RegionError(
            f"user data has {len(units)} units with ExecStart and {len(fetches)} fetches of an artifact; allowed: a"
            " #cloud-config with one of each. Fix: stacks/user_data.py, which this reader follows"
        )
    unit = _settings(units[0])
    limits = next((found for content in files.values() if (found := _LIMITS.search(content))), None)
    return Boot(
        **fetches[0].groupdict(),
        home=unit["WorkingDirectory"][-1],
        command=tuple(shlex.split(unit["ExecStart"][-1])),
        environment=_environment(unit, files),
        stop_s=float(unit["TimeoutStopSec"][-1]),
        steady_s=float(limits["steady_s"]) if limits else 0.0,
        start_s=float(limits["start_s"]) if limits else math.inf,
    )


_FETCH = re.compile(r"aws s3 cp .*s3://(?P<bucket>[^/\s]+)/(?P<key>\S*?(?P<sha256>[0-9a-f]{64})\.tar)\s")
_LIMITS = re.compile(r"^steady_s=(?P<steady_s>\d+) start_s=(?P<start_s>\d+)$", re.MULTILINE)


def _settings(unit: str) -> dict[str, list[str]]:
    """Every value of every key; systemd takes a key that is said twice as a list, or the last one."""
    found: dict[str, list[str]] = {}
    for line in unit.splitlines():
        name, equals, value = line.partition("=")
        if equals:
            found.setdefault(name, []).append(value)
    return found


def _environment(unit: Mapping[str, list[str]], files: Mapping[str, str]) -> dict[str, str]:
    """What Environment= and EnvironmentFile= say, the latter last, as systemd.exec(5) orders them."""
    direct = dict(word.split("=", 1) for line in unit.get("Environment", []) for word in shlex.split(line))
    for path in unit.get("EnvironmentFile", []):
        direct |= _environment_file(files[path])
    return direct


def _environment_file(text: str) -> dict[str, str]:
    """Variables in double quotes: a backslash escapes four characters there (parse_env_file in systemd's source)."""
    quoted = re.findall(r'^(\w+)="(.*)"$', text, re.MULTILINE)
    return {name: re.sub(r'\\(["\\`$])', r"\1", value) for name, value in quoted}
