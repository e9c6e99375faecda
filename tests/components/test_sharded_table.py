"""The sharded table: which tables stand, what protects them, who may touch them."""

import json

import pytest
from botocore.exceptions import ClientError

from app.contract import ShardMap
from components.protection import Protection
from components.sharded_table import ShardedTable, ShardedTableArgs
from tests.deploying import deploy

TABLE = "aws:dynamodb/table:Table"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms"
ITEM = {"customer": {"S": "c1"}, "entry": {"S": "e1"}}


def args(shards=3, protection=None, **more):
    keep = protection or Protection(protect=False, disposable=True)
    shape = {"partition_key": "customer", "sort_key": "entry", "ttl_attribute": "ends", "point_in_time_recovery": False}
    return ShardedTableArgs(shards=shards, protection=keep, **{**shape, **more})


def _program():
    ShardedTable("customers", args(alarm_topic_arn=TOPIC))
    ShardedTable("kept", args(protection=Protection(protect=True), point_in_time_recovery=True))
    ShardedTable("plain", args(shards=1, sort_key=None, ttl_attribute=None))
    ShardedTable("many", args(shards=81))
    ShardedTable("leaving", args(shards=1, draining=1, protection=Protection(protect=True)))


@pytest.fixture(scope="module")
def deployed():
    return deploy(_program)


def component(deployed, name="customers"):
    return deployed.one("bigpicture:data:ShardedTable", name).outputs


def tables(deployed, name):
    return [table for table in deployed.of_type(TABLE) if table.name.startswith(f"{name}-shard-")]


def describe(deployed, name="customers"):
    name = component(deployed, name)["table_names"]["shard-00"]
    return deployed.client("dynamodb").describe_table(TableName=name)["Table"]


def test_every_shard_of_the_map_is_a_table_that_stands(deployed):
    named = sorted(component(deployed)["shard_map"]["tables"].values())
    stand = deployed.client("dynamodb").list_tables()["TableNames"]
    assert [name for name in stand if name.startswith("customers")] == named


def test_shards_are_keyed_by_their_number(deployed):
    assert sorted(component(deployed)["table_names"]) == ["shard-00", "shard-01", "shard-02"]


def test_the_map_is_what_the_app_takes(deployed):
    outputs = component(deployed)
    assert ShardMap(**outputs["shard_map"]) == ShardMap(version=3, tables=outputs["table_names"])


def test_a_shard_that_drains_stays_in_the_map_and_is_named_as_such(deployed):
    found = component(deployed, "leaving")["shard_map"]
    assert (sorted(found["tables"]), found["draining"]) == (["shard-00", "shard-01"], ["shard-01"])


def test_a_shard_that_drains_is_no_longer_protected(deployed):
    names = component(deployed, "leaving")["table_names"]
    found = {shard: deployed.client("dynamodb").describe_table(TableName=name) for shard, name in names.items()}
    protected = {shard: each["Table"]["DeletionProtectionEnabled"] for shard, each in found.items()}
    assert protected == {"shard-00": True, "shard-01": False}


@pytest.mark.parametrize("draining", [-1, 254])
def test_shards_that_drain_count_among_the_256(draining):
    with pytest.raises(ValueError, match=f"draining is {draining}; allowed: 0 to 253, 256 tables in all"):
        args(shards=3, draining=draining)


def test_a_table_bills_what_is_asked_of_it(deployed):
    assert describe(deployed)["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"


def test_a_table_has_the_partition_key_and_the_sort_key_that_were_named(deployed):
    keys = [(key["AttributeName"], key["KeyType"]) for key in describe(deployed)["KeySchema"]]
    assert keys == [("customer", "HASH"), ("entry", "RANGE")]


def test_a_table_defines_exactly_its_key_attributes(deployed):
    assert describe(deployed)["AttributeDefinitions"] == [
        {"AttributeName": "customer", "AttributeType": "S"},
        {"AttributeName": "entry", "AttributeType": "S"},
    ]


def test_a_table_without_a_sort_key_has_the_partition_key_alone(deployed):
    assert describe(deployed, "plain")["KeySchema"] == [{"AttributeName": "customer", "KeyType": "HASH"}]


def test_an_item_ends_when_its_ttl_attribute_says(deployed):
    name = component(deployed)["table_names"]["shard-02"]
    ttl = deployed.client("dynamodb").describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert ttl == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ends"}


def test_without_a_ttl_attribute_nothing_ends(deployed):
    name = component(deployed, "plain")["table_names"]["shard-00"]
    ttl = deployed.client("dynamodb").describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert ttl == {"TimeToLiveStatus": "DISABLED"}


def test_an_item_is_written_and_read(deployed):
    name = component(deployed)["table_names"]["shard-01"]
    deployed.client("dynamodb").put_item(TableName=name, Item=ITEM)
    assert deployed.client("dynamodb").get_item(TableName=name, Key=ITEM)["Item"] == ITEM


def recovery(deployed, name):
    name = component(deployed, name)["table_names"]["shard-00"]
    found = deployed.client("dynamodb").describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    point = found["PointInTimeRecoveryDescription"]
    return point["PointInTimeRecoveryStatus"], point.get("RecoveryPeriodInDays")


def test_in_production_a_table_can_be_brought_back_to_any_second_of_35_days(deployed):
    assert recovery(deployed, "kept") == ("ENABLED", 35)


def test_a_sandbox_pays_for_no_recovery(deployed):
    assert recovery(deployed, "customers") == ("DISABLED", None)


def test_in_production_aws_refuses_to_delete_a_table(deployed):
    name = component(deployed, "kept")["table_names"]["shard-00"]
    with pytest.raises(ClientError, match="can't be deleted while DeletionProtectionEnabled is set to True"):
        deployed.client("dynamodb").delete_table(TableName=name)


def test_in_production_pulumi_refuses_to_delete_a_table(deployed):
    assert [table.options.protect for table in tables(deployed, "kept")] == [True, True, True]


def test_a_sandboxs_tables_can_be_deleted(deployed):
    assert [table.options.protect for table in tables(deployed, "customers")] == [False, False, False]
    assert describe(deployed)["DeletionProtectionEnabled"] is False


def statement(deployed, name="customers"):
    [found] = json.loads(component(deployed, name)["access_policy"])["Statement"]
    return found


def test_the_access_policy_names_every_table_and_nothing_else(deployed):
    names = component(deployed)["table_names"].values()
    found = [deployed.client("dynamodb").describe_table(TableName=name)["Table"]["TableArn"] for name in names]
    assert sorted(statement(deployed)["Resource"]) == sorted(found)


def test_the_access_policy_allows_items_to_be_read_and_written_and_no_more(deployed):
    assert statement(deployed)["Action"] == [
        "dynamodb:BatchGetItem",
        "dynamodb:BatchWriteItem",
        "dynamodb:ConditionCheckItem",
        "dynamodb:DeleteItem",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
    ]


def test_the_access_policy_of_many_shards_names_what_their_arns_begin_with(deployed):
    beginning = "arn:aws:dynamodb:us-east-1:123456789012:table/many-shard-*"
    assert statement(deployed, "many")["Resource"] == [beginning]


def alarms(deployed):
    return {alarm["AlarmName"]: alarm for alarm in deployed.client("cloudwatch").describe_alarms()["MetricAlarms"]}


def test_every_shard_has_an_alarm_for_throttling_and_one_for_errors(deployed):
    assert [resource.name for resource in deployed.of_type(ALARM)] == [
        f"customers-shard-{shard}-{what}" for shard in ("00", "01", "02") for what in ("throttled", "errors")
    ]


def watched(deployed, name):
    [alarm] = [found for id_, found in alarms(deployed).items() if id_.startswith(name)]
    metrics = [query["MetricStat"]["Metric"] for query in alarm["Metrics"] if "MetricStat" in query]
    return [(each["MetricName"], {pair["Name"]: pair["Value"] for pair in each["Dimensions"]}) for each in metrics]


def test_a_shards_throttling_is_read_from_its_own_table(deployed):
    table = component(deployed)["table_names"]["shard-01"]
    assert watched(deployed, "customers-shard-01-throttled") == [
        ("ReadThrottleEvents", {"TableName": table}),
        ("WriteThrottleEvents", {"TableName": table}),
    ]


def test_a_shards_errors_are_read_by_operation_because_no_other_such_metric_exists(deployed):
    table = component(deployed)["table_names"]["shard-01"]
    operations = ["BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "TransactGetItems"]
    expected = [{"TableName": table, "Operation": each} for each in (*operations, "TransactWriteItems", "UpdateItem")]
    assert watched(deployed, "customers-shard-01-errors") == [("SystemErrors", each) for each in expected]


def test_an_alarm_sums_all_that_it_reads(deployed):
    [alarm] = [found for id_, found in alarms(deployed).items() if id_.startswith("customers-shard-00-errors")]
    [answer] = [query for query in alarm["Metrics"] if query["ReturnData"]]
    assert answer["Expression"] == " + ".join(f"FILL(m{number}, 0)" for number in range(9))


def test_without_a_topic_there_is_no_alarm(deployed):
    assert [alarm.name for alarm in deployed.of_type(ALARM) if not alarm.name.startswith("customers")] == []


@pytest.mark.parametrize("shards", [0, 257])
def test_a_number_of_shards_out_of_range_is_refused(shards):
    with pytest.raises(ValueError, match=f"shards is {shards}; allowed: 1 to 256. Fix: shards"):
        args(shards=shards)


def test_one_attribute_for_two_purposes_is_refused():
    with pytest.raises(ValueError, match="allowed: names that are not empty and differ"):
        args(sort_key="customer")


def test_what_is_declared_is_registered(deployed):
    assert set(component(deployed)) == set(ShardedTable.__annotations__)


def test_every_child_belongs_to_the_component(deployed):
    owned = sum(len(children) for _, children in deployed.graph.components())
    assert owned == len(deployed.of_type(TABLE)) + len(deployed.of_type(ALARM))
