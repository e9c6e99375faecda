"""Watch one instance of a database: CPU, storage, connections, latency, disk queue, burst balance, replica lag."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pulumi

from components.parts.alarm import Alarm, make_alarm

NAMESPACE = "AWS/RDS"
CPU_PERCENT = 80
FREE_STORAGE_PART = 0.1
"""Where storage autoscaling starts (RDS User Guide, "Managing capacity automatically"): it did not help, or is off."""
CONNECTIONS_PART = 0.8
LATENCY_S = 0.05
"""gp3 answers in single-digit milliseconds (EBS User Guide); ten times that is a queue."""
QUEUE_DEPTH = 64
BURST_PERCENT = 20
LAG_S = 60
"""A replica may lag; beyond a minute readers see orders that were long paid as open."""
LAG_MINUTES = 10
"""In a row: the replica of a primary that nobody writes to shows a lag that rises to 5 minutes and starts anew (RDS
User Guide, "Monitoring read replication"; https://github.com/qonto/database-monitoring-framework/pull/7)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """What the thresholds depend on."""

    connections: int
    """What max_connections is."""
    storage_gb: int
    is_replica: bool


def watch_instance(
    parent: pulumi.Resource,
    name: str,
    identifier: pulumi.Input[str],
    watched: Watched,
    topic_arn: pulumi.Input[str] | None,
) -> None:
    """Make every alarm of the instance as children `name-...` of *parent*."""
    alarm = partial(Alarm, namespace=NAMESPACE, dimensions={"DBInstanceIdentifier": identifier})
    alarms = _room(alarm, watched) | _disk(alarm) | (_lag(alarm) if watched.is_replica else {})
    for role, alarm in alarms.items():
        make_alarm(parent, name, role, alarm, topic_arn)


def _room(alarm: Callable[..., Alarm], watched: Watched) -> dict[str, Alarm]:
    return {
        "cpu": alarm(
            metric="CPUUtilization",
            threshold=CPU_PERCENT,
            description="A database instance is busy: look at Performance Insights, then at its class or at replicas.",
        ),
        "storage": alarm(
            metric="FreeStorageSpace",
            threshold=watched.storage_gb * 2**30 * FREE_STORAGE_PART,
            comparison="LessThanThreshold",
            description="A database instance runs out of storage: it stops when it is full. Raise its storage.",
        ),
        "connections": alarm(
            metric="DatabaseConnections",
            threshold=int(watched.connections * CONNECTIONS_PART),
            statistic="Maximum",
            description="A database instance nears max_connections: fewer servers, smaller pools, or a bigger class.",
        ),
    }


def _disk(alarm: Callable[..., Alarm]) -> dict[str, Alarm]:
    return {
        "read-latency": alarm(
            metric="ReadLatency",
            threshold=LATENCY_S,
            description="Reads from a database's disk are slow: look for scans without an index, then at memory.",
        ),
        "write-latency": alarm(
            metric="WriteLatency",
            threshold=LATENCY_S,
            description="Writes to a database's disk are slow: look at the write load, then at storage.",
        ),
        "queue-depth": alarm(
            metric="DiskQueueDepth",
            threshold=QUEUE_DEPTH,
            description="Requests queue up before a database's disk: it gets more than it can do.",
        ),
        "burst-balance": alarm(
            metric="EBSIOBalance%",
            threshold=BURST_PERCENT,
            comparison="LessThanThreshold",
            description="A database instance is about to fall back to its class's base disk rate: take a bigger class.",
        ),
    }


def _lag(alarm: Callable[..., Alarm]) -> dict[str, Alarm]:
    lag = alarm(
        metric="ReplicaLag",
        threshold=LAG_S,
        statistic="Maximum",
        evaluations=LAG_MINUTES,
        missing_data="breaching",
        description="A replica falls behind, or no longer replicates: readers see old data. Look at its CPU and disk.",
    )
    return {"lag": lag}
