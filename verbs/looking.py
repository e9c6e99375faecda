"""Parse the commands that read: what a stack is made of, what it means in numbers, what AWS would refuse."""

from __future__ import annotations

from pathlib import Path

import click

from verbs.options import any_of, as_json, runs_the_program


@click.command()
@runs_the_program()
@as_json
def resources(stack: str, overrides: dict[str, str], json_: bool) -> None:
    """List every resource by its component.

    Of a stack that is not running, by a run against an account that is thrown away.

    \b
    Example:  ./bigpicture resources
              ./bigpicture resources --json --stack production
    """
    from terminal import commands

    commands.resources(stack, overrides, json_)


@click.command()
@click.argument("name", required=False, shell_complete=any_of("knob"))
@as_json
def presets(name: str | None, json_: bool) -> None:
    """Show what scaling, size and environment mean in numbers.

    With NAME, of that one setting.

    \b
    Example:  ./bigpicture presets app_servers
    """
    from terminal import presets

    presets.presets(name, json_)


@click.command()
@runs_the_program()
@click.option("--all", "all_", is_flag=True, help="Check every stack that has a file, and that no exception is unused.")
@click.option("--program", type=click.Path(path_type=Path), help="Check any Pulumi program of Python instead.")
@click.option("--properties", is_flag=True, help="Say of every property what looks at it, instead of checking.")
@click.option("--sarif", "form", flag_value="sarif", default="text", help="Answer as SARIF 2.1.0.")
@click.option("--json", "form", flag_value="json", help="Answer as JSON.")
def check(stack: str, overrides: dict[str, str], all_: bool, program: Path | None, properties: bool, form: str) -> None:
    """Say what AWS would refuse, drop or leave insecure.

    Exit code 1 when a rule forbids it.

    \b
    Example:  ./bigpicture check --stack production
              ./bigpicture check --program ../another-pulumi-project

    Findings that are accepted for a while stand in policies/exceptions.toml; those of another program in its folder's
    own exceptions.toml.
    """
    from engines.stack_file import stacks
    from terminal import rules

    if properties:
        rules.properties(stack, overrides, json_=form == "json")
    elif program:
        rules.check_program(program, stack, overrides, form)
    else:
        rules.check(stacks() if all_ else [stack], overrides, form, all_seen=all_)


@click.command("rules")
@click.argument("id_", metavar="[ID]", required=False)
@as_json
def rules_(id_: str | None, json_: bool) -> None:
    """List what `check` looks for, or explain the rule called ID.

    \b
    Example:  ./bigpicture rules queue-name
    """
    from terminal import rules

    rules.rules(id_, json_)


@click.command()
@runs_the_program("production")
@click.option("--markdown", is_flag=True, help="Answer as the text of docs/coverage.md.")
@as_json
def coverage(stack: str, overrides: dict[str, str], markdown: bool, json_: bool) -> None:
    """Say what of AWS the offline account emulates.

    Of every property that a stack uses: whether it is emulated or only recorded.

    \b
    Example:  ./bigpicture coverage
    """
    from terminal import commands

    commands.coverage(stack, overrides, markdown, json_)


COMMANDS = (resources, presets, check, rules_, coverage)
