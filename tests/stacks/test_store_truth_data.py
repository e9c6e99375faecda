"""The account's own word on the horizontal store's data and messages: where they are kept, and which way they go."""

import json

import pytest

from app.contract import QUEUES
from stacks.grants import EVENTS
from tests.stores import instances, standing

TYPES = sorted({type_ for types in EVENTS.values() for type_ in types})


@pytest.fixture(scope="module")
def store():
    with standing("offline") as store:
        yield store


def attributes(store, url):
    return store.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]


def queue(store, kind, role=""):
    """URL of the queue of one kind of work, or of its dead letters, as the account lists it."""
    [url] = [
        url
        for url in store.client("sqs").list_queues()["QueueUrls"]
        if f"/work-{kind}-" in url and ("-dead-letters-" in url) == bool(role)
    ]
    return url


def subscriptions(store):
    """Kind of work -> the ARN of its queue's subscription."""
    found = store.client("sns").list_subscriptions()["Subscriptions"]
    return {each["Endpoint"].rpartition(":")[2].split("-")[1]: each["SubscriptionArn"] for each in found}


def subscription(store, kind):
    return store.client("sns").get_subscription_attributes(SubscriptionArn=subscriptions(store)[kind])["Attributes"]


def take(store, kind):
    """Take everything that waits in the queue of *kind*."""
    sqs, url = store.client("sqs"), queue(store, kind)
    jobs = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=0).get("Messages", [])
    for job in jobs:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=job["ReceiptHandle"])
    return [job["Body"] for job in jobs]


def tables(store):
    client = store.client("dynamodb")
    return [client.describe_table(TableName=name)["Table"] for name in client.list_tables()["TableNames"]]


def test_the_replica_names_its_primary(store):
    primary, *replicas = instances(store)
    assert [each.get("ReadReplicaSourceDBInstanceIdentifier") for each in replicas] == [primary["DBInstanceIdentifier"]]


def test_the_primary_names_its_replica(store):
    primary, *replicas = instances(store)
    named = [each["DBInstanceIdentifier"] for each in replicas]
    assert primary["ReadReplicaDBInstanceIdentifiers"] == named


def test_no_database_has_an_address_of_the_internet(store):
    assert [each["PubliclyAccessible"] for each in instances(store)] == [False, False]


def test_every_database_is_encrypted(store):
    assert [each["StorageEncrypted"] for each in instances(store)] == [True, True]


def test_the_database_stands_in_subnets_without_a_way_out(store):
    ec2, primary = store.client("ec2"), instances(store)[0]
    subnets = [each["SubnetIdentifier"] for each in primary["DBSubnetGroup"]["Subnets"]]
    found = ec2.describe_route_tables(Filters=[{"Name": "association.subnet-id", "Values": subnets}])["RouteTables"]
    ways = {route.get("DestinationCidrBlock", "endpoint") for table in found for route in table["Routes"]}
    assert ways <= {"10.0.0.0/16", "endpoint"}


def test_every_database_asks_for_tls(store):
    client = store.client("rds")
    [name] = {each["DBParameterGroups"][0]["DBParameterGroupName"] for each in instances(store)}
    rows = client.describe_db_parameters(DBParameterGroupName=name)["Parameters"]
    assert [row["ParameterValue"] for row in rows if row["ParameterName"] == "rds.force_ssl"] == ["1"]


def test_the_cache_has_two_shards_with_a_replica_each(store):
    [group] = store.client("elasticache").describe_replication_groups()["ReplicationGroups"]
    assert [len(shard["NodeGroupMembers"]) for shard in group["NodeGroups"]] == [2, 2]


def test_the_cache_asks_for_tls_and_a_token(store):
    [group] = store.client("elasticache").describe_replication_groups()["ReplicationGroups"]
    assert (group["TransitEncryptionMode"], group["AuthTokenEnabled"]) == ("required", True)


def test_every_shard_of_the_map_has_a_table(store):
    names = [table["TableName"] for table in tables(store)]
    assert store.outputs["shard_map"] == {
        "version": 2,
        "tables": dict(zip(("shard-00", "shard-01"), names, strict=True)),
    }


def test_every_table_is_keyed_by_customer_and_entry(store):
    keys = [{"AttributeName": "customer_id", "KeyType": "HASH"}, {"AttributeName": "entry", "KeyType": "RANGE"}]
    assert [table["KeySchema"] for table in tables(store)] == [keys, keys]


def test_every_table_is_billed_by_request(store):
    assert [table["BillingModeSummary"]["BillingMode"] for table in tables(store)] == ["PAY_PER_REQUEST"] * 2


def test_every_table_forgets_what_has_expired(store):
    client = store.client("dynamodb")
    found = [client.describe_time_to_live(TableName=table["TableName"]) for table in tables(store)]
    expected = {"AttributeName": "expires_at", "TimeToLiveStatus": "ENABLED"}
    assert [each["TimeToLiveDescription"] for each in found] == [expected, expected]


@pytest.mark.parametrize("kind", QUEUES)
def test_a_queue_puts_what_failed_into_its_own_dead_letter_queue(store, kind):
    policy = json.loads(attributes(store, queue(store, kind))["RedrivePolicy"])
    assert policy["deadLetterTargetArn"] == attributes(store, queue(store, kind, "dead-letters"))["QueueArn"]


@pytest.mark.parametrize("kind", QUEUES)
def test_a_dead_letter_queue_takes_from_its_own_queue_alone(store, kind):
    policy = json.loads(attributes(store, queue(store, kind, "dead-letters"))["RedriveAllowPolicy"])
    own = [attributes(store, queue(store, kind))["QueueArn"]]
    assert policy == {"redrivePermission": "byQueue", "sourceQueueArns": own}


@pytest.mark.parametrize("kind", QUEUES)
def test_a_job_is_hidden_for_longer_than_it_may_take(store, kind):
    assert int(attributes(store, queue(store, kind))["VisibilityTimeout"]) == max(30, 2 * QUEUES[kind])


@pytest.mark.parametrize("kind", EVENTS)
def test_a_queue_that_hears_events_admits_the_topic_alone(store, kind):
    statements = json.loads(attributes(store, queue(store, kind))["Policy"])["Statement"]
    [one] = [each for each in statements if each["Effect"] == "Allow"]
    assert (one["Principal"], one["Action"]) == ({"Service": "sns.amazonaws.com"}, ["sqs:SendMessage"])
    assert one["Condition"] == {"ArnEquals": {"aws:SourceArn": [subscription(store, kind)["TopicArn"]]}}


@pytest.mark.parametrize("kind", sorted(set(QUEUES) - set(EVENTS)))
def test_a_queue_that_hears_no_events_admits_nobody(store, kind):
    statements = json.loads(attributes(store, queue(store, kind))["Policy"])["Statement"]
    assert [each for each in statements if each["Effect"] == "Allow"] == []


def test_the_queues_that_hear_events_are_subscribed_and_no_other(store):
    assert sorted(subscriptions(store)) == sorted(EVENTS)


@pytest.mark.parametrize("kind", EVENTS)
def test_a_subscription_lets_its_queues_event_types_through(store, kind):
    assert json.loads(subscription(store, kind)["FilterPolicy"]) == {"type": list(EVENTS[kind])}


@pytest.mark.parametrize("kind", EVENTS)
def test_a_subscription_has_a_dead_letter_queue_of_its_own(store, kind):
    target = json.loads(subscription(store, kind)["RedrivePolicy"])["deadLetterTargetArn"]
    name = target.rpartition(":")[2]
    assert name.startswith(f"events-to-{kind}-dead-letters-")
    assert attributes(store, store.client("sqs").get_queue_url(QueueName=name)["QueueUrl"])["QueueArn"] == target


@pytest.mark.parametrize("type_", [*TYPES, "NobodyListens"])
def test_an_event_arrives_in_the_queues_that_hear_it_and_nowhere_else(store, type_):
    attribute = {"type": {"DataType": "String", "StringValue": type_}}
    store.client("sns").publish(TopicArn=store.outputs["topic_arn"], Message=type_, MessageAttributes=attribute)
    arrived = {kind: take(store, kind) for kind in QUEUES}
    assert arrived == {kind: [type_] if type_ in EVENTS.get(kind, ()) else [] for kind in QUEUES}
