"""What an operator does to servers that run, by the commands, and what is left of them on the machine."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.end_to_end.checkouts import Checkout, clean_environment
from tests.waiting import eventually

FLEET = "app-orders"


@dataclass(frozen=True, slots=True)
class Operated:
    """What commands said of the servers, and what became of the fleet after one was lost."""

    lost: str
    shown: str
    opened: str
    log: str
    logged: set[str]
    not_carried: list[str]
    healed: list[str]
    unknown: str


def operate(checkout: Checkout, status: dict[str, Any]) -> Operated:
    """Look at a server, lose it, and wait until there is another."""
    [lost, *_] = [each["instance"] for each in status["region"]["hosts"] if each["fleet"] == FLEET]
    shown, opened, log = (checkout.run(*words).stdout for words in (["status", "--live"], ["open"], ["logs", lost]))
    logged, left_out = completed(checkout, "logs "), checkout.run("status", "--not-carried").stdout.splitlines()
    checkout.run("stop", lost)
    healed = eventually(lambda: health_of(checkout, lost), health_of(status))
    return Operated(lost, shown, opened, log, logged, left_out, healed, checkout.run("stop", lost, expect=1).stderr)


def completed(checkout: Checkout, line: str) -> set[str]:
    """The words that the Tab key offers after *line*."""
    words = {"COMP_WORDS": f"bigpicture {line}", "COMP_CWORD": str(line.count(" ") + 1)}
    environment = {**clean_environment(), **words, "_BIGPICTURE_COMPLETE": "bash_complete"}
    said = subprocess.run(checkout.command(), env=environment, capture_output=True, text=True, check=True).stdout
    return {offered.removeprefix("plain,") for offered in said.split()}


def health_of(source: Checkout | dict[str, Any], lost: str = "") -> list[str]:
    """How each server of the fleet is, by a status or by asking for one; a lost one is not among them."""
    status = source if isinstance(source, dict) else source.json("status")
    servers = [each for each in status["region"]["hosts"] if each["fleet"] == FLEET]
    return [each["health"] for each in servers if each["instance"] != lost]


def programs_of(checkout: Checkout) -> list[str]:
    """The command line of every process that works in a folder of this checkout."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            folder = str((process / "cwd").readlink())
            command = (process / "cmdline").read_text().replace("\0", " ")
        except OSError:  # it ended meanwhile, or is somebody else's
            continue
        if folder.startswith(str(checkout.folder)):
            found.append(command)
    return found
