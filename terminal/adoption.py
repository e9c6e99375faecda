"""Tell how what a killed engine was making is taken over, each with the line that does it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from engines import adoption, running
from engines.cloud import Cloud, CloudError, of_config, of_running
from engines.graph import Graph, Resource
from engines.leftovers import Leftover, leftovers
from engines.stack_file import DEFAULT_STACK, command, config_of

HOW = """Each may stand there or not. What stands: take it over by its line, or delete it; then {up}.
For a line: eval "$({env})" first"""
GIVEN_UP = "; an offline account can be given up instead: ./bigpicture down --now"


def tell(stack: str, making: Sequence[Resource], deployed: Graph) -> None:
    """Print every resource of *making*, and under it the commands of Pulumi that may take it over."""
    click.echo("These were being made, and may stand in the account without the state knowing:")
    for each, lines in _found(stack, making, deployed):
        click.echo(f"  {each.type} {each.name}")
        for line in lines or ["not to be found by its tags: look for it in the account"]:
            click.echo(f"    {line}")
    how = HOW.format(up=command("up", stack), env=command("env", stack))
    click.echo(how + (GIVEN_UP if stack == DEFAULT_STACK else ""))


def _found(stack: str, making: Sequence[Resource], deployed: Graph) -> Iterator[tuple[Resource, list[str]]]:
    cloud = _cloud(stack)
    place = adoption.Place(cloud.identity()["Account"], cloud.region)
    tagged = _unknown(cloud, stack, deployed) if any(each.type in adoption.TAGGED for each in making) else []
    for each in making:
        ids = adoption.import_ids(each, place, tagged)
        yield each, [adoption.command(each, stack, id_) for id_ in ids]


def _unknown(cloud: Cloud, stack: str, deployed: Graph) -> list[Leftover]:
    """What carries the stack's tags and is not in its state."""
    known = tuple(f"/{each.id}" for each in deployed.resources)
    try:
        found = leftovers(cloud, [cloud.region], stack)
    except CloudError as error:
        click.echo(str(error), err=True)
        return []
    return [each for each in found if not any(id_.endswith((f"/{each.id}", f":{each.id}")) for id_ in known)]


def _cloud(stack: str) -> Cloud:
    found = running.find()
    return of_running(found) if stack == DEFAULT_STACK and found else of_config(config_of(stack))
