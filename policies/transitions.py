"""Rules about a change: the deployed graph beside the one that is to replace it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from policies.resource import Resource
from policies.rule import Severity, change_rule
from policies.values import Fault, UnknownValueError

CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
DATABASE = "aws:rds/instance:Instance"
LISTENER = "aws:lb/listener:Listener"
PARAMETERS = "aws:rds/parameterGroup:ParameterGroup"
TABLE = "aws:dynamodb/table:Table"
PROTECTING = {"deletionProtection", "deletionProtectionEnabled"}
"""AWS's own protection, which comes and goes with Pulumi's."""
INDEXES = "globalSecondaryIndexes"
RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
CACHE_GUIDE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/"
TABLES = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"


@change_rule(
    DATABASE, source=f"{RDS}USER_PIOPS.StorageTypes.html", fix="keep the size, or move the data to a new instance"
)
def database_storage_never_shrinks(old: Resource, new: Resource) -> Iterator[Fault]:
    """RDS makes storage larger, never smaller; where it grows by itself the provider leaves what has grown alone."""
    before, after = old.number("allocatedStorage"), new.number("allocatedStorage")
    if before and after and after < before and after >= (new.number("maxAllocatedStorage") or 0):
        fix = f"--set database_storage_gb={before:g} keeps the size; or move the data to a new instance"
        yield new.fault("allocatedStorage", f"{before} or more", fix=fix)


@change_rule(
    DATABASE,
    source="https://repost.aws/knowledge-center/rds-autoscaling-low-free-storage",
    fix="choose at once the size that is wanted in the end",
    severity=Severity.ADVISORY,
)
def database_storage_grows_once_in_six_hours(old: Resource, new: Resource) -> Iterator[Fault]:
    """RDS refuses a further change of the storage for six hours, or until it has optimised it if that takes longer."""
    before, after = old.number("allocatedStorage"), new.number("allocatedStorage")
    if before and after and after > before:
        yield new.fault("allocatedStorage", f"{before}, or no further change for six hours")


@change_rule(DATABASE, source=f"{RDS}USER_ReadRepl.Promote.html", fix="delete the replica, and keep the others' names")
def database_replica_stays_one(old: Resource, new: Resource) -> Iterator[Fault]:
    """Without its source a replica is promoted where it stands: a second primary that nobody writes to."""
    if "replicateSourceDb" in old and "replicateSourceDb" not in new:
        yield new.fault("replicateSourceDb", "as before")


@change_rule(
    DATABASE,
    source=f"{RDS}USER_WorkingWithAutomatedBackups.html",
    fix="keep 1 or more days from the first deployment on",
)
def database_backups_never_begin_late(old: Resource, new: Resource) -> Iterator[Fault]:
    """Backups that go from 0 to some wait for a window and restart the database; replicas in that update fail."""
    if old.number("backupRetentionPeriod") == 0 and new.number("backupRetentionPeriod"):
        yield new.fault("backupRetentionPeriod", "0, as it is, or a window of its own for the change")


@change_rule(
    DATABASE, source=f"{RDS}USER_UpgradeDBInstance.PostgreSQL.html", fix="keep the version: a database does not go back"
)
def database_version_never_falls(old: Resource, new: Resource) -> Iterator[Fault]:
    """RDS upgrades and never downgrades."""
    before, after = _version(old.text("engineVersion")), _version(new.text("engineVersion"))
    if before and after and after[:1] < before[:1]:
        yield new.fault("engineVersion", f"{old.text('engineVersion')} or later")


@change_rule(
    CACHE,
    source=f"{CACHE_GUIDE}AutoFailover.html",
    fix="turn multi_az_enabled off in one update, take the replicas away in the next",
)
def cache_shrinks_in_two_steps(old: Resource, new: Resource) -> Iterator[Fault]:
    """The provider takes replicas away before it turns Multi-AZ off, which ElastiCache refuses."""
    replicas = (old.number("replicasPerNodeGroup") or 0, new.number("replicasPerNodeGroup") or 0)
    if replicas[0] > 0 and replicas[1] == 0 and old.flag("multiAzEnabled"):
        held = {"replicasPerNodeGroup": replicas[0]}
        yield new.fault("replicasPerNodeGroup", "1 until multiAzEnabled is off", meanwhile=held)


@change_rule(
    CACHE,
    source=f"{CACHE_GUIDE}scaling-redis-cluster-mode-enabled.html",
    fix="change node_type in one update, the shards in the next",
)
def cache_type_before_shards(old: Resource, new: Resource) -> Iterator[Fault]:
    """Fewer shards of a smaller type in one update: the provider takes the shards first, and they do not fit."""
    fewer = (new.number("numNodeGroups") or 0) < (old.number("numNodeGroups") or 0)
    if fewer and old.text("nodeType") != new.text("nodeType"):
        held = {"numNodeGroups": old.number("numNodeGroups")}
        yield new.fault("numNodeGroups", f"{held['numNodeGroups']} until nodeType has changed", meanwhile=held)


@change_rule(
    CACHE,
    source="https://github.com/hashicorp/terraform-provider-aws/issues/20052",
    fix="keep 1 or more from the first deployment on",
)
def cache_backups_never_begin_late(old: Resource, new: Resource) -> Iterator[Fault]:
    """Backups of a sharded cache cannot be turned on: the provider names a cluster, which ElastiCache refuses."""
    if not old.number("snapshotRetentionLimit") and new.number("snapshotRetentionLimit") and "numNodeGroups" in new:
        yield new.fault("snapshotRetentionLimit", "0, as it is")


@change_rule(
    CACHE, source=f"{CACHE_GUIDE}modify-cluster-mode.html", fix="keep cluster_mode: make a second cache, and move to it"
)
def cache_mode_for_life(old: Resource, new: Resource) -> Iterator[Fault]:
    """A cache's cluster mode, transit encryption and engine are decided at its birth; a change replaces it."""
    for name in ("clusterMode", "transitEncryptionEnabled", "atRestEncryptionEnabled", "numCacheClusters"):
        if name in old and old.get(name) != new.get(name):
            yield new.fault(name, f"{old.get(name)}, as it is")


@change_rule(
    CACHE,
    DATABASE,
    TABLE,
    source="https://www.pulumi.com/docs/iac/concepts/options/protect/",
    fix="unprotect it in one update, change the rest in the next",
    severity=Severity.ADVISORY,
)
def protection_falls_alone(old: Resource, new: Resource) -> Iterator[Fault]:
    """An update that takes protection away and changes the data as well is one typing error from losing it."""
    if old.options.protect and not new.options.protect and _differs(old, new):
        yield new.fault("protect", "true in an update that changes something else", got=False)


@change_rule(
    PARAMETERS,
    source=f"{RDS}USER_WorkingWithParamGroups.html",
    fix="reboot the instances yourself, replicas last",
    severity=Severity.ADVISORY,
)
def parameter_needs_a_reboot(old: Resource, new: Resource) -> Iterator[Fault]:
    """A changed static parameter waits for a reboot, which nobody makes by itself."""
    before = {each.text("name"): each.text("value") for each in old.parts("parameters")}
    for each in new.parts("parameters"):
        changed = before.get(each.text("name")) != each.text("value")
        if changed and each.text("applyMethod") == "pending-reboot":
            yield each.fault("value", "a reboot after the update", got=each.text("name"))


@change_rule(
    TABLE,
    source="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html",
    fix="make or delete one index an update",
)
def table_one_index_at_a_time(old: Resource, new: Resource) -> Iterator[Fault]:
    """DynamoDB makes or deletes one global index at a time; a second in the same update fails."""
    names = [{each.text("name") for each in side.parts(INDEXES)} for side in (old, new)]
    changed = sorted(names[0] ^ names[1])
    if len(changed) > 1:
        yield new.fault(INDEXES, "one more or one fewer", got=changed, meanwhile=_one_index(old, new))


@change_rule(TABLE, source=f"{TABLES}warm-throughput.html", fix="keep it, or raise it")
def table_warmth_never_falls(old: Resource, new: Resource) -> Iterator[Fault]:
    """A table's warm throughput can be raised and not lowered."""
    for name in ("warmThroughput.readUnitsPerSecond", "warmThroughput.writeUnitsPerSecond"):
        before, after = old.number(name), new.number(name)
        if before and after and after < before:
            yield new.fault(name, f"{before} or more")


@change_rule(TABLE, source=f"{TABLES}on-demand-capacity-mode-max-throughput.html", fix="set -1 to lift the limit")
def table_limit_is_lifted_by_minus_one(old: Resource, new: Resource) -> Iterator[Fault]:
    """A limit on demand that is left out stays; -1 lifts it."""
    if "onDemandThroughput" in old and "onDemandThroughput" not in new:
        yield new.fault("onDemandThroughput", "the limits, or -1")


@change_rule(
    CACHE,
    DATABASE,
    source=f"{RDS}USER_ModifyInstance.ApplyImmediately.html",
    fix="set apply_immediately=True, or wait for the window",
    severity=Severity.ADVISORY,
)
def change_waits_for_the_window(old: Resource, new: Resource) -> Iterator[Fault]:
    """Without apply_immediately a change waits for the maintenance window, while the update reports success."""
    if not new.flag("applyImmediately") and _differs(old, new):
        yield new.fault("applyImmediately", "true, or a change that waits for the maintenance window")


@change_rule(
    LISTENER,
    source="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HowToUpdateDistribution.html",
    fix="choose a quiet hour; giving a stack its domain moves it from port 80 to 443",
    severity=Severity.ADVISORY,
)
def listener_moves_under_its_callers(old: Resource, new: Resource) -> Iterator[Fault]:
    """CloudFront needs minutes until all of its places ask another port: until then many requests end in a 502."""
    if old.number("port") != new.number("port"):
        yield new.fault("port", f"{old.number('port')}, or minutes of failing requests")


def _one_index(old: Resource, new: Resource) -> dict[str, Any]:
    """The table's indexes after the first of the changes, which delete before they make, and the attributes of those.

    DynamoDB refuses an attribute that is no key of the table or of an index.
    """
    held, wanted = ({each["name"]: each for each in side.get(INDEXES) or []} for side in (old, new))
    gone, come = ([name for name in one if name not in other] for one, other in ((held, wanted), (wanted, held)))
    meanwhile = {**held, **{name: index for name, index in wanted.items() if name in held}}
    if gone:
        del meanwhile[gone[0]]
    else:
        meanwhile[come[0]] = wanted[come[0]]
    others = [*meanwhile.values(), *(new.get("localSecondaryIndexes") or [])]
    keys = {new.text("hashKey"), new.text("rangeKey"), *(key for index in others for key in _keys(index))}
    known = {each["name"]: each for side in (old, new) for each in side.get("attributes") or []}
    return {INDEXES: list(meanwhile.values()), "attributes": [known[name] for name in sorted(keys & known.keys())]}


def _keys(index: Mapping[str, Any]) -> Iterator[str]:
    """An index's keys, in the newer spelling and in the older one."""
    yield from (each["attributeName"] for each in index.get("keySchemas") or [])
    yield from (index[name] for name in ("hashKey", "rangeKey") if index.get(name))


def _version(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)]


def _differs(old: Resource, new: Resource) -> bool:
    """Whether anything changes that is known on both sides; a secret is not."""
    names = (old.keys() | new.keys()) - PROTECTING
    return any(_differ(old.inputs.get(name), new.inputs.get(name)) for name in names)


def _differ(one: Any, other: Any) -> bool:
    try:
        return one != other
    except UnknownValueError:
        return False
