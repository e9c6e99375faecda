"""The command line: each command parses, makes one call, prints, exits; stdout is the answer, stderr the story."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).resolve().parent


class Refused(click.ClickException):
    """What was asked for cannot be done; the message says what, got, allowed, fix. Exit code 1."""


class Guarded(click.Group):
    """Turn every refusal of the rooms below into one clear message; a traceback is always a defect of ours."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; refusals and full disks end in one message and exit code 1."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            raise click.Abort from None
        except Exception as error:
            from terminal.refusals import sentence

            said = sentence(error)
            if said is None:
                raise
            raise Refused(said) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List every command with the whole of its first sentence; click cuts it at the edge of the terminal."""
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, self.commands[name].get_short_help_str(200)) for name in self.list_commands(ctx)]
            )


def _any(kind: str) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Complete what is typed to any word of its kind."""

    def complete(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
        from terminal import completion

        return [word for word in completion.words(kind) if word.startswith(incomplete)]

    return complete


def _overrides(settings: tuple[str, ...], words: dict[str, str | None]) -> dict[str, str]:
    """The settings of this one run: the three words, then every --set KEY=VALUE, the last one wins."""
    overrides = {name: word for name, word in words.items() if word}
    for text in settings:
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise Refused(f"--set is {text!r}; allowed: KEY=VALUE. Fix: --set table_shards=4")
        overrides[key] = value
    return overrides


def runs_the_program(stack: str = "offline") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the options of every command that runs the program: which stack, and settings for this one run."""
    options = [
        click.option("--stack", default=stack, show_default=True, help="Stack to run.", shell_complete=_any("stack")),
        click.option(
            "--scaling", metavar="WORD", shell_complete=_any("scaling"), help="vertical or horizontal, for this run."
        ),
        click.option(
            "--size", metavar="WORD", shell_complete=_any("size"), help="small, medium or large, for this run."
        ),
        click.option(
            "--environment",
            metavar="WORD",
            shell_complete=_any("environment"),
            help="sandbox or production, for this run.",
        ),
        click.option(
            "--set",
            "settings",
            multiple=True,
            metavar="KEY=VALUE",
            shell_complete=_any("setting"),
            help="Any setting of docs/settings.md, or aws:region, for this run.",
        ),
        click.option("--save", is_flag=True, help="Write these settings into the stack file as well."),
    ]

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(command)
        def run(settings: tuple[str, ...], save: bool, **rest: Any) -> None:
            words = {name: rest.pop(name) for name in ("scaling", "size", "environment")}
            overrides = _overrides(settings, words)
            command(overrides=overrides, **rest)
            if save and overrides:
                _save(rest["stack"], overrides)

        return functools.reduce(lambda decorated, option: option(decorated), reversed(options), run)

    return decorate


def _save(stack: str, overrides: dict[str, str]) -> None:
    from engines.stack_file import save

    save(stack, overrides)
    click.echo(f"saved in stacks/Pulumi.{stack}.yaml: {', '.join(sorted(overrides))}", err=True)


def _refuse_names(allowed: tuple[str, ...]) -> None:
    """Refuse the names of losses where no state says what stands."""
    if allowed:
        raise Refused(
            f"--allow-data-loss is {', '.join(allowed)!r}, without Pulumi's engine; allowed: with it, since only it"
            " changes in place. Fix: --engine pulumi, or leave --allow-data-loss out"
        )


as_json = click.option("--json", "json_", is_flag=True, help="Answer as JSON.")
of_stack = click.option(
    "--stack", default="offline", show_default=True, help="Stack that stands.", shell_complete=_any("stack")
)
with_engine = click.option(
    "--engine",
    type=click.Choice(["embedded", "pulumi"]),
    help="embedded: from nothing each time; pulumi: Pulumi's own, with state. Else the one that made what runs.",
)


def of_store(command: Any) -> Any:
    """The options of a command that sends people to a store."""
    password = click.option(
        "--password", envvar="BIGPICTURE_PASSWORD", help="Of the customers that are made; asked for with --url."
    )
    return click.option("--url", help="Where the store answers; else the one that runs on this machine.")(
        password(command)
    )


allowing_data_loss = click.option(
    "--allow-data-loss",
    "allowed",
    multiple=True,
    metavar="NAME",
    help="Let this resource be replaced or deleted with the data in it; once for each.",
)


@click.group(cls=Guarded, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option("0.1.0", prog_name="bigpicture")
def main() -> None:
    """Deploy a complete distributed system, an e-commerce store, and prove it offline first.

    \b
    Example:  ./bigpicture up            the whole system in an offline account
              ./bigpicture test          every test
    """


@main.command()
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
    """Deploy the stack; offline, keep its account and the servers behind it running in the background.

    \b
    Example:  ./bigpicture up
              ./bigpicture up --scaling vertical --set table_shards=2
              ./bigpicture up --engine pulumi
    """
    from terminal import commands, deployment

    if deployment.engine_of(stack, engine) == "pulumi":
        deployment.up(stack, overrides, allowed, deployment.Offline(port, servers), yes, json_)
    else:
        _refuse_names(allowed)
        commands.up(stack, overrides, port, servers, json_)


@main.command()
@runs_the_program()
@with_engine
@allowing_data_loss
@as_json
def preview(stack: str, overrides: dict[str, str], engine: str | None, allowed: tuple[str, ...], json_: bool) -> None:
    """Show what `up` would do. Where nothing stands: by making it in an account that is thrown away.

    \b
    Example:  ./bigpicture preview --stack production
              ./bigpicture preview --engine pulumi --scaling vertical
    """
    from terminal import commands, deployment

    if engine == "pulumi" or (engine is None and deployment.is_deployed(stack)):
        deployment.preview(stack, overrides, allowed, json_)
    else:
        _refuse_names(allowed)
        commands.preview(stack, overrides, json_)


@main.command()
@click.option("--this-machine", is_flag=True, help="For this machine's processor and Python, not for the servers.")
@as_json
def build(this_machine: bool, json_: bool) -> None:
    """Make the file that every server runs: the app and all its libraries; the same file from the same input.

    \b
    Example:  ./bigpicture build
              ./bigpicture up --stack sandbox --set artifact=PATH
    """
    from terminal import build as answer

    answer.build(this_machine, json_)


@main.command()
@of_stack
@as_json
def refresh(stack: str, json_: bool) -> None:
    """Look what became of a stack that Pulumi's engine deployed: what was changed or deleted by hand.

    \b
    Example:  ./bigpicture refresh
    """
    from terminal import deployment

    deployment.refresh(stack, json_)


@main.command("empty-shards")
@of_stack
@as_json
def empty_shards(stack: str, json_: bool) -> None:
    """Move every customer out of the table shards that drain, so that the next `up` takes these away.

    \b
    Example:  ./bigpicture empty-shards
    """
    from terminal import emptying

    emptying.empty(stack, json_)


@main.command()
@of_stack
@click.option("--now", is_flag=True, help="End the offline account at once, nothing destroyed first.")
@click.option("--yes-destroy", metavar="NAME", help="Name of the stack on AWS that is to be destroyed.")
@as_json
def down(stack: str, now: bool, yes_destroy: str | None, json_: bool) -> None:
    """End the offline account and everything in it; what Pulumi's engine deployed is destroyed by it first.

    \b
    Example:  ./bigpicture down
              ./bigpicture down --stack sandbox --yes-destroy sandbox
    """
    from terminal import commands

    commands.down(stack, now, yes_destroy, json_)


@main.command()
@click.option("--stack", help="Only what belongs to this stack.", shell_complete=_any("stack"))
@as_json
def leftovers(stack: str | None, json_: bool) -> None:
    """List what in the AWS account still carries the project's tags. Exit code 1 when something does.

    \b
    Example:  ./bigpicture leftovers --stack sandbox
    """
    from terminal import account

    account.leftovers(stack, json_)


@main.command()
@click.option("--live", is_flag=True, help="Show what runs anew each second, until Ctrl-C.")
@as_json
def status(live: bool, json_: bool) -> None:
    """Say what is running, where, what it is made of, and how each server behind it is.

    \b
    Example:  ./bigpicture status --live
    """
    from terminal import hosts

    hosts.status(json_, live)


@main.command("open")
def open_() -> None:
    """Print the address of the store that runs offline, and open it in a browser.

    \b
    Example:  ./bigpicture open
    """
    from terminal import hosts

    hosts.open_store()


@main.command()
@click.argument("name", shell_complete=_any("server"))
@click.option("-f", "--follow", is_flag=True, help="Go on with what it writes, until Ctrl-C.")
def logs(name: str, follow: bool) -> None:
    """Print the log of a server, or of a whole fleet; their names are those of `status`.

    \b
    Example:  ./bigpicture logs app-orders -f
    """
    from terminal import hosts

    hosts.logs(name, follow=follow)


@main.command()
@click.argument("host", shell_complete=_any("host"))
def stop(host: str) -> None:
    """Lose the machine of HOST, as a fault by hand: its group replaces it.

    \b
    Example:  ./bigpicture stop i-0f3a5c7e9b1d2f4a6
    """
    from terminal import hosts

    hosts.stop(host)


@main.command()
@as_json
def serve(json_: bool) -> None:
    """Run servers behind the offline account, from its databases to its edge, until `down`.

    \b
    Example:  ./bigpicture up --no-serve && ./bigpicture serve
    """
    from terminal import commands

    commands.serve(json_)


@main.command()
@click.argument("name", required=False, shell_complete=_any("output"))
@as_json
def outputs(name: str | None, json_: bool) -> None:
    """Print the stack's exports, or the one called NAME.

    \b
    Example:  ./bigpicture outputs url
    """
    from terminal import commands

    commands.outputs(name, json_)


@main.command()
@runs_the_program()
@as_json
def resources(stack: str, overrides: dict[str, str], json_: bool) -> None:
    """List every resource, grouped by component; of a stack that is not running, by a run against a throw-away account.

    \b
    Example:  ./bigpicture resources
              ./bigpicture resources --json --stack production
    """
    from terminal import commands

    commands.resources(stack, overrides, json_)


@main.command()
@click.argument("name", required=False, shell_complete=_any("knob"))
@as_json
def presets(name: str | None, json_: bool) -> None:
    """Show what every scaling, size and environment means in numbers, or only the knob called NAME.

    \b
    Example:  ./bigpicture presets app_servers
    """
    from terminal import presets

    presets.presets(name, json_)


@main.command()
@of_stack
@click.option("--start", is_flag=True, help="Start an empty account for Pulumi's engine when none is running.")
@as_json
def env(stack: str, start: bool, json_: bool) -> None:
    """Print what an AWS client, or Pulumi itself, needs to work on the offline account, for your shell.

    For a stack on AWS: what Pulumi needs to find the state that ./bigpicture works with.

    \b
    Example:  eval "$(./bigpicture env)" && aws s3 ls
              eval "$(./bigpicture env --start)" && pulumi up -s offline
              eval "$(./bigpicture env --stack sandbox)" && pulumi stack -s sandbox
    """
    from terminal import account, commands

    if stack == "offline":
        commands.env(start, json_)
    else:
        account.env(stack, json_)


@main.command()
@click.option(
    "--stack", help="Look at this stack's AWS account as well, and change nothing.", shell_complete=_any("stack")
)
@as_json
def doctor(stack: str | None, json_: bool) -> None:
    """Check this machine, this checkout and, for a stack, its AWS account, and say how to mend what is wrong.

    \b
    Example:  ./bigpicture doctor
              ./bigpicture doctor --stack sandbox
    """
    from terminal import diagnosis

    diagnosis.doctor(stack, json_)


@main.group(invoke_without_command=True)
@click.pass_context
def engine(context: click.Context) -> None:
    """Say which Pulumi engine is used; `install` gets one where none is.

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


@main.command()
@runs_the_program("production")
@click.option("--markdown", is_flag=True, help="Answer as the text of docs/coverage.md.")
@as_json
def coverage(stack: str, overrides: dict[str, str], markdown: bool, json_: bool) -> None:
    """Say of every property that a stack uses whether the offline account emulates it or only records it.

    \b
    Example:  ./bigpicture coverage
    """
    from terminal import commands

    commands.coverage(stack, overrides, markdown, json_)


@main.command()
@runs_the_program()
@click.option("--all", "all_", is_flag=True, help="Check every stack that has a file, and that no exception is unused.")
@click.option("--program", type=click.Path(path_type=Path), help="Check any Pulumi program of Python instead.")
@click.option("--properties", is_flag=True, help="Say of every property what looks at it, instead of checking.")
@click.option("--sarif", "form", flag_value="sarif", default="text", help="Answer as SARIF 2.1.0.")
@click.option("--json", "form", flag_value="json", help="Answer as JSON.")
def check(stack: str, overrides: dict[str, str], all_: bool, program: Path | None, properties: bool, form: str) -> None:
    """Say what AWS would refuse, drop or leave insecure, before it is deployed. Exit code 1 when a rule forbids it.

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


@main.command("rules")
@click.argument("id_", metavar="[ID]", required=False)
@as_json
def rules_(id_: str | None, json_: bool) -> None:
    """List what `check` looks for, or explain the rule called ID.

    \b
    Example:  ./bigpicture rules queue-name
    """
    from terminal import rules

    rules.rules(id_, json_)


@main.command()
@click.option("--items", default=200, show_default=True, type=click.IntRange(1, 10_000), help="How many are listed.")
@click.option("--variant", default=0, show_default=True, help="Another number, other items.")
@of_store
@as_json
def seed(items: int, variant: int, url: str | None, password: str | None, json_: bool) -> None:
    """Fill the store that runs with a believable catalogue; what is listed already stays as it is.

    \b
    Example:  ./bigpicture seed
              ./bigpicture seed --items 1000
    """
    from terminal import traffic

    traffic.seed(url, items, variant, password, json_)


@main.command()
@click.option("--rps", default=20.0, show_default=True, type=click.FloatRange(0.1, 10_000), help="Requests a second.")
@click.option("--minutes", default=1.0, show_default=True, type=click.FloatRange(0.01, 1_440), help="How long.")
@of_store
@as_json
def load(rps: float, minutes: float, url: str | None, password: str | None, json_: bool) -> None:
    """Let customers shop in the store that runs, and report how long it took and what went wrong.

    \b
    Example:  ./bigpicture seed && ./bigpicture load --rps 50 --minutes 2

    Exit code 1 when a request ended with 500 or more, or with no answer.
    """
    from terminal import traffic

    traffic.load(url, rps, minutes, password, json_)


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: tuple[str, ...]) -> None:
    """Check style and types and run every test; with ARGUMENTS, run pytest with just those.

    \b
    Example:  ./bigpicture test
              ./bigpicture test tests/components -k queue
    """
    from terminal import checks

    sys.exit(checks.run(arguments))


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of SHELL.

    \b
    Example:  eval "$(./bigpicture completion bash)"
    """
    from terminal import completion

    click.echo(completion.script(main, shell, ROOT / "bigpicture"))


if __name__ == "__main__":
    main(prog_name="bigpicture")
