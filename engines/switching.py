"""Foresee what an update of a deployed stack would do, and whether AWS would take it."""

from __future__ import annotations

from msgspec import structs

from engines import changes
from engines.graph import Graph
from engines.outcome import Outcome
from engines.pulumi import PulumiEngine
from engines.stack_file import PROJECT_NAMESPACE


def foresee(engine: PulumiEngine) -> Outcome:
    """What `up` would change; ChangeError where AWS would not take it."""
    steps = engine.foresee()
    wanted = Graph(project=PROJECT_NAMESPACE, stack="", resources=list(steps.wanted.values()))
    advised = changes.demand(engine.deployed(), wanted)
    return structs.replace(steps.outcome(), advice=[str(each) for each in advised])


def needs_a_look(engine: PulumiEngine) -> bool:
    """Whether anything stands that an update could harm, or that AWS would not change in any way it is asked to."""
    return any(each.type in changes.WATCHED for each in engine.deployed().resources)
