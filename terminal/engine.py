"""Say which Pulumi engine is used, and show how one is got while that takes its minutes."""

from __future__ import annotations

import time
from typing import Self

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from engines import binary


def status() -> None:
    """Name the CLI that is used; refused with the fix when there is none."""
    found = binary.require()
    click.echo(f"Pulumi {found.shown} at {found.path}")


def install(build: bool) -> None:
    """Get the CLI unless a good one is there."""
    found = binary.find()
    if found is None or not found.is_new_enough or build:
        from engines import installation

        with _Steps() as steps:
            found = installation.install(steps, build=build)
    click.echo(f"Pulumi {found.shown} at {found.path}", err=True)


class _Steps:
    """Show the steps of an installation: a bar on a terminal, one line for each finished step elsewhere."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self._progress = Progress(*columns, TimeElapsedColumn(), console=self._console, transient=True)
        self._task = self._progress.add_task("", total=None)
        self._step, self._began = "", time.monotonic()

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._console.is_terminal:
            self._progress.stop()
        self._finish()

    def __call__(self, step: str, done: int, total: int) -> None:
        """Take the news of a step."""
        if step != self._step:
            self._finish()
            self._step, self._began = step, time.monotonic()
            self._progress.reset(self._task, description=f"Pulumi's engine: {step}", total=total or None)
        self._progress.update(self._task, completed=done)

    def _finish(self) -> None:
        if self._step:
            self._console.print(f"Pulumi's engine: {self._step}, {time.monotonic() - self._began:.0f} s")
