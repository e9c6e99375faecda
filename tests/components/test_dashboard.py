"""The dashboard: what it draws for a store, and that a bigger store draws no more graphs."""

import json

import pytest

from components.parts.dashboard import Boxes, body


def boxes(**more):
    known = {
        "region": "eu-west-1",
        "distribution_id": "E2EXAMPLE",
        "load_balancer": "app/balancer/1",
        "target_groups": {"orders": "app/balancer/1/targetgroup/orders/2"},
        "fleets": {"app-orders": "app-orders-1"},
        "cache_nodes": {"sessions-0001-001": "sessions-0001-001"},
        "databases": {"primary": "primary", "replica-1": "replica-1"},
        "replicas": {"replica-1": "replica-1"},
        "tables": {"shard-00": "customers-shard-00"},
        "queues": {"mail": "work-mail"},
        "dead_letter_queues": {"mail": "work-mail-dead-letters"},
    }
    return Boxes(**{**known, **more})


def widgets(**more):
    return json.loads(body(boxes(**more)))["widgets"]


def lines(title, **more):
    [found] = [each["properties"] for each in widgets(**more) if each["properties"]["title"] == title]
    return found["metrics"]


@pytest.mark.parametrize(
    ("namespace", "dimensions"),
    [
        ("AWS/CloudFront", ["DistributionId", "E2EXAMPLE", "Region", "Global"]),
        ("AWS/ApplicationELB", ["LoadBalancer", "app/balancer/1"]),
        ("AWS/ApplicationELB", ["TargetGroup", "targetgroup/orders/2", "LoadBalancer", "app/balancer/1"]),
        ("AWS/AutoScaling", ["AutoScalingGroupName", "app-orders-1"]),
        ("AWS/EC2", ["AutoScalingGroupName", "app-orders-1"]),
        ("AWS/ElastiCache", ["CacheClusterId", "sessions-0001-001"]),
        ("AWS/RDS", ["DBInstanceIdentifier", "primary"]),
        ("AWS/DynamoDB", ["TableName", "customers-shard-00"]),
        ("AWS/SQS", ["QueueName", "work-mail"]),
        ("AWS/SQS", ["QueueName", "work-mail-dead-letters"]),
    ],
)
def test_every_box_is_drawn_by_the_dimensions_of_its_metrics(namespace, dimensions):
    drawn = [(line[0], line[2:-1]) for each in widgets() for line in each["properties"]["metrics"]]
    assert (namespace, dimensions) in drawn


def test_the_cdn_is_drawn_from_where_its_metrics_are():
    regions = {each["properties"]["region"] for each in widgets() if each["properties"]["title"].startswith("CDN")}
    assert regions == {"us-east-1"}


def test_everything_else_is_drawn_from_the_stacks_region():
    regions = {each["properties"]["region"] for each in widgets() if not each["properties"]["title"].startswith("CDN")}
    assert regions == {"eu-west-1"}


def test_a_line_carries_the_name_that_people_use():
    assert lines("Queues: jobs waiting") == [
        ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "work-mail", {"label": "mail"}]
    ]


def test_two_metrics_of_one_box_are_told_apart():
    labels = [line[-1]["label"] for line in lines("Shards: throttled")]
    assert labels == ["shard-00 ReadThrottleEvents", "shard-00 WriteThrottleEvents"]


def test_lag_is_drawn_for_replicas_alone():
    assert lines("Database: replica lag, s") == [
        ["AWS/RDS", "ReplicaLag", "DBInstanceIdentifier", "replica-1", {"label": "replica-1"}]
    ]


def test_without_replicas_no_lag_is_drawn():
    assert "ReplicaLag" not in body(boxes(replicas={}))


def test_more_shards_are_more_lines_and_not_more_graphs():
    many = {f"shard-{number:02}": f"table-{number}" for number in range(250)}
    assert (len(widgets(tables=many)), len(lines("Shards: reads, units", tables=many))) == (len(widgets()), 250)


def test_the_dashboard_is_far_under_the_500_graphs_that_cloudwatch_takes():
    assert len(widgets()) == 20


def test_no_two_graphs_lie_on_top_of_each_other():
    places = [(each["x"], each["y"]) for each in widgets()]
    assert (len(set(places)), {x for x, _ in places}) == (len(places), {0, 8, 16})


def test_an_empty_box_is_not_drawn():
    titles = [each["properties"]["title"] for each in widgets(queues={})]
    assert [title for title in titles if title.startswith("Queues")] == []


def test_more_lines_than_a_graph_can_hold_are_refused():
    many = {f"shard-{number:03}": f"table-{number}" for number in range(251)}
    with pytest.raises(ValueError, match="the graph 'Shards: throttled' has 502 metrics; allowed: 500"):
        widgets(tables=many)
