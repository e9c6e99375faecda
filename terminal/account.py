"""Ask an AWS account before a stack is made in it or destroyed there, and list what is left in it afterwards."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping
from typing import Any

import click

from engines import backend_record, older_state
from engines.cloud import Cloud, of_config
from engines.finding import Finding
from engines.refusals import HostError
from engines.stack_file import DEFAULT_STACK, config_of, qualified, stacks
from terminal.commands import print_json, print_rich
from terminal.tables import rows_table

SANDBOX = "sandbox"


def demand(stack: str, overrides: Mapping[str, str]) -> None:
    """Run the preflight of *stack*; HostError with every fault, and on stderr what is worth to know otherwise."""
    from engines.preflight import preflight

    findings = preflight(stack, overrides)
    for each in findings:
        if each.mark in ("note", "?"):
            click.echo(f"{each.mark} {each.sentence()}", err=True)
    _refuse_faults(findings)


def demand_name(stack: str, yes_destroy: str | None) -> None:
    """Let a stack on AWS be destroyed only in its own account, and only by its name: given, or typed for a sandbox."""
    if yes_destroy is None and _environment(stack) == SANDBOX:
        yes_destroy = _typed(stack)
    if yes_destroy != stack:
        raise _unnamed(stack, yes_destroy)
    from engines.preflight import preflight
    from engines.preflight.account import is_the_one

    # with another account's credentials each resource is "not found": the state would forget what goes on to cost money
    _refuse_faults(preflight(stack, {}, [is_the_one]))
    backend_record.demand(stack, os.environ, of_config(config_of(stack)).identity()["Account"])


def demand_words(stack: str, overrides: Mapping[str, str], outputs: Mapping[str, Any], yes: bool) -> None:
    """Let no forgotten override of the last run change what a stack is: say it before the question, else refuse it.

    *outputs* are the exports of what stands. A word that this run spells out is meant.
    """
    from stacks import settings

    spelt = {qualified(key) for key in overrides}
    wanted = settings.of_config(config_of(stack, overrides), stack)
    for word, stands in (outputs.get("deployed_as") or {}).items():
        now = getattr(wanted, word)
        if now == stands or qualified(word) in spelt:
            continue
        told = f"{word} is {now!r} in stacks/Pulumi.{stack}.yaml, and what stands was deployed with {stands!r}"
        if yes:
            raise HostError(
                f"{told}; allowed with --yes: one that this run spells out, since nobody would see the switch."
                f" Fix: --{word} {stands} --save keeps it, --{word} {now} switches"
            )
        click.echo(f"note: {told}: --{word} {stands} --save keeps it", err=True)


def demand_name_of(stack: str, outputs: Mapping[str, Any], yes_destroy: str | None) -> None:
    """Let what was deployed as anything but a sandbox be destroyed by --yes-destroy alone, whatever the file says."""
    environment = (outputs.get("deployed_as") or {}).get("environment", SANDBOX)
    if yes_destroy is None and environment != SANDBOX:
        raise _unnamed(stack, yes_destroy)


def demand_word(stack: str) -> None:
    """Ask whether to deploy; where nobody is there to be asked, HostError names the option."""
    try:
        click.confirm(f"Deploy stack {stack} to AWS?", abort=True, err=True)
    except click.Abort:
        if sys.stdin.isatty():
            raise
        raise HostError(
            f"nobody said yes to the deploy of stack {stack!r}; allowed: y, or --yes where nobody can be asked."
            f" Fix: ./bigpicture up --stack {stack} --yes"
        ) from None


def env(stack: str, json_: bool) -> None:
    """Print what leads Pulumi's own commands to the state of a stack on AWS, for a shell; its credentials stay."""
    config_of(stack)
    if not backend_record.read(stack, os.environ):
        older_state.demand(stack, os.environ)
    variables = backend_record.variables(stack, os.environ)
    if json_:
        print_json(variables)
        return
    for name, value in variables.items():
        click.echo(f"export {name}={shlex.quote(value)}")
    if "PULUMI_CONFIG_PASSPHRASE_FILE" in variables:
        click.echo("unset PULUMI_CONFIG_PASSPHRASE")  # it would win over the file


def leftovers(stack: str | None, json_: bool) -> None:
    """List what still carries the project's tags; exit 1 when something does, so that a script can wait for none."""
    from engines.leftovers import leftovers as found_in
    from engines.preflight import preflight
    from engines.preflight.account import is_the_one

    regions: dict[str | None, set[str]] = {}
    for each in [stack] if stack else _named():
        _refuse_faults(preflight(each, {}, [is_the_one]))  # of another account "nothing is left" would say nothing
        config = config_of(each)
        regions.setdefault(config.get("aws:profile"), set()).add(config["aws:region"])
    clouds = [(Cloud(min(asked), profile), asked) for profile, asked in regions.items()]
    found = sorted({each for cloud, asked in clouds for each in found_in(cloud, asked, stack)})
    if json_:
        print_json(found)
    elif found:
        rows = ([each.stack, each.region, each.kind, each.id] for each in found)
        print_rich(rows_table(["stack", "region", "kind", "id"], rows))
    if not json_:
        click.echo(f"{len(found)} left" if found else "nothing is left")
    if found:
        sys.exit(1)


def _named() -> list[str]:
    """The stacks whose file names an account: no other was ever deployed; HostError where there is none."""
    from engines.preflight.account import ALLOWED

    found = [each for each in stacks() if each != DEFAULT_STACK and ALLOWED in config_of(each)]
    if not found:
        raise HostError(
            f"no stack file names an account; allowed: {ALLOWED} in that of a stack on AWS, so that no other account is"
            " asked. Fix: ./bigpicture leftovers --stack NAME says which line"
        )
    return found


def _unnamed(stack: str, yes_destroy: str | None) -> HostError:
    return HostError(
        f"--yes-destroy is {yes_destroy!r}; allowed: {stack!r}, the name of the stack on AWS that will be gone with"
        f" all its data. Fix: ./bigpicture down --stack {stack} --yes-destroy {stack}"
    )


def _environment(stack: str) -> str:
    from stacks import settings

    return settings.of_config(config_of(stack), stack).environment


def _typed(stack: str) -> str | None:
    """The name as somebody types it; None where nobody is there to be asked."""
    click.echo(f"Stack {stack} on AWS will be gone with all its data: rows, objects, messages, sessions.", err=True)
    try:
        return click.prompt("Its name", err=True)
    except click.Abort:
        return None


def _refuse_faults(findings: list[Finding]) -> None:
    faults = [each.sentence() for each in findings if not each.ok]
    if faults:
        raise HostError("\n".join(faults))
