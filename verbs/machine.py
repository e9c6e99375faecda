"""Parse the commands about this machine and this checkout: its health, engine, tests and shell."""

from __future__ import annotations

import sys

import click

from verbs.options import any_of, as_json, of_stack


@click.command()
@click.option(
    "--stack", help="Look at this stack's AWS account as well, and change nothing.", shell_complete=any_of("stack")
)
@as_json
def doctor(stack: str | None, json_: bool) -> None:
    """Say what is wrong with this machine, and how to mend it.

    It looks at this checkout too and, with --stack, at the stack's AWS account.

    \b
    Example:  ./bigpicture doctor
              ./bigpicture doctor --stack sandbox
    """
    from terminal import diagnosis

    diagnosis.doctor(stack, json_)


@click.group(invoke_without_command=True)
@click.pass_context
def engine(context: click.Context) -> None:
    """Say which Pulumi engine is used, or install one.

    \b
    Example:  ./bigpicture engine
              ./bigpicture engine install
    """
    if context.invoked_subcommand is None:
        from terminal import engine as answers

        answers.status()


@engine.command("install")
@click.option("--build", is_flag=True, help="Build it from Go modules, whether or not it can be downloaded.")
def engine_install(build: bool) -> None:
    """Get Pulumi's engine: downloaded where the network allows, else built from Go modules in a few minutes.

    \b
    Example:  ./bigpicture engine install
    """
    from terminal import engine as answers

    answers.install(build)


@engine.command("unlock")
@of_stack
def engine_unlock(stack: str) -> None:
    """Take away the lock that a killed run of Pulumi's engine left on a stack's state.

    \b
    Example:  ./bigpicture engine unlock
    """
    from terminal import deployment

    deployment.unlock(stack)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: tuple[str, ...]) -> None:
    """Check style and types and run every test.

    With ARGUMENTS, run pytest with just those.

    \b
    Example:  ./bigpicture test
              ./bigpicture test tests/components -k queue
    """
    from terminal import checks

    sys.exit(checks.run(arguments))


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print what completes commands with the Tab key.

    \b
    Example:  eval "$(./bigpicture completion bash)"
    """
    from engines.stack_file import ROOT
    from terminal import completion

    program = click.get_current_context().find_root().command
    click.echo(completion.script(program, shell, ROOT / "bigpicture"))


COMMANDS = (doctor, engine, test, completion)
