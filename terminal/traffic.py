"""Send people into a running store: sellers who fill it, customers who shop in it."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter

import click
from rich.console import Console
from rich.live import Live
from rich.progress import Progress
from rich.table import Table

from engines import running, served
from engines.refusals import HostError
from terminal.commands import print_json, print_rich
from traffic import load as loading
from traffic import seeding
from traffic.figures import PERCENTILES, Report
from traffic.recognition import demand_store
from traffic.visitor import VisitError

OFFLINE_PASSWORD = "offline-store"  # noqa: S105  of a store that this machine alone reaches


def seed(url: str | None, items: int, variant: int, password: str | None, json_: bool) -> None:
    """List *items* items with their pictures at the store, and say how many are new."""
    where, word = _store(url), _password(url, password)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        listing, picturing = (progress.add_task(name, total=items) for name in ("listing items", "their pictures"))

        def tell(so_far: seeding.Seeded) -> None:
            progress.update(listing, completed=so_far.listed)
            progress.update(picturing, completed=so_far.pictured)

        try:
            seeded = asyncio.run(seeding.seed(where, items, variant, word, tell))
        except VisitError as refused:
            raise HostError(str(refused)) from None
    if json_:
        print_json({"url": where, "items": items, "new": seeded.new, "pictures": seeded.pictured})
        return
    click.echo(f"{items} items are listed at {where}, {seeded.new} of them new.")
    if seeded.pictured < items:
        late = items - seeded.pictured
        click.echo(f"{late} of them show no picture yet: see what the queue of pictures holds, ./bigpicture status")


def load(url: str | None, rps: float, minutes: float, password: str | None, json_: bool) -> None:
    """Play journeys, show the figures while they come, and exit 1 when a request was not answered as it should."""
    where, word = _store(url), _password(url, password)
    with Live(console=Console(stderr=True), transient=True, auto_refresh=False) as live:
        try:
            report = asyncio.run(
                loading.load(where, rps, minutes * 60, word, lambda so_far: live.update(_table(so_far), refresh=True))
            )
        except VisitError as refused:
            raise HostError(str(refused)) from None
    print_json(report.as_json()) if json_ else print_rich(_table(report))
    sys.exit(1 if report.faults else 0)


def _store(url: str | None) -> str:
    """Where the store answers: *url*, else the one that runs on this machine; HostError where none does."""
    if url:
        try:
            demand_store(url)
        except VisitError as refused:
            raise HostError(str(refused)) from None
        return url.rstrip("/")
    found = running.find()
    now = served.read(found) if found else None
    if now is None or not now.urls:
        raise HostError("no store serves on this machine; allowed: after `up`. Fix: ./bigpicture up, or --url URL")
    return now.urls[0]


def _password(url: str | None, given: str | None) -> str:
    """The customers' password: for a store that others reach, one that somebody chose."""
    if given or not url:
        return given or OFFLINE_PASSWORD
    if not sys.stdin.isatty():
        raise HostError(
            "no password for the customers that are made, and nobody is there to be asked; allowed: the environment's"
            ' BIGPICTURE_PASSWORD, --password, or a terminal. Fix: BIGPICTURE_PASSWORD="$(cat FILE)" ./bigpicture ...'
        )
    return click.prompt("Password of the customers that are made", hide_input=True, err=True)


def _table(report: Report) -> Table:
    title = f"{report.requests} requests in {report.seconds:.0f} s: {report.rps:.1f} a second of {report.asked_rps:g}"
    table = Table(title=title, box=None, header_style="bold", pad_edge=False)
    table.add_column("request")
    for name in ("count", *(f"p{percent} ms" for percent in PERCENTILES), "max ms"):
        table.add_column(name, justify="right")
    table.add_column("refusals")
    table.add_column("faults")
    for kind, each in (*sorted(report.by_kind.items()), *sorted(report.waits.items())):
        times = (f"{each.percentile(percent):.0f}" for percent in (*PERCENTILES, 100))
        table.add_row(kind, str(each.count), *times, _told(each.refusals), _told(each.faults))
    return table


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{count} x {what}" for what, count in counts.most_common())
