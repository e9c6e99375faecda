"""Answer about the servers behind the account: how each is, what it logged, where the store opens, and losing one."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
from rich.console import Console, Group, RenderableType
from rich.live import Live

from engines import running, served
from engines.asking import REPORT, STOP, Question, Report, ask
from engines.refusals import HostError
from engines.running import Running
from terminal import tables
from terminal.commands import known_name, print_json, print_rich, read_graph, require_running

LOOK_EVERY_S = 1.0
TAIL_EVERY_S = 0.2
NONE = "no servers run behind the account; allowed: after `serve`. Fix: ./bigpicture serve"


def report_of(found: Running) -> Report | None:
    """How all that runs is; None where no servers were asked for."""
    now = served.read(found)
    return ask(found, Question(verb=REPORT)).report if now and now.started else None


def shown(report: Report) -> list[RenderableType]:
    """A table for each kind of thing that runs."""
    fleets = (
        (each.name, f"{each.in_service} of {each.desired}", f"{each.minimum} to {each.maximum}", each.refresh)
        for each in report.fleets
    )
    hosts = (
        (each.instance, each.fleet, each.zone, each.address, each.lifecycle, each.health, each.template)
        for each in report.hosts
    )
    data = (
        (each.store, each.name, each.role, each.address, each.state, f"{each.lag_bytes} B, {each.lag_s:.3f} s")
        for each in report.data
    )
    queues = ((each.name, str(each.waiting), str(each.under_way)) for each in report.queues)
    shards = ((name, str(items)) for name, items in sorted(report.shards.items()))
    return [
        tables.rows_table(["fleet", "in service", "bounds", "instance refresh"], fleets),
        tables.rows_table(["host", "fleet", "zone", "address", "life", "health", "template"], hosts),
        tables.rows_table(["store", "node", "role", "address", "state", "lag"], data),
        tables.rows_table(["queue", "waiting", "under way"], queues),
        tables.rows_table(["table shard", "items"], shards),
    ]


def status(json_: bool, live: bool) -> None:
    """Describe the running account and all that runs behind it; *live* anew each second, until Ctrl-C."""
    found = running.find()
    if json_:
        _status_as_json(found)
    elif found is None:
        click.echo("nothing is running. Start it with: ./bigpicture up")
    elif live:
        _watch(found)
    else:
        _status(found)


def _status_as_json(found: Running | None) -> None:
    now, report = (served.read(found), report_of(found)) if found else (None, None)
    account = msgspec.to_builtins(found) if found else {}
    behind = {"served": now, "region": report} if now else {}
    print_json({"running": found is not None, **account, **behind})


def _status(found: Running) -> None:
    print_rich(tables.component_table(read_graph(found)))
    now, report = served.read(found), report_of(found)
    if report:
        print_rich(*(part for each in shown(report) for part in ("", each)))
    click.echo(f"\nstack {found.stack} in {found.region}, pid {found.pid}, at {found.endpoint}")
    if now:
        click.echo(f"{now.healthy} of {now.targets} targets are healthy, at {', '.join(now.urls)}")
        for each in now.not_carried:
            click.echo(f"not carried through: {each}")


def _watch(found: Running) -> None:
    with Live(console=Console(), auto_refresh=False) as live:
        while True:
            report = report_of(found)
            if report is None:
                raise HostError(NONE)
            live.update(Group(*shown(report)), refresh=True)
            time.sleep(LOOK_EVERY_S)


def stop(host: str) -> None:
    """Lose the machine of a host, at once and without a word to it."""
    ask(require_running(), Question(verb=STOP, name=host))
    click.echo(f"the machine of {host} is gone; what its group does about it: ./bigpicture status")


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
    known = logs_of(require_running())
    chosen = known[known_name(name, known, "server")]
    places = dict.fromkeys(chosen, 0)
    while True:
        for path, line in _new(places):
            click.echo(f"{path.parent.name}  {line}" if len(chosen) > 1 else line)
        if not follow:
            return
        time.sleep(TAIL_EVERY_S)


def logs_of(found: Running) -> dict[str, list[Path]]:
    """Name -> logs: of each server by its folder's name, and of all servers of each fleet."""
    root = found.path("region")
    named: dict[str, list[Path]] = {}
    for path in sorted(root.rglob("*.log")):
        named.setdefault("/".join(path.parent.relative_to(root).parts[1:]), []).append(path)
    report = report_of(found) or Report()
    for host in report.hosts:
        named.setdefault(host.fleet, []).extend(named.get(host.instance, []))
    return named


def _new(places: dict[Path, int]) -> Iterator[tuple[Path, str]]:
    """The whole lines that each file has gained; *places* is how far each was read."""
    for path, place in places.items():
        with path.open("rb") as file:
            file.seek(place)
            whole, newline, _ = file.read().rpartition(b"\n")
        places[path] = place + len(whole + newline)
        for line in whole.splitlines():
            yield path, line.decode(errors="replace")
