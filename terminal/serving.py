"""Start the servers behind the account, and say where the store answers."""

from __future__ import annotations

from typing import Any

import click
import msgspec
from rich.console import Console

from engines import served
from engines.running import Running
from engines.served import Served

NEXT = {
    "./bigpicture open": "open the store in a browser",
    "./bigpicture seed": "fill it; then ./bigpicture load lets customers shop",
    "./bigpicture status": "see what runs; ./bigpicture logs NAME what it writes",
    "./bigpicture down": "end all of it",
}
"""What a newcomer types once the store is open."""


def behind(now: Running) -> Served | None:
    """The servers of what was deployed, once all answer; None, after a word, where this machine cannot run any.

    HostError with the reason when they do not come up.
    """
    if why := served.cannot_run():
        click.echo(f"Its servers do not run on this machine: {why}", err=True)
        return None
    return demanded(now)


def demanded(now: Running) -> Served:
    """The servers of what was deployed, once all answer; HostError with the reason when they do not."""
    with Console(stderr=True).status("starting servers") as line:
        return served.serve(now, lambda so_far: line.update(_so_far(so_far)))


def tell(now: Served | None) -> None:
    """Say what to do next and where the store answers, which comes last; or how its servers are started."""
    if now is None:
        click.echo("Its host names, url among them, lead nowhere until servers run behind it: ./bigpicture serve")
        return
    click.echo(f"{now.servers} servers run, and all {now.targets} targets are healthy.")
    if now.not_carried:
        click.echo(
            f"{len(now.not_carried)} settings are not carried through offline: ./bigpicture status --not-carried"
        )
    click.echo("\nNext:")
    for typed, what in NEXT.items():
        click.echo(f"  {typed:24}{what}")
    for url in now.urls:
        click.echo(f"\nThe store is open at {url}")


def tell_end(before: Running | None) -> None:
    """On stderr, before anything is made: what goes when an empty account takes the place of the one that runs."""
    if before is None:
        return
    now = served.read(before)
    what = f"the store at {now.urls[0]}" if now and now.urls else f"the account at {before.endpoint}"
    click.echo(
        f"note: this up begins with an empty account. Once it stands, {what} ends, with all that was put into it:"
        " Ctrl-C before that keeps it. What is to be changed in place is made by Pulumi's engine from its first up on:"
        " ./bigpicture up --engine pulumi",
        err=True,
    )


def tell_reach(account: Running, url: str) -> None:
    """On stderr, where the store answers here: the output url is its address on AWS, which no machine finds offline."""
    now = served.read(account)
    here = f"here the store is open at {now.urls[0]}" if now and now.urls else "here it opens with ./bigpicture serve"
    click.echo(f"note: {url} is the address that the store would have on AWS; {here}", err=True)


def as_json(found: Running | None) -> dict[str, Any]:
    """What runs behind the account, where somebody asked for it."""
    now = served.read(found) if found else None
    return {"served": msgspec.to_builtins(now)} if now else {}


def _so_far(now: Served) -> str:
    return f"{now.healthy} of {now.targets} targets are healthy" if now.servers else "starting data servers"
