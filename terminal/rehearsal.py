"""Rehearse a stack for a command that only asks what it would be, and show on stderr how far that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console

from terminal.progress import DeployProgress

if TYPE_CHECKING:
    from engines.embedded import Deployment


@contextmanager
def rehearsed(stack: str, overrides: Mapping[str, str]) -> Iterator[Deployment]:
    """What *stack* is in an account that is thrown away; inside of the block it can be read back from there."""
    from engines.rehearsal import rehearse

    with DeployProgress(Console(stderr=True)) as progress:
        deployment, account = rehearse(stack, overrides, progress)
    try:
        yield deployment
    finally:
        account.close()
