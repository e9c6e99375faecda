"""Draw the dashboard: pure functions from the boxes' names to the JSON that CloudWatch takes."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

EDGE_REGION = "us-east-1"
"""CloudFront's metrics are there, whatever the stack's region (CloudFront Developer Guide, "Monitoring")."""
COLUMNS, WIDTH, HEIGHT = 3, 8, 6
"""Graphs in a row; CloudWatch's grid is 24 units wide."""
MAX_METRICS = 500
"""Metrics in one graph (CloudWatch User Guide, "CloudWatch service quotas"; 2,500 on one dashboard)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Boxes:
    """What stands in the account, by the names that its metrics go by; mappings are label -> name."""

    region: str
    distribution_id: str
    load_balancer: str
    """The customers' load balancer's ARN from `app/` on."""
    target_groups: Mapping[str, str]
    """Each name is `<load balancer's ARN from app/ on>/<target group's ARN from targetgroup/ on>`."""
    fleets: Mapping[str, str]
    cache_nodes: Mapping[str, str]
    databases: Mapping[str, str]
    replicas: Mapping[str, str]
    """Those of `databases` that only read: the others have no lag."""
    tables: Mapping[str, str]
    queues: Mapping[str, str]
    dead_letter_queues: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Graph:
    """One picture: some metrics of every member of a box, over time."""

    title: str
    namespace: str
    metrics: Sequence[str]
    members: Mapping[str, Mapping[str, str]]
    """Label -> dimensions."""
    statistic: str = "Sum"
    region: str | None = None


def body(boxes: Boxes) -> str:
    """Draw every box; the number of graphs does not grow with the number of servers, shards or queues."""
    graphs = [*_edge(boxes), *_balancer(boxes), *_fleets(boxes), *_stores(boxes), *_queues(boxes)]
    shown = [graph for graph in graphs if graph.members]
    widgets = [_widget(position, graph, boxes.region) for position, graph in enumerate(shown)]
    return json.dumps({"widgets": widgets}, separators=(",", ":"))


def _widget(position: int, graph: Graph, region: str) -> dict[str, Any]:
    lines = list(_lines(graph))
    if len(lines) > MAX_METRICS:
        raise ValueError(
            f"the graph {graph.title!r} has {len(lines)} metrics; allowed: {MAX_METRICS} (CloudWatch quotas)."
            " Fix: fewer shards, or a graph of a sum"
        )
    return {
        "type": "metric",
        "x": position % COLUMNS * WIDTH,
        "y": position // COLUMNS * HEIGHT,
        "width": WIDTH,
        "height": HEIGHT,
        "properties": {
            "title": graph.title,
            "region": graph.region or region,
            "stat": graph.statistic,
            "period": 60,
            "view": "timeSeries",
            "metrics": lines,
        },
    }


def _lines(graph: Graph) -> Iterable[list[Any]]:
    """Spell each line of *graph* as [namespace, metric, dimension, value, ..., {label}]."""
    for label, dimensions in graph.members.items():
        flat = [text for pair in dimensions.items() for text in pair]
        for metric in graph.metrics:
            shown = f"{label} {metric}" if len(graph.metrics) > 1 else label
            yield [graph.namespace, metric, *flat, {"label": shown}]


def _by(dimension: str, members: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {label: {dimension: name} for label, name in members.items()}


def _edge(boxes: Boxes) -> list[Graph]:
    site = {"site": {"DistributionId": boxes.distribution_id, "Region": "Global"}}
    graph = partial(Graph, namespace="AWS/CloudFront", members=site, region=EDGE_REGION)
    return [
        graph(title="CDN: requests", metrics=["Requests"]),
        graph(title="CDN: errors, %", metrics=["4xxErrorRate", "5xxErrorRate"], statistic="Average"),
    ]


def _balancer(boxes: Boxes) -> list[Graph]:
    parts = {label: group.partition("/targetgroup/") for label, group in boxes.target_groups.items()}
    groups = {
        label: {"TargetGroup": f"targetgroup/{group}", "LoadBalancer": balancer}
        for label, (balancer, _, group) in parts.items()
    }
    balancers = sorted({boxes.load_balancer, *(balancer for balancer, _, _ in parts.values())})
    members = {balancer.split("/")[1]: {"LoadBalancer": balancer} for balancer in balancers}
    whole = partial(Graph, namespace="AWS/ApplicationELB", members=members)
    service = partial(Graph, namespace="AWS/ApplicationELB", members=groups)
    return [
        service(title="Requests by service", metrics=["RequestCount"]),
        service(title="p99 of the response time by service, s", metrics=["TargetResponseTime"], statistic="p99"),
        whole(
            title="5xx of the balancer and of the servers",
            metrics=["HTTPCode_ELB_5XX_Count", "HTTPCode_Target_5XX_Count"],
        ),
        service(title="Servers out of order by service", metrics=["UnHealthyHostCount"], statistic="Maximum"),
    ]


def _fleets(boxes: Boxes) -> list[Graph]:
    graph = partial(Graph, members=_by("AutoScalingGroupName", boxes.fleets), statistic="Average")
    return [
        graph(title="Servers by fleet", namespace="AWS/AutoScaling", metrics=["GroupInServiceInstances"]),
        graph(title="CPU by fleet, %", namespace="AWS/EC2", metrics=["CPUUtilization"]),
    ]


def _stores(boxes: Boxes) -> list[Graph]:
    cache = partial(Graph, namespace="AWS/ElastiCache", members=_by("CacheClusterId", boxes.cache_nodes))
    database = partial(Graph, namespace="AWS/RDS", members=_by("DBInstanceIdentifier", boxes.databases))
    replicas = _by("DBInstanceIdentifier", boxes.replicas)
    shards = partial(Graph, namespace="AWS/DynamoDB", members=_by("TableName", boxes.tables))
    return [
        cache(title="Sessions: CPU, %", metrics=["EngineCPUUtilization"], statistic="Average"),
        cache(title="Sessions: memory, %", metrics=["DatabaseMemoryUsagePercentage"], statistic="Maximum"),
        cache(title="Sessions: evictions", metrics=["Evictions"]),
        database(title="Database: CPU, %", metrics=["CPUUtilization"], statistic="Average"),
        database(title="Database: connections", metrics=["DatabaseConnections"], statistic="Maximum"),
        database(title="Database: replica lag, s", metrics=["ReplicaLag"], members=replicas, statistic="Maximum"),
        shards(title="Shards: reads, units", metrics=["ConsumedReadCapacityUnits"]),
        shards(title="Shards: writes, units", metrics=["ConsumedWriteCapacityUnits"]),
        shards(title="Shards: throttled", metrics=["ReadThrottleEvents", "WriteThrottleEvents"]),
    ]


def _queues(boxes: Boxes) -> list[Graph]:
    queues = partial(Graph, namespace="AWS/SQS", members=_by("QueueName", boxes.queues), statistic="Maximum")
    dead = partial(Graph, namespace="AWS/SQS", members=_by("QueueName", boxes.dead_letter_queues), statistic="Maximum")
    return [
        queues(title="Queues: jobs waiting", metrics=["ApproximateNumberOfMessagesVisible"]),
        queues(title="Queues: age of the oldest job, s", metrics=["ApproximateAgeOfOldestMessage"]),
        dead(title="Dead letters", metrics=["ApproximateNumberOfMessagesVisible"]),
    ]
