"""Run everything that must be green before a change lands: style, format, types, tests."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import click

from engines.refusals import Refusal
from engines.stack_file import ROOT
from terminal import browser, engine

CHECKS = (
    ("style", ("ruff", "check", ".")),
    ("format", ("ruff", "format", "--check", ".")),
)
TYPES = "basedpyright"
"""A minute of one core, so it goes on beside the tests."""

QUIET = ("-W", "ignore:aws.s3/:DeprecationWarning", "-W", "ignore:s3.:DeprecationWarning")
"""pulumi_aws.s3 warns of 11 of its own old names while it is imported; in the project pyproject.toml says the same."""


def run(arguments: Sequence[str]) -> int:
    """Run the checks and then the tests, or with *arguments* only pytest; the exit code is 0 when all is green.

    The tests want Pulumi's engine and a browser; what is not there is got first.
    """
    if arguments:
        placed = list(_from_here(arguments))
        return _python("pytest", *(QUIET if any(map(_is_elsewhere, placed)) else ()), *placed)
    _get("Pulumi's engine", partial(engine.install, build=False))
    _get("a browser", browser.get)
    with _beside(TYPES) as types:
        failed = [name for name, command in CHECKS if _check(name, partial(_python, *command))]
        tests = _python("pytest")
        failed += ["types"] if _check("types", types) else []
    if failed:
        click.echo(f"not clean: {', '.join(failed)} (see above)", err=True)
    return tests or bool(failed)


def _from_here(arguments: Sequence[str]) -> Iterator[str]:
    """The paths among *arguments* in full, as the caller's folder has them: pytest runs in the project's."""
    here = Path.cwd()
    for before, argument in zip(("", *arguments), arguments, strict=False):  # `-k queue` is no path
        path, colons, name = argument.partition("::")
        yield f"{here / path}{colons}{name}" if (here / path).exists() and not before.startswith("-") else argument


def _is_elsewhere(argument: str) -> bool:
    path = Path(argument.partition("::")[0])
    return path.is_absolute() and path.exists() and not path.resolve().is_relative_to(ROOT)


def _get(what: str, get: Callable[[], object]) -> None:
    """Get it, or say why not and go on: the tests that want it fail, all others count."""
    try:
        get()
    except Refusal as refusal:
        click.echo(f"without {what} its tests fail: {refusal}", err=True)


def _check(name: str, run: Callable[[], int]) -> int:
    code = run()
    click.echo(f"{name}: {'clean' if code == 0 else 'not clean'}", err=True)
    return code


def _python(module: str, *arguments: str) -> int:
    sys.stdout.flush()
    return subprocess.run([sys.executable, "-m", module, *arguments], cwd=ROOT, env=_clean(), check=False).returncode


@contextmanager
def _beside(module: str) -> Iterator[Callable[[], int]]:
    """Run a tool meanwhile; what is handed out waits for its end, prints what it said, and answers with its code."""
    command = [sys.executable, "-m", module]
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as said,
        subprocess.Popen(command, cwd=ROOT, env=_clean(), stdout=said, stderr=subprocess.STDOUT) as process,
    ):

        def end() -> int:
            code = process.wait()
            said.seek(0)
            click.echo(said.read(), nl=False, err=True)
            return code

        yield end


def _clean() -> dict[str, str]:
    """The environment with no AWS variable in sight: nothing that runs here may find an account by accident."""
    return {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
