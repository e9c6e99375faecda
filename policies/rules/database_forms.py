"""Rules of what a database is made with: engine, class, storage, zone, and the port that lets callers in."""

from __future__ import annotations

from collections.abc import Iterator

from policies.openings import known_groups, openings
from policies.resource import Resource
from policies.rule import resource_rule, stack_rule
from policies.rules.database import API, INSTANCE
from policies.rules.session_store import API as CACHE_API
from policies.rules.session_store import CACHE
from policies.stack import Stack
from policies.values import Fault

MADE_OF = ("replicateSourceDb", "snapshotIdentifier", "restoreToPointInTime", "s3Import")
"""What brings engine and storage along."""
PORTS = {"postgres": 5432, "mysql": 3306, "mariadb": 3306}
"""Engine -> the port that it listens on when none is given."""


@resource_rule(INSTANCE, source=API, fix="drop availability_zone, or set multi_az=False")
def database_in_all_zones_or_one(instance: Resource) -> Iterator[Fault]:
    """RDS chooses the zones of a Multi-AZ database itself, and refuses a zone beside multi_az."""
    if instance.flag("multiAz") and "availabilityZone" in instance and "replicateSourceDb" not in instance:
        yield instance.fault("availabilityZone", "not set with multiAz")


@resource_rule(INSTANCE, source=API, fix="give engine and allocated_storage, or what it is made of")
def database_is_whole(instance: Resource) -> Iterator[Fault]:
    """A database that is made of nothing needs an engine and a size of its storage."""
    if any(name in instance for name in MADE_OF):
        return
    for name in ("engine", "allocatedStorage"):
        if name not in instance:
            yield instance.fault(name, "given, as it is made of no other database")


@stack_rule(INSTANCE, source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.RDSSecurityGroups.html",
            fix="let callers in on the port that the database listens on")  # fmt: skip
def database_port_is_open(instance: Resource, stack: Stack) -> Iterator[Fault]:
    """A database whose security groups open other ports than its own is reached by nobody."""
    port = instance.number("port") or PORTS.get(instance.text("engine"))
    yield from _shut(instance, "vpcSecurityGroupIds", port, stack)


@stack_rule(CACHE, source=CACHE_API, fix="let callers in on the port that the cache listens on")
def cache_port_is_open(cache: Resource, stack: Stack) -> Iterator[Fault]:
    """A cache whose security groups open other ports than its own is reached by nobody."""
    yield from _shut(cache, "securityGroupIds", cache.number("port") or 6379, stack)


def _shut(holder: Resource, path: str, port: float | None, stack: Stack) -> Iterator[Fault]:
    """A fault where the groups at *path* open some port and not this one; what opens none waits for a rule."""
    groups = known_groups(holder, path, stack)
    open_ = [each for group in groups for each in openings(group, stack)]
    if port and open_ and not any(each.admits(port) for each in open_):
        yield holder.fault(path, f"a group that opens {port}", got=[each.name for each in groups])
