"""Move the customers out of a stack's draining shards by the app's own job, and say who is left."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import click

from engines import running
from engines.cloud import of_config
from engines.preflight.permissions import EMPTYING, refused
from engines.preflight.site import tried
from engines.refusals import HostError
from engines.stack_file import DEFAULT_STACK, ROOT, command, config_of
from terminal.commands import print_json
from terminal.deployment import outputs_of

JOB = "app.data.emptying"


def empty(stack: str, json_: bool) -> None:
    """Run the job under the map that is deployed; exit 1 where anything is left that only servers take away."""
    known = outputs_of(stack).get("shard_map") or {}
    done = _run(stack, known) if known.get("draining") else {}
    left = sum(each["left"] for each in done.values())
    if json_:
        print_json(done)
    else:
        for shard, each in done.items():
            click.echo(f"{shard}: {each['moved']} moved, {each['left']} left")
        click.echo(_end(stack, done, left))
    if left:
        sys.exit(1)


def _end(stack: str, done: dict[str, dict[str, int]], left: int) -> str:
    if left:
        return f"what waits there is sent by the servers: {command('empty-shards', stack)} again"
    return f"they are empty: {command('up', stack)} takes them away" if done else "no shard drains"


def _run(stack: str, known: dict[str, Any]) -> dict[str, dict[str, int]]:
    _may(stack, known)
    told = {"BIGPICTURE_REGION": config_of(stack)["aws:region"], "BIGPICTURE_SHARD_MAP": json.dumps(known)}
    done = subprocess.run(
        [sys.executable, "-m", JOB], cwd=ROOT, env={**os.environ, **_reach(stack), **told}, stdout=subprocess.PIPE,
        text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise HostError(
            f"the customers of stack {stack!r} could not all be moved; who has moved stays so, and nobody is lost;"
            f" allowed: a caller who may {', '.join(EMPTYING)}. Fix: what is said above; then"
            f" {command('empty-shards', stack)} goes on"
        )
    return json.loads(done.stdout)


def _may(stack: str, known: dict[str, Any]) -> None:
    """Refuse a caller whom IAM says to be refused, before anybody is moved; where IAM cannot be asked, go on."""
    if stack == DEFAULT_STACK:
        return
    cloud = of_config(config_of(stack))
    caller = cloud.identity()
    account, region = caller["Account"], cloud.client("dynamodb").meta.region_name
    tables = [f"arn:aws:dynamodb:{region}:{account}:table/{name}" for name in known["tables"].values()]
    lacking = tried("permissions", lambda: refused(cloud, caller["Arn"], EMPTYING, tables))
    if isinstance(lacking, list) and lacking:
        raise HostError(
            f"{caller['Arn']} may not {', '.join(lacking)} on the tables of stack {stack!r}; allowed: a caller who may"
            f" {', '.join(EMPTYING)}. Fix: allow these, or log in as somebody who may"
        )


def _reach(stack: str) -> dict[str, str]:
    """The variables under which the job finds the account that the stack stands in."""
    found = running.find()
    if stack == DEFAULT_STACK and found:
        return found.client_variables()
    profile = config_of(stack).get("aws:profile")
    return {"AWS_PROFILE": profile} if profile else {}
