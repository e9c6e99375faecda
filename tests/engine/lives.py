"""Take a stack through its whole life in an offline account, with Pulumi's own engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engines import state
from engines.backend import offline
from engines.empty_account import empty_account
from engines.graph import Graph, Resource
from engines.outcome import Outcome
from engines.pulumi import PulumiEngine
from engines.rehearsal import rehearse
from tests.engine.inventory import inventory


@dataclass(frozen=True, slots=True)
class Life:
    """What each step answered, and what stood in the account before the first and after the last."""

    before: set[str]
    preview: Outcome
    foreseen: dict[str, Resource]
    """What the preview said of each resource: URN -> the resource as it would be."""
    up: Outcome
    again: Outcome
    refresh: Outcome
    graph: Graph
    down: Outcome
    after: set[str]
    embedded: Graph
    """The same stack by the embedded engine."""


def lived(stack: str, giving_up: Mapping[str, str]) -> Life:
    """Deploy *stack* and destroy it; *giving_up* are the settings under which it lets itself be destroyed."""
    with empty_account(stack) as (running, account):
        before = inventory(account)
        engine = PulumiEngine(stack, offline(running, stack, {}))
        foreseen = engine.foresee()
        up, again, refresh = engine.up(), engine.up(), engine.refresh()
        graph = state.read_graph(running)
        if giving_up:
            PulumiEngine(stack, offline(running, stack, giving_up)).up()
        down = engine.down()
        after = inventory(account)
    deployment, throwaway = rehearse(stack)
    throwaway.close()
    preview, wanted = foreseen.outcome(), foreseen.wanted
    return Life(before, preview, wanted, up, again, refresh, graph, down, after, deployment.graph)
