"""Give every number that the components need, from three words: scaling, size and environment."""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

from app.contract import QUEUES, SERVICES
from stacks.knobs import Kind, Knob, Range, choice, one_of, span, switch, whole

SCALINGS = ("vertical", "horizontal")
SIZES = ("small", "medium", "large")
ENVIRONMENTS = ("sandbox", "production")

LOG_RETENTION_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731)
"""What CloudWatch Logs takes up to two years (PutRetentionPolicy, retentionInDays)."""

NatGateways = Literal["none", "single", "per-zone"]
Credits = Literal["standard", "unlimited"]
Gateway = Literal["none", "sandbox"]
T = TypeVar("T")
Value = Callable[[str, str, str], Any]


def sizes(*, vertical: tuple[T, T, T], horizontal: tuple[T, T, T]) -> Value:
    """A ladder by size, one for each way to scale: (small, medium, large)."""
    ladders = {"vertical": vertical, "horizontal": horizontal}
    return lambda scaling, size, _environment: ladders[scaling][SIZES.index(size)]


def environments(*, sandbox: T, production: T) -> Value:
    """One value to play with, one to live with."""
    return lambda _scaling, _size, environment: sandbox if environment == "sandbox" else production


def raised(ladder: Value, *, production: int) -> Value:
    """A ladder whose values are never under *production* in production; a range may still grow to twice that."""

    def value(scaling: str, size: str, environment: str) -> Any:
        held = ladder(scaling, size, environment)
        if environment != "production":
            return held
        if isinstance(held, Range):
            return Range(max(held.min, production), max(held.max, 2 * production))
        return max(held, production)

    return value


def knob(value: Value, kind: Kind, doc: str) -> Any:
    """One knob, one line: its values, what is allowed, what it means."""
    return dataclasses.field(metadata={"knob": Knob(kind=kind, doc=doc, value=value)})


@cache
def instance_types(family: str) -> tuple[str, ...]:
    """Types with an arm64 processor: `db.` for databases, `cache.` for caches, `` for servers. Source: instance_types.tsv."""
    rows = [row["type"] for row in _types().values() if row["arch"] == "arm64"]
    return tuple(row for row in rows if row.startswith(family) and (family or row.count(".") == 1))


def vcpus(instance_type: str) -> int:
    """How many virtual processors one server, database or cache node of a type has."""
    return int(_types()[instance_type]["vcpu"])


@cache
def _types() -> dict[str, dict[str, str]]:
    with (Path(__file__).parent / "instance_types.tsv").open(encoding="utf-8") as table:
        return {row["type"]: row for row in csv.DictReader(table, delimiter="\t")}


# fmt: off
@dataclass(frozen=True, kw_only=True, slots=True)
class Preset:
    """Every knob of a stack. What differs by scaling may change in place on AWS; what may not is one choice for all presets."""

    # network
    zone_count: int             = knob(environments(sandbox=2, production=3), whole(2, 3), "availability zones; the same for every scaling and size, because zones of subnets cannot change in place")
    nat_gateways: NatGateways   = knob(environments(sandbox="single", production="per-zone"), choice("none", "single", "per-zone"), "how private servers reach AWS's APIs; none needs interface_endpoints")
    interface_endpoints: bool   = knob(environments(sandbox=False, production=False), switch(), "private endpoints for AWS's APIs, about 7 USD a month per service and zone")
    flow_logs: bool             = knob(environments(sandbox=False, production=True), switch(), "VPC flow logs into CloudWatch")

    # servers
    app_server_type: str        = knob(sizes(vertical=("t4g.medium", "m7g.xlarge", "m7g.4xlarge"), horizontal=("t4g.small", "t4g.medium", "m7g.large")), choice(*instance_types("")), "EC2 type of the app servers, arm64")
    app_servers: Range          = knob(raised(sizes(vertical=(Range(1, 2), Range(2, 3), Range(2, 4)), horizontal=(Range(2, 4), Range(3, 12), Range(6, 40))), production=3), span(1, 100), "app servers per fleet; in vertical one fleet runs all services")
    worker_server_type: str     = knob(sizes(vertical=("t4g.medium", "m7g.large", "m7g.2xlarge"), horizontal=("t4g.small", "t4g.small", "t4g.medium")), choice(*instance_types("")), "EC2 type of the workers, arm64")
    worker_servers: Range       = knob(raised(sizes(vertical=(Range(1, 2), Range(1, 3), Range(2, 4)), horizontal=(Range(1, 3), Range(1, 6), Range(2, 12))), production=2), span(1, 100), "workers per fleet; never 0, an idle queue emits no metric to start from")
    root_volume_gb: int         = knob(environments(sandbox=10, production=20), whole(8, 500, "GiB"), "root volume of every server, gp3, encrypted")
    target_cpu_percent: int     = knob(sizes(vertical=(60, 60, 60), horizontal=(50, 50, 50)), whole(10, 90, "%"), "CPU that the scaler aims at; higher is cheaper and later to react")
    requests_per_server_minute: int = knob(sizes(vertical=(3000, 12000, 48000), horizontal=(1500, 3000, 6000)), whole(1, 1000000), "requests a minute that one app server is to get")
    cpu_credits: Credits        = knob(environments(sandbox="unlimited", production="unlimited"), choice("standard", "unlimited"), "t types only: standard stops at the type's baseline, under target_cpu_percent, and a new server starts there; unlimited bills the rest")
    queue_latency_s: int        = knob(environments(sandbox=120, production=60), whole(1, 3600, "s"), "how old a message may get before more workers are wanted")

    # money
    payment_gateway: Gateway    = knob(environments(sandbox="sandbox", production="none"), choice("none", "sandbox"), "who takes the money: with none nothing can be bought; sandbox accepts play money of anybody, so production has it only by name")

    # session store
    cache_node_type: str        = knob(sizes(vertical=("cache.t4g.small", "cache.m7g.large", "cache.r7g.2xlarge"), horizontal=("cache.t4g.micro", "cache.t4g.medium", "cache.m7g.large")), choice(*instance_types("cache.")), "class of every cache node")
    cache_shards: int           = knob(sizes(vertical=(1, 1, 1), horizontal=(2, 3, 6)), whole(1, 90), "cache shards (node groups)")
    cache_replicas_per_shard: int = knob(raised(sizes(vertical=(0, 0, 0), horizontal=(1, 1, 2)), production=1), whole(0, 5), "replicas beside each shard's primary")
    cache_multi_az: bool        = knob(environments(sandbox=False, production=True), switch(), "spread each shard over zones; needs a replica")
    cache_snapshot_days: int    = knob(environments(sandbox=1, production=7), whole(1, 35, "days"), "snapshots kept; never 0, since 0 -> n is refused in cluster mode (terraform-provider-aws#20052)")

    # database
    database_class: str         = knob(sizes(vertical=("db.t4g.medium", "db.m7g.xlarge", "db.r7g.4xlarge"), horizontal=("db.t4g.small", "db.m7g.large", "db.r7g.xlarge")), choice(*instance_types("db.")), "class of the primary and of every replica (a standby needs at least the primary's)")
    database_storage_gb: int    = knob(sizes(vertical=(20, 100, 200), horizontal=(20, 100, 200)), whole(20, 399, "GiB"), "storage at birth; grows, never shrinks, so one ladder for both scalings; from 400 GiB gp3 asks for IOPS")
    database_max_storage_gb: int = knob(environments(sandbox=0, production=1000), whole(0, 65536, "GiB"), "storage autoscaling up to here; 0 is off, else at least 1.1 x database_storage_gb")
    database_replicas: int      = knob(sizes(vertical=(0, 0, 0), horizontal=(1, 2, 4)), whole(0, 15), "read replicas; RDS allows 15")
    database_multi_az: bool     = knob(environments(sandbox=False, production=True), switch(), "a standby in another zone")
    database_backup_days: int   = knob(environments(sandbox=1, production=14), whole(1, 35, "days"), "automated backups; never 0, a replica needs them")
    database_monitoring_s: int  = knob(environments(sandbox=0, production=60), one_of(0, 1, 5, 10, 15, 30, 60), "interval of enhanced monitoring; 0 is off")

    # sharded table
    table_shards: int           = knob(sizes(vertical=(1, 1, 1), horizontal=(2, 4, 8)), whole(1, 256), "DynamoDB tables that the customers are spread over")
    point_in_time_recovery: bool = knob(environments(sandbox=False, production=True), switch(), "continuous backup of the tables, 35 days")

    # edge
    waf: bool                   = knob(environments(sandbox=False, production=True), switch(), "web application firewall: core rules and a rate limit per address")
    waf_requests_per_5_minutes: int = knob(environments(sandbox=2000, production=2000), whole(10, 2000000000), "requests of one address in 5 minutes before it is blocked")
    security_headers: bool      = knob(environments(sandbox=False, production=True), switch(), "HSTS and a content security policy on every answer")
    access_logs: bool           = knob(environments(sandbox=False, production=True), switch(), "access logs of the load balancer, what servers log, slow and engine log of the cache, exports of the database")
    wait_for_deployment: bool   = knob(environments(sandbox=False, production=True), switch(), "let `up` wait until CloudFront has rolled out, 3 to 15 minutes")

    # protection
    protect: bool               = knob(environments(sandbox=False, production=True), switch(), "Pulumi's protect and AWS's deletion protection on what holds data")
    disposable: bool            = knob(environments(sandbox=True, production=False), switch(), "destroy empties buckets and skips the final snapshot; never together with protect")
    bucket_versioning: bool     = knob(environments(sandbox=False, production=True), switch(), "keep overwritten and deleted objects for 30 days")
    secret_recovery_days: int   = knob(environments(sandbox=0, production=30), one_of(0, *range(7, 31)), "days in which a deleted secret can be brought back; 0 lets the next `up` take its name at once")
    log_retention_days: int     = knob(environments(sandbox=7, production=90), one_of(*LOG_RETENTION_DAYS), "how long logs are kept")
    monthly_budget_usd: int     = knob(raised(sizes(vertical=(250, 900, 4000), horizontal=(500, 1500, 8000)), production=1000), whole(1, 1000000, "USD"), "spending that raises an alarm, forecast and actual")
# fmt: on


def preset(scaling: str, size: str, environment: str) -> Preset:
    """Every knob's value for the three words; pure. ValueError on a word that is none of theirs."""
    for word, words in ((scaling, SCALINGS), (size, SIZES), (environment, ENVIRONMENTS)):
        if word not in words:
            raise ValueError(f"{word!r} is no preset word; allowed: {', '.join(words)}")
    values = {}
    for field in dataclasses.fields(Preset):
        value = field.metadata["knob"].value
        values[field.name] = value(scaling, size, environment)
    return Preset(**values)


def app_fleets(scaling: str) -> dict[str, tuple[str, ...]]:
    """Which services each app fleet runs: one fleet for all, or a fleet per service named after it."""
    everything = tuple(SERVICES)
    return {"all": everything} if scaling == "vertical" else {service: (service,) for service in everything}


def worker_fleets(scaling: str) -> dict[str, tuple[str, ...]]:
    """Which queues each worker fleet empties: one fleet for all, or a fleet per kind of work named after it."""
    everything = tuple(QUEUES)
    return {"all": everything} if scaling == "vertical" else {kind: (kind,) for kind in everything}
