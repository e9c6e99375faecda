"""Complete what is typed: the script that a shell evaluates, and the words that fit in each place."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable
from pathlib import Path

import click
from click.shell_completion import get_completion_class

PROGRAM = "bigpicture"
VARIABLE = "_BIGPICTURE_COMPLETE"


def script(program: click.Command, shell: str, launcher: Path) -> str:
    """The shell's script; it asks *launcher* by its path, since in zsh and fish click would look for it on PATH."""
    found = get_completion_class(shell)
    if found is None:
        raise ValueError(f"click {click.__version__} completes no {shell}")
    path = shlex.quote(str(launcher))
    text = found(program, {}, PROGRAM, VARIABLE).source()
    return text.replace(f" {PROGRAM})", f" {path})").replace(f"(( ! $+commands[{PROGRAM}] ))", f"[[ ! -x {path} ]]")


def words(kind: str) -> Iterable[str]:
    """Every word that is allowed where a *kind* of thing is asked for."""
    return WORDS[kind]()


def _stacks() -> Iterable[str]:
    from engines.stack_file import stacks

    return stacks()


def _preset_words(name: str) -> Callable[[], Iterable[str]]:
    def allowed() -> Iterable[str]:
        from stacks import presets

        return getattr(presets, name)

    return allowed


def _knobs() -> Iterable[str]:
    from stacks.settings import preset_fields

    return preset_fields()


def _settings() -> Iterable[str]:
    from stacks.settings import own_fields, preset_fields

    return [f"{name}=" for name in (*own_fields(), *preset_fields())]


def _outputs() -> Iterable[str]:
    from engines import running
    from terminal.commands import read_outputs
    from terminal.tables import entries

    found = running.find()
    if found is None:
        return []
    outputs = read_outputs(found)
    return sorted({*outputs, *entries(outputs)})


def _servers() -> Iterable[str]:
    from engines import running
    from terminal.hosts import logged

    found = running.find()
    return logged(found) if found else []


def _machines() -> Iterable[str]:
    from engines import running
    from terminal.hosts import machines
    from terminal.status import report_of

    found = running.find()
    report = report_of(found) if found else None
    return machines(report) if report else []


WORDS: dict[str, Callable[[], Iterable[str]]] = {
    "stack": _stacks,
    "scaling": _preset_words("SCALINGS"),
    "size": _preset_words("SIZES"),
    "environment": _preset_words("ENVIRONMENTS"),
    "knob": _knobs,
    "setting": _settings,
    "output": _outputs,
    "server": _servers,
    "machine": _machines,
}
