"""Estimate how long AWS takes over a change of one resource, and over a stack's first `up`."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from stacks.settings import Settings

Steps = list[tuple[str, int]]
"""What is waited for one after the other, and its minutes."""

DATABASE = "aws:rds/instance:Instance"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
FLEET = "aws:autoscaling/group:Group"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
CERTIFICATE = "aws:acm/certificateValidation:CertificateValidation"
ROLLOUT_MIN = 20
"""An instance refresh of the fleet: two halves, each with its boot and the pause of five minutes after it."""


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    with (Path(__file__).parent / "minutes.tsv").open(encoding="utf-8") as table:
        return {row["type"]: row for row in csv.DictReader(table, delimiter="\t")}


def minutes(type_: str, kind: str, inputs: Mapping[str, Any] | None = None) -> int:
    """About how long `up` waits for one change of a resource (create, update, delete); 0 for what takes seconds."""
    if type_ == DISTRIBUTION and (inputs or {}).get("waitForDeployment") is False:
        return 0
    row = _table().get(type_)
    return int(row["create" if kind == "replace" else kind]) if row and kind != "same" else 0


def critical_path(settings: Settings) -> Steps:
    """The longest of the chains that run side by side; minutes are whole and about."""
    p = settings.preset
    certificate = [("certificate", _created(CERTIFICATE))] if settings.domain else []
    replicas = [("replicas", _created(DATABASE))] if p.database_replicas else []
    servers = [("servers", _created(FLEET))]
    distribution = [("distribution", _created(DISTRIBUTION))] if p.wait_for_deployment else []
    chains: list[Steps] = [
        [("database", _created(DATABASE)), *replicas, *servers],
        [("cache", _created(CACHE)), *servers],
        [*certificate, ("balancer", _created(BALANCER)), *distribution],
    ]
    return max(chains, key=lambda steps: sum(minutes for _, minutes in steps))


def _created(type_: str) -> int:
    return minutes(type_, "create")
