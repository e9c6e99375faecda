"""Parse the commands that deploy a stack, change it, and end it."""

from __future__ import annotations

import click

from verbs.options import allowing_data_loss, any_of, as_json, of_stack, refuse_names, runs_the_program, with_engine


@click.command()
@runs_the_program()
@with_engine
@allowing_data_loss
@click.option("--port", type=click.IntRange(1, 65535), help="Port of the account on 127.0.0.1; another if it is taken.")
@click.option("--yes", is_flag=True, help="Deploy to AWS without asking.")
@click.option(
    "--serve/--no-serve", "servers", default=True, help="Run servers behind the offline account, or its API alone."
)
@as_json
def up(  # noqa: PLR0913, PLR0917  one for each option, as click passes them
    stack: str,
    overrides: dict[str, str],
    engine: str | None,
    allowed: tuple[str, ...],
    port: int | None,
    yes: bool,
    servers: bool,
    json_: bool,
) -> None:
    """Deploy the stack; offline its account and servers then run.

    They run in the background until `down`. Each `up` begins with an empty account, and ends the one before with all
    that customers put into it; what `up --engine pulumi` made, `up` changes in place.

    \b
    Example:  ./bigpicture up
              ./bigpicture up --scaling vertical --set table_shards=2
              ./bigpicture up --engine pulumi
    """
    from terminal import commands, deployment

    if deployment.engine_of(stack, engine) == "pulumi":
        deployment.up(stack, overrides, allowed, deployment.Offline(port, servers), yes, json_)
    else:
        refuse_names(allowed)
        commands.up(stack, overrides, port, servers, json_)


@click.command()
@runs_the_program()
@with_engine
@allowing_data_loss
@as_json
def preview(stack: str, overrides: dict[str, str], engine: str | None, allowed: tuple[str, ...], json_: bool) -> None:
    """Show what `up` would do, and what it costs by standing.

    Where nothing stands, by making it in an account that is thrown away.

    \b
    Example:  ./bigpicture preview --stack production
              ./bigpicture preview --engine pulumi --scaling vertical
    """
    from terminal import commands, deployment

    if engine == "pulumi" or (engine is None and deployment.is_deployed(stack)):
        deployment.preview(stack, overrides, allowed, json_)
    else:
        refuse_names(allowed)
        commands.preview(stack, overrides, json_)


@click.command()
@of_stack
@click.option("--now", is_flag=True, help="End the offline account at once, nothing destroyed first.")
@click.option("--yes-destroy", metavar="NAME", help="Name of the stack on AWS that is to be destroyed.")
@as_json
def down(stack: str, now: bool, yes_destroy: str | None, json_: bool) -> None:
    """End what runs offline, or destroy a stack on AWS.

    What Pulumi's engine deployed is destroyed by it first.

    \b
    Example:  ./bigpicture down
              ./bigpicture down --stack sandbox --yes-destroy sandbox
    """
    from terminal import commands

    commands.down(stack, now, yes_destroy, json_)


@click.command()
@of_stack
@as_json
def refresh(stack: str, json_: bool) -> None:
    """Look what was changed or deleted by hand.

    Of a stack that Pulumi's engine deployed: no other keeps a state.

    \b
    Example:  ./bigpicture refresh
    """
    from terminal import deployment

    deployment.refresh(stack, json_)


@click.command("empty-shards")
@of_stack
@as_json
def empty_shards(stack: str, json_: bool) -> None:
    """Move every customer out of the table shards that drain.

    The next `up` then takes these shards away.

    \b
    Example:  ./bigpicture empty-shards
    """
    from terminal import emptying

    emptying.empty(stack, json_)


@click.command()
@click.option("--stack", help="Only what belongs to this stack.", shell_complete=any_of("stack"))
@as_json
def leftovers(stack: str | None, json_: bool) -> None:
    """List what is left of the project in an AWS account.

    That is what carries its tags. Exit code 1 when something does.

    \b
    Example:  ./bigpicture leftovers --stack sandbox
    """
    from terminal import account

    account.leftovers(stack, json_)


@click.command()
@click.option("--this-machine", is_flag=True, help="For this machine's processor and Python, not for the servers.")
@as_json
def build(this_machine: bool, json_: bool) -> None:
    """Make the file that every server runs.

    It holds the app and all its libraries, and is the same from the same input.

    \b
    Example:  ./bigpicture build
              ./bigpicture up --stack sandbox --set artifact=PATH
    """
    from terminal import build as answer

    answer.build(this_machine, json_)


COMMANDS = (up, preview, down, refresh, empty_shards, leftovers, build)
