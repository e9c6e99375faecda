"""The account's own word on what watches the store: alarms, logs, dashboard and budget speak of what is there."""

import json

import pytest

from tests.cloud_config import files
from tests.stores import fleets, instances, standing, user_data

REGION, EDGE = "eu-west-1", "us-east-1"
OVERRIDES = {
    "aws:region": REGION,
    "waf": "true",
    "flow_logs": "true",
    "access_logs": "true",
    "alarm_email": "ops@bigpicture.dev",
}
OPERATIONS = {"BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "TransactGetItems",
              "TransactWriteItems", "UpdateItem"}  # fmt: skip


@pytest.fixture(scope="module")
def store():
    with standing("offline", OVERRIDES) as store:
        yield store


def queue_names(store):
    return {url.rpartition("/")[2] for url in store.client("sqs").list_queues()["QueueUrls"]}


def topics(store, region=REGION):
    return {each["TopicArn"] for each in store.client("sns", region).list_topics()["Topics"]}


def tables(store):
    return set(store.client("dynamodb").list_tables()["TableNames"])


def existing(store):
    """Dimension of CloudWatch -> every value for which the account has something."""
    balancing, cache, cdn = store.client("elbv2"), store.client("elasticache"), store.client("cloudfront")
    return {
        "AutoScalingGroupName": {group["AutoScalingGroupName"] for group in fleets(store).values()},
        "QueueName": queue_names(store),
        "LoadBalancer": {
            each["LoadBalancerArn"].partition("loadbalancer/")[2]
            for each in balancing.describe_load_balancers()["LoadBalancers"]
        },
        "TargetGroup": {
            each["TargetGroupArn"].rpartition(":")[2] for each in balancing.describe_target_groups()["TargetGroups"]
        },
        "CacheClusterId": {each["CacheClusterId"] for each in cache.describe_cache_clusters()["CacheClusters"]},
        "DBInstanceIdentifier": {each["DBInstanceIdentifier"] for each in instances(store)},
        "TableName": tables(store),
        "Operation": OPERATIONS,
        "TopicName": {arn.rpartition(":")[2] for arn in topics(store)},
        "DistributionId": {each["Id"] for each in cdn.list_distributions()["DistributionList"]["Items"]},
        "Region": {"Global"},
    }


def alarms(store, region=REGION):
    pages = store.client("cloudwatch", region).get_paginator("describe_alarms").paginate()
    return [alarm for page in pages for alarm in page["MetricAlarms"]]


def watched(alarm):
    """Every (namespace, metric, dimensions) that an alarm looks at."""
    parts = [query["MetricStat"]["Metric"] for query in alarm.get("Metrics", []) if "MetricStat" in query]
    return [
        (part["Namespace"], part["MetricName"], {each["Name"]: each["Value"] for each in part["Dimensions"]})
        for part in parts or [alarm]
    ]


def values(store, metric, dimension):
    """What the alarms on a metric watch, by one dimension."""
    found = [(name, by) for alarm in alarms(store) for _, name, by in watched(alarm)]
    return {by[dimension] for name, by in found if name == metric and dimension in by}


def strays(store, dimensions):
    known = existing(store)
    return [(name, value) for name, value in dimensions if value not in known[name]]


def log_groups(store, region=REGION):
    groups = store.client("logs", region).describe_log_groups()["logGroups"]
    return {group["logGroupName"]: group["retentionInDays"] for group in groups}


def widgets(store):
    client = store.client("cloudwatch")
    [only] = client.list_dashboards()["DashboardEntries"]
    return json.loads(client.get_dashboard(DashboardName=only["DashboardName"])["DashboardBody"])["widgets"]


@pytest.mark.parametrize("region", [REGION, EDGE])
def test_every_alarm_watches_something_that_is_there(store, region):
    looked_at = [pair for alarm in alarms(store, region) for *_, by in watched(alarm) for pair in by.items()]
    assert (len(looked_at) > 0, strays(store, looked_at)) == (True, [])


@pytest.mark.parametrize("region", [REGION, EDGE])
def test_every_alarm_tells_a_topic_of_its_own_region_of_its_beginning_and_its_end(store, region):
    [told] = topics(store, region) - {store.outputs["topic_arn"]}
    deaf = [
        each["AlarmName"] for each in alarms(store, region) if [each["AlarmActions"], each["OKActions"]] != [[told]] * 2
    ]
    assert (told.split(":")[3], deaf) == (region, [])


def test_only_the_cdns_alarm_is_at_the_edge(store):
    assert [[namespace for namespace, *_ in watched(alarm)] for alarm in alarms(store, EDGE)] == [["AWS/CloudFront"]]


def test_every_dead_letter_queue_has_an_alarm_on_its_first_letter(store):
    dead = {name for name in queue_names(store) if "-dead-letters-" in name}
    assert (len(dead), values(store, "ApproximateNumberOfMessagesVisible", "QueueName")) == (9, dead)


def test_every_work_queue_has_an_alarm_on_the_age_of_its_jobs(store):
    work = {name for name in queue_names(store) if "-dead-letters-" not in name}
    assert (len(work), values(store, "ApproximateAgeOfOldestMessage", "QueueName")) == (5, work)


@pytest.mark.parametrize(
    ("metric", "dimension"),
    [
        ("GroupInServiceInstances", "AutoScalingGroupName"),
        ("UnHealthyHostCount", "TargetGroup"),
        ("HTTPCode_Target_5XX_Count", "TargetGroup"),
        ("TargetResponseTime", "TargetGroup"),
        ("HTTPCode_ELB_5XX_Count", "LoadBalancer"),
        ("FreeStorageSpace", "DBInstanceIdentifier"),
        ("DatabaseMemoryUsagePercentage", "CacheClusterId"),
        ("Evictions", "CacheClusterId"),
        ("ReadThrottleEvents", "TableName"),
    ],
)
def test_everything_of_a_kind_is_watched(store, metric, dimension):
    assert values(store, metric, dimension) == existing(store)[dimension]


def test_the_replicas_lag_is_watched_and_not_the_primarys(store):
    assert values(store, "ReplicaLag", "DBInstanceIdentifier") == {instances(store)[1]["DBInstanceIdentifier"]}


def test_the_replicas_lag_is_drawn_and_not_the_primarys(store):
    rows = [row for widget in widgets(store) for row in widget["properties"]["metrics"] if row[1] == "ReplicaLag"]
    assert [row[3] for row in rows] == [instances(store)[1]["DBInstanceIdentifier"]]


@pytest.mark.parametrize("region", [REGION, EDGE])
def test_the_address_is_subscribed_to_the_alarms(store, region):
    [told] = topics(store, region) - {store.outputs["topic_arn"]}
    found = store.client("sns", region).list_subscriptions_by_topic(TopicArn=told)["Subscriptions"]
    assert [(each["Protocol"], each["Endpoint"]) for each in found] == [("email", "ops@bigpicture.dev")]


def test_every_metric_of_the_dashboard_is_of_something_that_is_there(store):
    rows = [row for widget in widgets(store) for row in widget["properties"]["metrics"]]
    words = [[word for word in row[2:] if isinstance(word, str)] for row in rows]
    shown = [pair for row in words for pair in zip(row[::2], row[1::2], strict=True)]
    assert (len(shown) > 50, strays(store, shown)) == (True, [])


@pytest.mark.parametrize(
    "dimension",
    [
        "AutoScalingGroupName",
        "CacheClusterId",
        "DBInstanceIdentifier",
        "DistributionId",
        "LoadBalancer",
        "QueueName",
        "TableName",
        "TargetGroup",
    ],
)
def test_everything_that_does_the_stores_work_is_on_the_dashboard(store, dimension):
    shown = {
        word
        for widget in widgets(store)
        for row in widget["properties"]["metrics"]
        for word in row
        if isinstance(word, str)
    }
    unseen = {each for each in existing(store)[dimension] - shown if not each.startswith("events-to-")}
    assert unseen == set()


def test_a_widget_asks_the_region_that_has_its_metrics(store):
    asked = {(widget["properties"]["metrics"][0][0], widget["properties"]["region"]) for widget in widgets(store)}
    assert {region for namespace, region in asked if namespace == "AWS/CloudFront"} == {EDGE}
    assert {region for namespace, region in asked if namespace != "AWS/CloudFront"} == {REGION}


@pytest.mark.parametrize("region", [REGION, EDGE])
def test_every_log_group_forgets_after_the_stacks_days(store, region):
    assert set(log_groups(store, region).values()) == {7}


def log_group_of(store, fleet):
    """Where the agent on a server of the fleet sends the app's log."""
    agent = json.loads(files(user_data(store, fleet))["/etc/bigpicture/log.json"]["content"])
    [collected] = agent["logs"]["logs_collected"]["files"]["collect_list"]
    return collected["log_group_name"]


def test_every_fleet_logs_into_a_group_of_its_own_that_is_there(store):
    told = {fleet: log_group_of(store, fleet) for fleet in fleets(store)}
    assert told == {fleet: f"/bigpicture/offline/{fleet}" for fleet in fleets(store)}
    assert set(told.values()) <= set(log_groups(store))


def test_the_databases_write_to_log_groups_that_are_there(store):
    named = {
        f"/aws/rds/instance/{each['DBInstanceIdentifier']}/{kind}"
        for each in instances(store)
        for kind in each["EnabledCloudwatchLogsExports"]
    }
    assert (len(named), named - set(log_groups(store))) == (4, set())


def test_the_cache_writes_to_log_groups_that_are_there(store):
    [group] = store.client("elasticache").describe_replication_groups()["ReplicationGroups"]
    named = {
        each["DestinationDetails"]["CloudWatchLogsDetails"]["LogGroup"] for each in group["LogDeliveryConfigurations"]
    }
    assert (len(named), named - set(log_groups(store))) == (2, set())


def test_the_network_writes_to_a_log_group_that_is_there(store):
    [flow] = store.client("ec2").describe_flow_logs()["FlowLogs"]
    assert (flow["ResourceId"], flow["LogGroupName"] in log_groups(store)) == (store.outputs["vpc_id"], True)


def test_the_firewall_writes_to_a_log_group_that_is_there(store):
    client = store.client("wafv2", EDGE)
    [firewall] = client.list_web_acls(Scope="CLOUDFRONT")["WebACLs"]
    found = client.get_logging_configuration(ResourceArn=firewall["ARN"])["LoggingConfiguration"]
    assert [arn.split(":")[6] for arn in found["LogDestinationConfigs"]] == list(log_groups(store, EDGE))


def test_the_budget_is_the_presets_by_the_month(store):
    [budget] = store.client("budgets").describe_budgets(AccountId=store.account.account_id)["Budgets"]
    limit = (float(budget["BudgetLimit"]["Amount"]), budget["BudgetLimit"]["Unit"])
    assert (limit, budget["TimeUnit"], budget["BudgetType"]) == ((500.0, "USD"), "MONTHLY", "COST")


def test_the_budget_tells_the_alarm_topic_of_what_was_and_of_what_will_be_spent(store):
    client, account = store.client("budgets"), store.account.account_id
    [budget] = client.describe_budgets(AccountId=account)["Budgets"]
    own = {"AccountId": account, "BudgetName": budget["BudgetName"]}
    found = client.describe_notifications_for_budget(**own)["Notifications"]
    told = [client.describe_subscribers_for_notification(**own, Notification=each)["Subscribers"] for each in found]
    [alarm_topic] = topics(store) - {store.outputs["topic_arn"]}
    assert sorted(each["NotificationType"] for each in found) == ["ACTUAL", "FORECASTED"]
    assert told == [[{"SubscriptionType": "SNS", "Address": alarm_topic}]] * 2
