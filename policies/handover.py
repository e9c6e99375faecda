"""Rules about what still serves while its successor comes: replicas beside their primary, and what old servers use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.documents import Retained, lacking
from policies.resource import Resource
from policies.rule import Change, handover_rule
from policies.stack import Stack
from policies.values import UNKNOWN, Fault, UnknownValueError

DATABASE = "aws:rds/instance:Instance"
GROUP = "aws:autoscaling/group:Group"
SUBNET = "aws:ec2/subnet:Subnet"
HOLDING_DATA = ("aws:elasticache/subnetGroup:SubnetGroup", "aws:rds/subnetGroup:SubnetGroup")
"""What databases and caches stand in."""
PERMISSIONS = "aws:iam/rolePolicy:RolePolicy"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
USED_BY_SERVERS = (
    DATABASE,
    "aws:dynamodb/table:Table",
    "aws:elasticache/replicationGroup:ReplicationGroup",
    PERMISSIONS,
    "aws:s3/bucket:Bucket",
    "aws:secretsmanager/secret:Secret",
    "aws:sns/topic:Topic",
    "aws:sqs/queue:Queue",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
)
"""What a server is told of when it boots, and what lets it get there."""
STARTS_A_REFRESH = ("launchTemplate", "vpcZoneIdentifiers")
"""What of a group the provider answers with new servers, beside what `triggers` name."""
GIB_OF_LARGE = {"t": 8, "m": 8, "r": 16, "x": 32, "c": 4}
PART_OF_LARGE = {"micro": 1 / 8, "small": 1 / 4, "medium": 1 / 2, "large": 1, "xlarge": 2}
"""Memory of a class (RDS User Guide, "Hardware specifications for DB instance classes")."""


@handover_rule(
    DATABASE,
    source="https://www.postgresql.org/docs/17/hot-standby.html#HOT-STANDBY-ADMIN",
    fix="change the replicas' class in one update, the primary's in the next",
)
def database_replicas_grow_first(old: Resource, change: Change) -> Iterator[Fault]:
    """A replica that takes fewer connections than its primary stops following it; RDS derives both from the memory."""
    new = change.wanted.by_urn(old.urn)
    if new is None or "replicateSourceDb" in old or _gib(new) <= _gib(old):
        return
    replicas = change.deployed.referring(DATABASE, "replicateSourceDb", old)
    smaller = [each.name for each in replicas if _gib(each) < _gib(new)]
    if smaller:
        allowed = f"{old.text('instanceClass')} until {', '.join(smaller)} has grown or gone"
        yield new.fault("instanceClass", allowed, meanwhile={"instanceClass": old.text("instanceClass")})


@handover_rule(
    *USED_BY_SERVERS,
    source="https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html",
    fix="let the servers stop using it in one update, take it away when they are all new",
)
def old_servers_keep_what_they_use(old: Resource, change: Change) -> Iterator[Fault]:
    """An instance refresh outlasts the update that starts it, and until it has ended old servers use what they know."""
    if not _goes(old, change.wanted):
        return
    if fleets := _fleets_with_old_servers(old, change):
        yield old.fault("deletion", f"once {', '.join(fleets)} has new servers only", got="now", meanwhile={})


@handover_rule(
    PERMISSIONS,
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html",
    fix="let the servers stop using it in one update, take the permission away when they are all new",
)
def old_servers_keep_their_permissions(old: Resource, change: Change) -> Iterator[Fault]:
    """A role's policy changes for every server that has the role at once, while their replacement has only begun."""
    new = change.wanted.by_urn(old.urn)
    if new is None or not _is_narrower(old, new):
        return
    if fleets := _fleets_with_old_servers(old, change):
        allowed = f"all of before too, until {', '.join(fleets)} has new servers only"
        yield new.fault("policy", allowed, got="narrower", meanwhile={"policy": Retained(old.text("policy"))})


@handover_rule(
    GROUP,
    source="https://www.pulumi.com/registry/packages/aws/api-docs/autoscaling/group/",
    fix="mend the new fleet in one update, take the old one away when it answers",
)
def old_fleet_serves_until_the_new_one_answers(old: Resource, change: Change) -> Iterator[Fault]:
    """The provider waits for healthy servers where it makes a group, and not when it comes back to a half-made one."""
    if not _goes(old, change.wanted):
        return
    served = set(old.get("targetGroupArns") or ())
    standing = [change.deployed.by_urn(each.urn) for each in _rolling(change)]
    silent = [each.name for each in standing if each and served & set(each.get("targetGroupArns") or ())]
    if silent:
        yield old.fault("deletion", f"once {', '.join(silent)} answers", got="now", meanwhile={})


@handover_rule(
    SUBNET,
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
    fix="keep the stack in the zones that it stands in",
)
def subnet_with_data_stays(old: Resource, change: Change) -> Iterator[Fault]:
    """A database or a cache does not leave its subnets, and AWS deletes none that something stands in."""
    new = change.wanted.by_urn(old.urn)
    if new is not None and new.text("availabilityZone") == old.text("availabilityZone"):
        return
    groups = [each for type_ in HOLDING_DATA for each in change.deployed.referring(type_, "subnetIds", old)]
    staying = [each for each in groups if not _goes(each, change.wanted)]
    if staying:
        stood_in = change.deployed.referred(staying[0], "subnetIds", SUBNET)
        zones = ",".join(sorted({each.text("availabilityZone") for each in stood_in}))
        fix = f"--set zones={zones} keeps the stack in the zones that it stands in"
        yield old.fault("availabilityZone", f"kept, for {', '.join(each.name for each in staying)}", fix=fix)


def taken_away(deployed: Stack, wanted: Stack) -> list[Resource]:
    """What servers may use, and goes; a role's policy also where it is to allow less."""
    narrower = (
        each for each in deployed.of(PERMISSIONS) if (new := wanted.by_urn(each.urn)) and _is_narrower(each, new)
    )
    return [*(each for each in deployed.of(*USED_BY_SERVERS) if _goes(each, wanted)), *narrower]


def _is_narrower(old: Resource, new: Resource) -> bool:
    """Whether a policy is to allow less; of one that nobody knows yet: whether it names fewer resources."""
    before, after = old.inputs.get("policy"), new.inputs.get("policy")
    if after is UNKNOWN:
        return not set(old.dependencies.get("policy", ())) <= set(new.dependencies.get("policy", ()))
    both_written = isinstance(before, str) and isinstance(after, str)
    return both_written and any(lacking(old.document("policy"), new.document("policy")))


def _goes(old: Resource, wanted: Stack) -> bool:
    return wanted.by_urn(old.urn) is None and not old.options.retain_on_delete


def refreshed(change: Change) -> list[Resource]:
    """The groups, as they are deployed, whose servers the update replaces while it is over already."""
    both = ((old, change.wanted.by_urn(old.urn)) for old in change.deployed.of(GROUP))
    staying = (old for old, new in both if new is not None and "instanceRefresh" in new)
    return [
        each
        for each in staying
        if _changes(each, change, *STARTS_A_REFRESH)
        or any(_changes(made_of, change) for made_of in _made_of(each, change))
    ]


def _fleets_with_old_servers(used: Resource, change: Change) -> list[str]:
    """Names of the groups whose servers may use *used* when the update is over, or while it goes on.

    A group that goes in the same update is stopped in no order with what no graph says any more that it uses.
    """
    fleets = [group.name for group in refreshed(change) if used.urn in _used_by(change.deployed, group)]
    rolling = [group for urn in sorted(change.rolling) if (group := change.deployed.by_urn(urn)) is not None]
    return list(dict.fromkeys([*fleets, *(group.name for group in rolling)]))


def _rolling(change: Change) -> list[Resource]:
    """The groups that stay, of those of which the account says that they run old servers or do not answer."""
    return [group for urn in sorted(change.rolling) if (group := change.wanted.by_urn(urn)) is not None]


def _made_of(group: Resource, change: Change) -> list[Resource]:
    return change.deployed.referred(group, "launchTemplate", TEMPLATE)


def _used_by(deployed: Stack, group: Resource) -> set[str]:
    """URNs of what a group's servers, and the group itself, were made from."""
    makers = [group, *deployed.referred(group, "launchTemplate", TEMPLATE)]
    named = {urn for maker in makers for urns in maker.dependencies.values() for urn in urns}
    return named.union(*(maker.options.depends_on for maker in makers))


def _changes(old: Resource, change: Change, *names: str) -> bool:
    """Whether a resource changes, in *names* where any are given; what is not known before the update has changed."""
    new = change.wanted.by_urn(old.urn)
    if new is None or new is old:
        return False
    try:
        return any(old.inputs.get(name) != new.inputs.get(name) for name in names or old.keys() | new.keys())
    except UnknownValueError:
        return True


def _gib(instance: Resource) -> float:
    """Memory of an instance's class; 0 for a class of another form, which then never counts as smaller or larger."""
    parts = re.fullmatch(r"db\.([a-z])[a-z0-9]*\.(\d*)([a-z]+)", instance.text("instanceClass"))
    if not parts or parts[1] not in GIB_OF_LARGE or parts[3] not in PART_OF_LARGE:
        return 0
    return GIB_OF_LARGE[parts[1]] * PART_OF_LARGE[parts[3]] * int(parts[2] or 1)
