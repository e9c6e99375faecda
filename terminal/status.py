"""Say what runs behind the account: every fleet, server, queue and table shard, once or anew each second."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import click
import msgspec
from rich.console import Console, Group, RenderableType
from rich.live import Live

from engines import running, served
from engines.asking import REPORT, Question, Report, ask
from engines.refusals import HostError
from engines.running import Running
from terminal import tables
from terminal.commands import print_json, print_rich

LOOK_EVERY_S = 1.0
NONE = "no servers run behind the account; allowed: after `serve`. Fix: ./bigpicture serve"


def status(json_: bool, live: bool, not_carried: bool) -> None:
    """Describe the running account and all that runs behind it; *live* anew each second where somebody looks on.

    *not_carried* says what becomes of each setting that is not carried through.
    """
    found = running.find()
    if json_:
        _as_json(found)
    elif found is None:
        click.echo("nothing is running. Start it with: ./bigpicture up")
    elif not_carried:
        _tell_not_carried(found)
    elif live and sys.stdout.isatty():
        _watch(found)
    else:
        _once(found)


def report_of(found: Running) -> Report | None:
    """How all that runs is; None where no servers were asked for."""
    now = served.read(found)
    return ask(found, Question(verb=REPORT)).report if now and now.started else None


def _as_json(found: Running | None) -> None:
    now, report = (served.read(found), report_of(found)) if found else (None, None)
    account = msgspec.to_builtins(found) if found else {}
    behind = {"served": now, "region": report} if now else {}
    print_json({"running": found is not None, **account, **behind})


def _once(found: Running) -> None:
    report = report_of(found)
    if report:
        print_rich(*(part for each in _shown(report) for part in (each, "")))
    click.echo(
        f"stack {found.stack} in {found.region}, pid {found.pid}, at {found.endpoint}: {found.resources} resources"
    )
    if now := served.read(found):
        click.echo(f"{now.healthy} of {now.targets} targets are healthy, at {', '.join(now.urls)}")
        if now.not_carried:
            names = ", ".join(each.partition(":")[0] for each in now.not_carried)
            click.echo(f"{len(now.not_carried)} settings are not carried through (status --not-carried): {names}")


def _tell_not_carried(found: Running) -> None:
    now = served.read(found)
    if now is None:
        raise HostError(NONE)
    for each in now.not_carried:
        click.echo(each)


def _watch(found: Running) -> None:
    with Live(console=Console(), auto_refresh=False) as live:
        while True:
            report = report_of(found)
            if report is None:
                raise HostError(NONE)
            live.update(Group(*_shown(report)), refresh=True)
            time.sleep(LOOK_EVERY_S)


def _shown(report: Report) -> Iterator[RenderableType]:
    """A table for each kind of thing that runs."""
    yield tables.rows_table(
        ["fleet", "in service", "bounds", "instance refresh"],
        (
            (each.name, f"{each.in_service} of {each.desired}", f"{each.minimum} to {each.maximum}", each.refresh)
            for each in report.fleets
        ),
    )
    yield tables.rows_table(
        ["host", "fleet", "zone", "address", "life", "health", "template"],
        (
            (each.instance, each.fleet, each.zone, each.address, each.lifecycle, each.health, each.template)
            for each in report.hosts
        ),
    )
    yield tables.rows_table(
        ["door", "kind", "address"], ((each.name, each.kind, each.address) for each in report.doors)
    )
    yield tables.rows_table(
        ["data server", "of", "role", "address", "state", "lag"],
        (
            (each.name, each.store, each.role, each.address, each.state, lag_of(each.role, each.lag_bytes, each.lag_s))
            for each in report.data
        ),
    )
    queues = ((each.name, str(each.waiting), str(each.under_way)) for each in report.queues)
    yield tables.rows_table(["queue", "waiting", "under way"], queues)
    shards = ((name, str(items)) for name, items in sorted(report.shards.items()))
    yield tables.rows_table(["table shard", "items"], shards)


def lag_of(role: str, size: int | None, seconds: float | None) -> str:
    """How far a replica is behind; `?` where nobody can say, and `-` for who follows nobody."""
    if size is None or seconds is None:
        return "-" if role == "primary" else "?"
    return f"{size} B, {seconds:.3f} s"
