"""EC2's tags: moto 5.2.5 shows those of what was deleted for ever, and takes no filter on `tag:<key>`."""

from collections.abc import Callable, Iterable
from typing import Any

from moto.ec2.models.tags import TagBackend

from offline.patches.swap import replaces

STANDING: dict[str, Callable[[Any], Iterable[str]]] = {
    "eipalloc": lambda ec2: (each.allocation_id for each in ec2.addresses),
    "igw": lambda ec2: ec2.internet_gateways,
    "lt": lambda ec2: ec2.launch_templates,
    "rtb": lambda ec2: ec2.route_tables,
    "sg": lambda ec2: (id_ for groups in ec2.groups.values() for id_ in groups),
    "sgr": lambda ec2: (rule.id for group in _groups(ec2) for rule in (*group.ingress_rules, *group.egress_rules)),
    "subnet": lambda ec2: (id_ for subnets in ec2.subnets.values() for id_ in subnets),
    "vol": lambda ec2: ec2.volumes,
    "vpc": lambda ec2: ec2.vpcs,
    "vpce": lambda ec2: (id_ for id_, each in ec2.vpc_end_points.items() if each.state != "deleted"),
}
"""Prefix of an id -> the ids of that kind that stand; of another kind moto's answer is kept."""


def _groups(ec2: Any) -> Iterable[Any]:
    return (group for groups in ec2.groups.values() for group in groups.values())


@replaces(TagBackend, "describe_tags")
def only_what_stands_has_tags(
    original: Any, ec2: Any, filters: dict[str, list[str]] | None = None
) -> list[dict[str, str]]:
    """Leave out what is gone; AWS forgets its tags with it. A `tag:<key>` filter is one on key and value."""
    plain = {name: values for name, values in (filters or {}).items() if not name.startswith("tag:")}
    asked = {name.removeprefix("tag:"): values for name, values in (filters or {}).items() if name.startswith("tag:")}
    standing = {prefix: set(ids(ec2)) for prefix, ids in STANDING.items()}
    rows: list[dict[str, str]] = original(ec2, plain or None)
    return [
        row
        for row in rows
        if row["resource_id"] in standing.get(row["resource_id"].partition("-")[0], {row["resource_id"]})
        and all(row["key"] == key and row["value"] in values for key, values in asked.items())
    ]
