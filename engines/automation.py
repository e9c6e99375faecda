"""Open a stack of Pulumi's Automation API that starts the CLI once for each verb."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pulumi.automation import LocalWorkspace, OutputMap, Stack, UpdateSummary
from pulumi.automation._stack import StackInitMode

UNASKED = UpdateSummary("", dt.datetime.fromtimestamp(0, dt.UTC), "", {}, {}, "")
"""In the place of the last line of the history, which nobody here reads."""


class QuietStack(Stack):
    """A stack that asks nothing after a verb: what was done the engine's events have told, outputs with it.

    The SDK starts the CLI three more times after each `up`, twice for the outputs and once for the history, and once
    after every other verb, which takes 0.1 to 0.2 s each.
    """

    def outputs(self) -> OutputMap:
        """Nothing; the state knows them."""
        return {}

    def info(self, show_secrets: bool = True) -> UpdateSummary | None:  # noqa: ARG002  the SDK's own
        """A line that says nothing."""
        return UNASKED


def open_stack(name: str, workspace: LocalWorkspace, *, known: bool) -> Stack:
    """Open *name*; where it is not, make it, or with *known* raise StackNotFoundError."""
    mode: Any = StackInitMode.SELECT if known else StackInitMode.CREATE_OR_SELECT
    return QuietStack(name, workspace, mode)
