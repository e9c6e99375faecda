"""List what in an AWS account still carries the project's tags, in every region that a stack uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from engines.cloud import FAILED, Cloud, CloudError, reason, tags_of
from stacks.settings import PROJECT

EDGE_REGION = "us-east-1"
"""Where certificates, firewalls and alarms of CloudFront stand, and where global services answer."""


class Leftover(msgspec.Struct, frozen=True, order=True):
    """One thing that is still there."""

    region: str
    kind: str
    """Service and kind, as `rds:db`."""
    id: str
    """The last part of its ARN, or its id."""
    stack: str


def leftovers(cloud: Cloud, regions: Iterable[str], stack: str | None = None) -> list[Leftover]:
    """What carries the tag `project`, of one stack or of all, sorted; CloudError when AWS refuses to say.

    The Resource Groups Tagging API knows neither IAM roles nor Auto Scaling groups ("Services that support the Resource
    Groups Tagging API"), and hears of a change late, so IAM, Auto Scaling and EC2 are asked themselves.
    """
    try:
        found = [each for region in {*regions, EDGE_REGION} for each in _in_region(cloud, region)] + [*_roles(cloud)]
    except FAILED as error:
        raise CloudError(
            f"what is left cannot be listed: {reason(error)}; allowed: tag:GetResources, ec2:Describe*, kms:ListKeys,"
            " kms:DescribeKey, autoscaling:DescribeTags, iam:ListRoles, iam:ListRoleTags. Fix: the caller's permissions"
        ) from error
    return sorted(each for each in found if stack in (None, each.stack))


def _in_region(cloud: Cloud, region: str) -> Iterator[Leftover]:
    over = set(_ended(cloud, region))
    wanted = [{"Key": "project", "Values": [PROJECT]}]
    for row in cloud.rows("resourcegroupstaggingapi", "get_resources", region, TagFilters=wanted):
        arn, tags = row["ResourceARN"], tags_of(row)
        _, _, service, _, _, rest = arn.split(":", 5)
        kind, id_ = _parted(service, rest)
        if service != "ec2" and id_ not in over:  # EC2 answers for itself, below
            yield Leftover(region, kind, id_, tags.get("stack", ""))
    for id_, (kind, tags) in {**_tagged_ec2(cloud, region), **_groups(cloud, region)}.items():
        if id_ not in over:
            yield Leftover(region, kind, id_, tags.get("stack", ""))


def _parted(service: str, rest: str) -> tuple[str, str]:
    """The end of an ARN as kind and id: `db:primary`, `vpc/vpc-1`, `targetgroup/web/123`, or only a name."""
    for mark in "/:":
        kind, found, id_ = rest.partition(mark)
        if found:
            return f"{service}:{kind}", id_
    return service, rest


def _tagged_ec2(cloud: Cloud, region: str) -> dict[str, tuple[str, dict[str, str]]]:
    """Id -> kind and tags, of everything of EC2's."""
    filters = [{"Name": "tag:project", "Values": [PROJECT]}]
    found: dict[str, tuple[str, dict[str, str]]] = {}
    ids = {row["ResourceId"] for row in cloud.rows("ec2", "describe_tags", region, Filters=filters)}
    for part in _hundreds(sorted(ids)):
        for row in cloud.rows("ec2", "describe_tags", region, Filters=[{"Name": "resource-id", "Values": part}]):
            found.setdefault(row["ResourceId"], (f"ec2:{row['ResourceType']}", {}))[1][row["Key"]] = row["Value"]
    return found


def _groups(cloud: Cloud, region: str) -> dict[str, tuple[str, dict[str, str]]]:
    """Name -> kind and tags, of every Auto Scaling group."""
    found: dict[str, tuple[str, dict[str, str]]] = {}
    for row in cloud.rows("autoscaling", "describe_tags", region):
        found.setdefault(row["ResourceId"], ("autoscaling:group", {}))[1][row["Key"]] = row["Value"]
    return {name: (kind, tags) for name, (kind, tags) in found.items() if tags.get("project") == PROJECT}


def _roles(cloud: Cloud) -> Iterator[Leftover]:
    iam = cloud.client("iam")
    for role in cloud.rows("iam", "list_roles", EDGE_REGION):
        tags = tags_of(iam.list_role_tags(RoleName=role["RoleName"]))
        if tags.get("project") == PROJECT:
            yield Leftover("", "iam:role", role["RoleName"], tags.get("stack", ""))


def _ended(cloud: Cloud, region: str) -> Iterator[str]:
    """Ids of what AWS shows for a while after its end: servers and NAT gateways for an hour, keys for 7 to 30 days."""
    ended = [{"Name": "instance-state-name", "Values": ["terminated", "shutting-down"]}]
    for held in cloud.rows("ec2", "describe_instances", region, Filters=ended):
        yield from (instance["InstanceId"] for instance in held["Instances"])
    for row in cloud.rows("ec2", "describe_nat_gateways", region):
        if row["State"] in ("deleted", "deleting"):
            yield row["NatGatewayId"]
    kms = cloud.client("kms", region)
    for key in cloud.rows("kms", "list_keys", region):
        if kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "PendingDeletion":
            yield key["KeyId"]


def _hundreds(ids: list[str]) -> Iterator[list[str]]:
    """Parts of at most 200, which is what one filter takes."""
    yield from (ids[start : start + 200] for start in range(0, len(ids), 200))
