"""Watch each node of a session store: CPU, memory, evicted sessions, connections."""

from collections.abc import Mapping
from functools import partial

import pulumi

from components.parts.alarm import Alarm, make_alarm

NAMESPACE = "AWS/ElastiCache"
CPU_PERCENT = 80
"""Of the one core that runs commands (ElastiCache User Guide, "Which metrics should I monitor?")."""
MEMORY_PERCENT = 80
CONNECTIONS = 16_000
"""Four fifths of 20,000, the limit of the smallest nodes; the others take 65,000 (ElastiCache, `maxclients`)."""


def watch_nodes(
    parent: pulumi.Resource, name: str, node_ids: Mapping[str, pulumi.Input[str]], topic_arn: pulumi.Input[str] | None
) -> None:
    """Make every alarm of every node as children of *parent*, keyed by shard and number in it (`0001-001`)."""
    for key, node_id in node_ids.items():
        for role, alarm in _alarms(node_id).items():
            make_alarm(parent, name, f"{key}-{role}", alarm, topic_arn)


def _alarms(node_id: pulumi.Input[str]) -> dict[str, Alarm]:
    alarm = partial(Alarm, namespace=NAMESPACE, dimensions={"CacheClusterId": node_id})
    return {
        "cpu": alarm(
            metric="EngineCPUUtilization",
            threshold=CPU_PERCENT,
            description="A cache node's engine is busy: look at the slow log, then add shards or a bigger class.",
        ),
        "memory": alarm(
            metric="DatabaseMemoryUsagePercentage",
            threshold=MEMORY_PERCENT,
            description="A cache node is filling up: evictions come next. Add shards or a bigger class.",
        ),
        "evictions": alarm(
            metric="Evictions",
            threshold=0,
            statistic="Sum",
            evaluations=1,
            description="A cache node threw sessions away to make room: customers were logged out. Add memory.",
        ),
        "connections": alarm(
            metric="CurrConnections",
            threshold=CONNECTIONS,
            statistic="Maximum",
            description="A cache node nears its limit of connections: look for a fleet that leaks them.",
        ),
    }
