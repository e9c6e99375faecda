"""Answer about one server: what it logged, losing it, and where the store that they serve opens."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click

from engines import served
from engines.asking import STOP, Question, Report, ask
from engines.refusals import HostError, unknown_name
from engines.running import Running
from terminal.commands import require_running
from terminal.status import NONE, report_of

TAIL_EVERY_S = 0.2
ABOVE = 2
"""Parts of the path of a log that is the region's own: `servers/nursery-0.log`."""
LOST = "lost"
"""What a report says of a server whose machine is gone, until it has another."""


def stop(name: str) -> None:
    """Lose the machine of a host or a data server, at once and without a word to it; of one that is lost, say so."""
    found = require_running()
    report = report_of(found)
    if report is None:
        raise HostError(NONE)
    already = " already" if is_lost(report, name) else ""
    if not already:
        ask(found, Question(verb=STOP, name=name))
    click.echo(f"the machine of {name} is gone{already}; what becomes of it: ./bigpicture status --live")


def is_lost(report: Report, name: str) -> bool:
    """Whether the server is lost already; HostError for a name that is none's: of a fleet's, with its hosts."""
    states = machines(report)
    own = [each.instance for each in report.hosts if each.fleet == name]
    if own:
        raise HostError(
            f"machine is {name!r}, which is a fleet; allowed: one of its hosts, {', '.join(own)}."
            f" Fix: ./bigpicture stop {own[0]}"
        )
    if name not in states:
        raise unknown_name("machine", name, states, "./bigpicture stop", "./bigpicture status")
    return states[name] == LOST


def machines(report: Report) -> dict[str, str]:
    """Every host and data server -> how it is."""
    return {each.instance: each.health for each in report.hosts} | {each.name: each.state for each in report.data}


def open_store() -> None:
    """Print where the store answers, and open it where a person looks on."""
    now = served.read(require_running())
    if now is None or not now.urls:
        raise HostError(NONE)
    for url in now.urls:
        click.echo(url)
        if sys.stdout.isatty():
            click.launch(url)


def logs(name: str, *, follow: bool) -> None:
    """Print what a server wrote, or all servers of a fleet; with *follow* what they go on to write, until Ctrl-C."""
    known = logged(require_running())
    if not known:
        raise HostError(NONE)
    if name not in known:
        raise unknown_name("server", name, known, "./bigpicture logs", "./bigpicture status")
    places = dict.fromkeys(known[name], 0)
    while True:
        for path, line in _new(places):
            click.echo(f"{path.parent.name}  {line}" if len({each.parent for each in places}) > 1 else line)
        if not follow:
            return
        time.sleep(TAIL_EVERY_S)


def logs_of(folder: Path, report: Report) -> dict[str, list[Path]]:
    """Name in `status` -> logs in the region's *folder*: of each server, and of all servers of each fleet.

    Each server has a folder of its name, which stays when it is gone. A log above these is the region's own.
    """
    named: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*.log")):
        if len(path.relative_to(folder).parts) > ABOVE:
            named.setdefault(path.parent.name, []).append(path)
    for host in report.hosts:
        named.setdefault(host.fleet, []).extend(named.get(host.instance, []))
    return named


def logged(found: Running) -> dict[str, list[Path]]:
    """The logs of what runs behind the account."""
    return logs_of(found.path("region"), report_of(found) or Report())


def _new(places: dict[Path, int]) -> Iterator[tuple[Path, str]]:
    """The whole lines that each file has gained; *places* is how far each was read. A full log is begun anew."""
    for path, read in places.items():
        with path.open("rb") as file:
            place = read if path.stat().st_size >= read else 0
            file.seek(place)
            whole, newline, _ = file.read().rpartition(b"\n")
        places[path] = place + len(whole + newline)
        for line in whole.splitlines():
            yield path, line.decode(errors="replace")
