"""Run everything that must be green before a change lands: style, format, types, tests."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import click

from engines.refusals import Refusal
from engines.stack_file import ROOT
from terminal import browser, engine

CHECKS = (
    ("style", ("ruff", "check", ".")),
    ("format", ("ruff", "format", "--check", ".")),
    ("types", ("basedpyright",)),
)


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
    failed = [name for name, command in CHECKS if _check(name, command)]
    tests = _python("pytest")
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


def _check(name: str, command: Sequence[str]) -> int:
    started = time.monotonic()
    code = _python(*command)
    click.echo(f"{name}: {'clean' if code == 0 else 'not clean'} in {time.monotonic() - started:.1f} s", err=True)
    return code


def _python(module: str, *arguments: str) -> int:
    """Run a tool of the environment with no AWS variable in sight: nothing here may find an account by accident."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    sys.stdout.flush()
    return subprocess.run([sys.executable, "-m", module, *arguments], cwd=ROOT, env=clean, check=False).returncode
