"""Build the app's artifact, and say where it lies and how it is deployed."""

from __future__ import annotations

import click

from stacks.release import complete
from stacks.wheels import SERVERS, THIS_MACHINE
from terminal.commands import print_json


def build(this_machine: bool, json_: bool) -> None:
    """Print the file, its hash and its size."""
    platform = THIS_MACHINE if this_machine else SERVERS
    click.echo(f"the app and its libraries for {platform.name}", err=True)
    made = complete(platform)
    size = made.path.stat().st_size
    if json_:
        print_json({"path": str(made.path), "sha256": made.sha256, "bytes": size, "platform": platform.name})
        return
    click.echo(f"{made.path}\nsha256 {made.sha256}, {size / 1e6:.1f} MB")
