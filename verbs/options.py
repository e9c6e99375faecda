"""Declare the options that several commands share, and read what they say."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import click


class Refused(click.ClickException):
    """What was asked for cannot be done; the message says what, got, allowed, fix. Exit code 1."""


def any_of(kind: str) -> Callable[[click.Context, click.Parameter, str], list[str]]:
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


_WORDS = {
    "scaling": "vertical or horizontal",
    "size": "small, medium or large",
    "environment": "sandbox or production",
}
"""The settings that choose a preset, and what each may be."""


def _word(name: str, allowed: str) -> Callable[[Any], Any]:
    return click.option(f"--{name}", metavar="WORD", shell_complete=any_of(name), help=f"{allowed}, for this run.")


def runs_the_program(stack: str = "offline") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the options of every command that runs the program: which stack, and settings for this one run."""
    help_ = "Any setting of docs/settings.md, or aws:region, for this run."
    options = [
        click.option("--stack", default=stack, show_default=True, help="Stack to run.", shell_complete=any_of("stack")),
        *(_word(name, allowed) for name, allowed in _WORDS.items()),
        click.option(
            "--set", "settings", multiple=True, metavar="KEY=VALUE", shell_complete=any_of("setting"), help=help_
        ),
        click.option("--save", is_flag=True, help="Write these settings into the stack file as well."),
    ]

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        return functools.reduce(lambda decorated, option: option(decorated), reversed(options), _reading(command))

    return decorate


def _reading(command: Callable[..., Any]) -> Callable[..., Any]:
    """*command* with its settings read into `overrides`, which are saved where that was asked for and all went well."""

    @functools.wraps(command)
    def run(settings: tuple[str, ...], save: bool, **rest: Any) -> None:
        words = {name: rest.pop(name) for name in _WORDS}
        overrides = _overrides(settings, words)
        command(overrides=overrides, **rest)
        if save and overrides:
            _save(rest["stack"], overrides)

    return run


def _save(stack: str, overrides: dict[str, str]) -> None:
    from engines.stack_file import save

    save(stack, overrides)
    click.echo(f"saved in stacks/Pulumi.{stack}.yaml: {', '.join(sorted(overrides))}", err=True)


def refuse_names(allowed: tuple[str, ...]) -> None:
    """Refuse the names of losses where no state says what stands."""
    if allowed:
        raise Refused(
            f"--allow-data-loss is {', '.join(allowed)!r}, without Pulumi's engine; allowed: with it, since only it"
            " changes in place. Fix: --engine pulumi, or leave --allow-data-loss out"
        )


as_json = click.option("--json", "json_", is_flag=True, help="Answer as JSON.")
of_stack = click.option(
    "--stack", default="offline", show_default=True, help="Stack that stands.", shell_complete=any_of("stack")
)
with_engine = click.option(
    "--engine",
    type=click.Choice(["embedded", "pulumi"]),
    help="embedded: from nothing each time; pulumi: Pulumi's own, with state. Else the one that made what runs.",
)
allowing_data_loss = click.option(
    "--allow-data-loss",
    "allowed",
    multiple=True,
    metavar="NAME",
    help="Let this resource be replaced or deleted with the data in it; once for each.",
)


def of_store(command: Any) -> Any:
    """The options of a command that sends people to a store."""
    help_ = "Of the customers that are made; with --url, else asked for."
    password = click.option("--password", envvar="BIGPICTURE_PASSWORD", show_envvar=True, help=help_)
    where = click.option("--url", help="Where the store answers; else the one that runs on this machine.")
    return where(password(command))
