"""Deploy each combination of the presets once, and keep what it recorded and what the rules say of it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

from engines.checking import findings_of, told
from engines.graph import Graph
from engines.rehearsal import rehearse
from policies.checker import mandatory
from policies.rule import Severity
from stacks.presets import ENVIRONMENTS, SCALINGS, SIZES, app_fleets, preset, worker_fleets

COMBINATIONS = list(itertools.product(SCALINGS, SIZES, ENVIRONMENTS))
WITHOUT_DOMAIN = {"aws:region": "us-east-1"}
"""One certificate would have served both the edge and the balancer here."""
WITH_DOMAIN = {"aws:region": "eu-west-1", "domain": "shop.bigpicture.dev", "hosted_zone": "make"}
"""Two certificates are needed here: the edge's stands in us-east-1."""


@dataclass(frozen=True, slots=True)
class Combination:
    """What one combination of scaling, size and environment made."""

    graph: Graph
    broken: list[str]
    """Mandatory rules that it breaks, as a person is told."""
    advised: list[str]
    """The rule of every other finding, sorted."""


def deployments(place: dict[str, str]) -> Callable[[str, str, str], Combination]:
    """A function that deploys a combination at *place* on the first call and remembers it."""
    made: dict[tuple[str, str, str], Combination] = {}

    def combination(scaling: str, size: str, environment: str) -> Combination:
        key = (scaling, size, environment)
        if key not in made:
            words = {"scaling": scaling, "size": size, "environment": environment}
            deployment, account = rehearse("offline", {**words, **place})
            account.close()
            found = findings_of(deployment)
            advised = sorted(each.rule.id for each in found if each.rule.severity is Severity.ADVISORY)
            made[key] = Combination(deployment.graph, [told(each) for each in mandatory(found)], advised)
        return made[key]

    return combination


def counts(graph: Graph) -> tuple[int, int, int]:
    """Table shards, database instances and fleets."""
    types = ("aws:dynamodb/table:Table", "aws:rds/instance:Instance", "aws:autoscaling/group:Group")
    shards, instances, fleets = (len(graph.of_type(each)) for each in types)
    return shards, instances, fleets


def counts_of_preset(scaling: str, size: str, environment: str) -> tuple[int, int, int]:
    """The same three, as the preset says."""
    p = preset(scaling, size, environment)
    return p.table_shards, 1 + p.database_replicas, len(app_fleets(scaling)) + len(worker_fleets(scaling))
