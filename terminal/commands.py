"""Carry the commands out: one call into the rooms below, then the answer as a table or as JSON."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import click
import msgspec
from msgspec.structs import asdict
from rich.console import Console

from engines import running
from engines.graph import Graph
from engines.outcome import from_empty
from engines.refusals import HostError, Refusal, unknown_name
from engines.running import PULUMI, Running
from engines.stack_file import DEFAULT_STACK
from terminal import serving, shell, tables
from terminal.progress import DeployProgress
from terminal.rehearsal import rehearsed

UNBOUNDED = 100_000
"""Columns of a pipe: more than the longest row, since rich folds what is longer."""


def up(stack: str, overrides: Mapping[str, str], port: int | None, servers: bool, json_: bool) -> None:
    """Deploy, run *servers* behind it, then say what was made and where it answers."""
    before = running.find()
    serving.tell_end(before)
    with DeployProgress(Console(stderr=True)) as progress:
        now = running.start(stack, overrides, progress, port=port)
    graph, outputs = read_graph(now), read_outputs(now)
    if json_:
        behind = serving.behind(now) if servers else None
        print_json({**asdict(from_empty(graph, outputs, now.seconds)), "endpoint": now.endpoint, "served": behind})
        return
    print_rich(tables.class_table(graph))
    taken = f"; port {port} was in use" if port and not now.endpoint.endswith(f":{port}") else ""
    click.echo(
        f"\n{now.resources} resources in {now.seconds:.1f} s{', in place of the account before' if before else ''}:"
        f" ./bigpicture resources. {len(outputs)} outputs: ./bigpicture outputs."
    )
    click.echo(f"The account answers at {now.endpoint}{taken} until `./bigpicture down`.")
    serving.tell(serving.behind(now) if servers else None)


def preview(stack: str, overrides: Mapping[str, str], json_: bool) -> None:
    """Deploy into an account that is thrown away, and say what was made."""
    from engines.checking import demand
    from planning.standing_cost import standing_cost

    with rehearsed(stack, overrides) as deployment:
        demand(deployment)
    cost = standing_cost(deployment.graph)
    if json_:
        outcome = from_empty(deployment.graph, deployment.outputs, deployment.seconds)
        print_json({**msgspec.to_builtins(outcome), "standing_cost": cost})
        return
    print_rich(tables.component_table(deployment.graph))
    click.echo()
    print_rich(tables.cost_table(cost))
    made = sum(resource.custom for resource in deployment.graph.resources)
    click.echo(f"\n`up` would create {made} resources. Nothing was kept.")


def down(stack: str, now: bool, yes_destroy: str | None, json_: bool) -> None:
    """Stop what runs; nothing running is an answer, not an error. A stack on AWS is destroyed, if it was named."""
    if stack != DEFAULT_STACK:
        _destroy_on_aws(stack, yes_destroy, json_)
        return
    found = running.find()
    destroyed = _destroy_offline(stack, json_) if found and found.engine == PULUMI and not now else {}
    if found:
        running.stop(found)
    if json_:
        print_json({"stopped": found is not None, "pid": found.pid if found else None, **destroyed})
    else:
        click.echo(
            f"ended the offline account of stack {found.stack} (pid {found.pid})" if found else "nothing is running"
        )


def _destroy_offline(stack: str, json_: bool) -> dict[str, object]:
    from terminal import deployment

    try:
        return asdict(deployment.destroy(stack, json_))
    except Refusal as refusal:
        raise HostError(
            f"{refusal}\nFix: mend that, or end the account with all that it holds: down --now"
        ) from refusal


def _destroy_on_aws(stack: str, yes_destroy: str | None, json_: bool) -> None:
    from terminal import account, deployment

    account.demand_name(stack, yes_destroy)
    outcome = deployment.destroy(stack, json_, yes_destroy)
    if json_:
        print_json(outcome)


def serve(json_: bool) -> None:
    """Run what was deployed, and say where it answers."""
    now = serving.demanded(require_running())
    print_json(now) if json_ else serving.tell(now)


def outputs(name: str | None, json_: bool) -> None:
    """Print all exports, or one, or one entry of one; an unknown name is refused with the nearest real ones."""
    account = require_running()
    found = read_outputs(account)
    if name in (None, "url") and "url" in found:
        serving.tell_reach(account, found["url"])
    if name is None:
        print_json(found) if json_ else print_rich(tables.outputs_table(found))
    else:
        named = {**tables.entries(found), **found}
        if name not in named:
            raise unknown_name("output", name, named, "./bigpicture outputs", "./bigpicture outputs")
        value = named[name]
        print_json(value) if json_ else click.echo(tables.shown(value))


def resources(stack: str, overrides: Mapping[str, str], json_: bool) -> None:
    """List the running stack's resources, or those of any stack after a run against a throw-away account."""
    found = running.find()
    if found and found.stack == stack and not overrides:
        graph = read_graph(found)
    else:
        with rehearsed(stack, overrides) as deployment:
            graph = deployment.graph
    print_json(graph.resources) if json_ else print_rich(tables.resource_table(graph))


def env(start: bool, json_: bool) -> None:
    """Print the variables under which AWS clients, and Pulumi where its engine made the account, find it."""
    found = _started() if start else require_running()
    variables = found.client_variables()
    if found.engine == PULUMI:
        from engines.backend import offline_variables

        variables = offline_variables(found)
    if json_:
        print_json(variables)
        return
    for line in shell.lines(variables, os.environ):
        click.echo(line)
    if found.engine == PULUMI:
        click.echo("unset PULUMI_CONFIG_PASSPHRASE")  # it would win over the file


def _started() -> Running:
    """The account of Pulumi's engine, with a stack that Pulumi finds; an empty one when none is running."""
    from engines.backend import offline
    from engines.pulumi import PulumiEngine

    found = running.find()
    if found and found.engine != PULUMI:
        raise HostError(
            f"an account of the {found.engine} engine is running; allowed: none, or one of {PULUMI}."
            " Fix: ./bigpicture down, then this again"
        )
    with running.account_for(DEFAULT_STACK, {}) as account:
        PulumiEngine(DEFAULT_STACK, offline(account, DEFAULT_STACK, {}))
        return account


def coverage(stack: str, overrides: Mapping[str, str], markdown: bool, json_: bool) -> None:
    """Deploy *stack* into a throw-away account, read every resource back, and report per type and property."""
    from engines import coverage as measured

    with rehearsed(stack, overrides) as deployment:
        rows = measured.coverage(deployment.monitor)
    if json_:
        print_json(rows)
    elif markdown:
        click.echo(measured.markdown(rows), nl=False)
    else:
        print_rich(tables.coverage_table(rows))
        click.echo(f"\n{measured.summary(rows)}")


def read_graph(found: Running) -> Graph:
    """The graph of the running account: recorded by the embedded engine, or out of the other one's state."""
    if found.engine == PULUMI:
        from engines import state

        return state.read_graph(found)
    return msgspec.json.decode(found.path("graph.json").read_bytes(), type=Graph)


def read_outputs(found: Running) -> dict[str, Any]:
    """The exports of the running account; secrets are masked."""
    if found.engine == PULUMI:
        from engines import state

        return state.read_outputs(found)
    return msgspec.json.decode(found.path("outputs.json").read_bytes())


def require_running() -> Running:
    """The account that is running, or a refusal."""
    found = running.find()
    if found is None:
        raise HostError("nothing is running; allowed: after `up`. Fix: ./bigpicture up")
    return found


def print_json(value: Any) -> None:
    """Print any value as indented JSON."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def print_rich(*things: Any) -> None:
    """Print to stdout; where nobody reads along each row is one line, however long, and ends with its content."""
    plain: dict[str, Any] = {"emoji": False, "markup": False, "highlight": False}  # rich makes a picture of :secret:
    if Console().is_terminal:
        Console(**plain).print(*things, sep="\n")
        return
    console = Console(width=UNBOUNDED, **plain)
    with console.capture() as captured:
        console.print(*things, sep="\n")
    for line in captured.get().splitlines():
        click.echo(line.rstrip())
