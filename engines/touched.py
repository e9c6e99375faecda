"""Find the steps of a run that change in place what holds data, and say what its users notice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from engines.data_loss import DATABASE, HELD
from engines.graph import name_of

if TYPE_CHECKING:  # the SDK takes a sixth of a second to import, and `status` has no need of it
    from pulumi.automation.events import StepEventMetadata

CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
PARAMETERS = ("aws:elasticache/parameterGroup:ParameterGroup", "aws:rds/parameterGroup:ParameterGroup")
LABELS = {"tags", "tagsAll"}

State = Mapping[str, Any]
"""A resource's inputs."""


class Touch(msgspec.Struct, frozen=True, kw_only=True):
    """One resource that holds data, or says how one is run, and is changed where it stands."""

    name: str
    urn: str
    type: str
    properties: list[str]
    """What changes of it, without its tags."""
    effects: list[str]
    """What whoever uses it notices, as far as that is known."""

    def sentence(self) -> str:
        """What changes, and what it means."""
        held = f" ({HELD[self.type].partition(',')[0]})" if self.type in HELD else ""
        told = f": {'; '.join(self.effects)}" if self.effects else ""
        return f"{self.type.rpartition(':')[2]} {self.name}{held} changes {', '.join(self.properties)} in place{told}"


def touch_of(step: StepEventMetadata, kind: str) -> Touch | None:
    """What *step*, which counts as *kind*, does to data where it stands; None for what it leaves alone."""
    if kind != "update" or step.type not in {*HELD, *PARAMETERS} or step.old is None or step.new is None:
        return None
    old, new = step.old.inputs or {}, step.new.inputs or {}
    paths = step.detailed_diff or [name for name in {*old, *new} if old.get(name) != new.get(name)]
    properties = sorted({re.split(r"[.\[]", path)[0] for path in paths} - LABELS)
    if not properties:
        return None
    return Touch(
        name=name_of(step.urn),
        urn=step.urn,
        type=step.type,
        properties=properties,
        effects=list(_effects(step.type, properties, old, new)),
    )


def merged(touches: list[Touch]) -> list[Touch]:
    """One for each resource, by URN: several updates may change different things of it."""
    found: dict[str, Touch] = {}
    for each in touches:
        before = found.get(each.urn)
        found[each.urn] = each if before is None else msgspec.structs.replace(
            each,
            properties=sorted({*before.properties, *each.properties}),
            effects=list(dict.fromkeys([*before.effects, *each.effects])),
        )  # fmt: skip
    return [found[urn] for urn in sorted(found)]


def _effects(type_: str, properties: list[str], old: State, new: State) -> Iterator[str]:
    if type_ in PARAMETERS:
        yield _of_parameters(old, new)
    for name in properties:
        effect = EFFECTS.get((type_, name))
        if effect:
            yield effect(old, new)


def _of_class(old: State, _new: State) -> str:
    if old.get("multiAz"):
        return "it fails over to its standby: a minute or two without it"
    return "it restarts: minutes in which nobody reaches it, since it has no standby"


def _of_retention(old: State, new: State) -> str:
    restarts = bool(old.get("backupRetentionPeriod")) != bool(new.get("backupRetentionPeriod"))
    return "it restarts, since backups begin or end" if restarts else "it serves meanwhile"


def _of_shards(old: State, new: State) -> str:
    return f"keys move between shards, {_count(old)} to {_count(new)}: it serves meanwhile, more slowly"


def _count(state: State) -> str:
    return f"{state.get('numNodeGroups', 1):g}"


def _of_parameters(old: State, new: State) -> str:
    """A static parameter waits; AWS's own default for how one is applied is at once."""
    before = [dict(each) for each in old.get("parameters") or []]
    changed = [each for each in new.get("parameters") or [] if dict(each) not in before]
    waiting = sorted(each["name"] for each in changed if each.get("applyMethod") == "pending-reboot")
    return f"{', '.join(waiting)} wait for a restart" if waiting else "what runs takes it at once"


EFFECTS: Mapping[tuple[str, str], Callable[[State, State], str]] = {
    (DATABASE, "instanceClass"): _of_class,
    (DATABASE, "engineVersion"): lambda _old, _new: "it restarts with the new version",
    (DATABASE, "allocatedStorage"): lambda _old, _new: "it serves meanwhile, more slowly",
    (DATABASE, "storageType"): lambda _old, _new: "it may be gone for a moment, and serves more slowly meanwhile",
    (DATABASE, "multiAz"): lambda _old, _new: "it serves meanwhile, more slowly",
    (DATABASE, "backupRetentionPeriod"): _of_retention,
    (DATABASE, "parameterGroupName"): lambda _old, _new: "its static parameters wait for a restart",
    (CACHE, "nodeType"): lambda _old, _new: "node by node: connections break, and are taken up again",
    (CACHE, "numNodeGroups"): _of_shards,
    (CACHE, "engineVersion"): lambda _old, _new: "node by node: connections break, and are taken up again",
}
"""(type, property) -> what its change means.

Column "Downtime" of https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html, and
"Performance impact" of https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/scaling-redis-cluster-mode-enabled.html.
"""
