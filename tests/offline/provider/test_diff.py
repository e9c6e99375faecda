"""Diff tells a change in place from a replacement, and sees no change where AWS sees none."""

import pytest
from pulumi.runtime.proto import provider_pb2

from offline import wire
from tests.offline.provider.calls import serving, urn_of

QUEUE, POLICY = urn_of("aws:sqs/queue:Queue"), urn_of("aws:sqs/queuePolicy:QueuePolicy")
DATABASE, CACHE = urn_of("aws:rds/instance:Instance"), urn_of("aws:elasticache/replicationGroup:ReplicationGroup")
GROUP, RULE = (
    urn_of("aws:lb/targetGroup:TargetGroup"),
    urn_of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"),
)
GROWN = {"allocatedStorage": 150, "maxAllocatedStorage": 500}


@pytest.fixture
def provider(account):
    with serving(account) as provider:
        yield provider


def kinds(answer):
    return {path: provider_pb2.PropertyDiff.Kind.Name(detail.kind) for path, detail in answer.detailedDiff.items()}


@pytest.mark.parametrize(
    ("urn", "olds", "news", "seen"),
    [
        (QUEUE, {"delaySeconds": 1}, {"delaySeconds": 2}, {"delaySeconds": "UPDATE"}),
        (QUEUE, {}, {"delaySeconds": 2}, {"delaySeconds": "ADD"}),
        (QUEUE, {"delaySeconds": 2}, {}, {"delaySeconds": "DELETE"}),
        (QUEUE, {"fifoQueue": False}, {"fifoQueue": True}, {"fifoQueue": "UPDATE_REPLACE"}),
        (QUEUE, {"tags": {"a": "1"}}, {"tags": {"a": "1", "b": "2"}}, {"tags.b": "ADD"}),
        (GROUP, {"port": 80}, {"port": 81}, {"port": "UPDATE_REPLACE"}),
        (GROUP, {"healthCheck": {"path": "/"}}, {"healthCheck": {"path": "/a"}}, {"healthCheck.path": "UPDATE"}),
        (DATABASE, {"storageEncrypted": False}, {"storageEncrypted": True}, {"storageEncrypted": "UPDATE_REPLACE"}),
        (DATABASE, {"allocatedStorage": 150}, {"allocatedStorage": 100}, {"allocatedStorage": "UPDATE"}),
        (DATABASE, GROWN, {**GROWN, "allocatedStorage": 200}, {"allocatedStorage": "UPDATE"}),
        (DATABASE, GROWN, {**GROWN, "allocatedStorage": 500}, {"allocatedStorage": "UPDATE"}),
        (CACHE, {"engineVersion": "8.0"}, {"engineVersion": "8.1"}, {"engineVersion": "UPDATE"}),
        (CACHE, {"engineVersion": "8.1"}, {"engineVersion": "8.0"}, {"engineVersion": "UPDATE_REPLACE"}),
        (CACHE, {"engine": "redis"}, {"engine": "valkey"}, {"engine": "UPDATE"}),
        (CACHE, {"engine": "valkey"}, {"engine": "redis"}, {"engine": "UPDATE_REPLACE"}),
        (RULE, {"cidrIpv4": "10.0.0.0/8"}, {"cidrIpv4": "10.0.0.0/9"}, {"cidrIpv4": "UPDATE"}),
        (QUEUE, {"region": "us-east-1"}, {"region": "us-east-2"}, {"region": "UPDATE_REPLACE"}),
        (QUEUE, {"delaySeconds": 1}, {"delaySeconds": wire.UNKNOWN}, {"delaySeconds": "UPDATE"}),
    ],
)
def test_a_change_is_told_by_property(provider, urn, olds, news, seen):
    assert kinds(provider.diff(urn, olds, news)) == seen


@pytest.mark.parametrize(
    ("urn", "olds", "news"),
    [
        (POLICY, {"policy": '{"a": 1, "b": 2}'}, {"policy": '{"b":2,"a":1}'}),
        (CACHE, {"securityGroupIds": ["a", "b"]}, {"securityGroupIds": ["b", "a"]}),
        (DATABASE, {"availabilityZone": "us-east-1a"}, {}),
        (DATABASE, GROWN, {**GROWN, "allocatedStorage": 100}),
    ],
    ids=[
        "a document in another spelling",
        "a set in another order",
        "what AWS chooses when nobody asks",
        "storage that has grown by itself",
    ],
)
def test_what_is_no_change_to_aws_is_none(provider, urn, olds, news):
    assert provider.diff(urn, olds, news).changes == provider_pb2.DiffResponse.DIFF_NONE


def test_asking_for_what_the_account_holds_anyway_is_no_change(provider):
    answer = provider.diff(QUEUE, {"name": "a"}, {"name": "a", "delaySeconds": 0}, {"name": "a", "delaySeconds": 0})
    assert answer.changes == provider_pb2.DiffResponse.DIFF_NONE


def test_the_order_of_an_ordered_list_is_a_change(provider):
    urn, field = urn_of("aws:autoscaling/group:Group"), "terminationPolicies"
    assert list(provider.diff(urn, {field: ["a", "b"]}, {field: ["b", "a"]}).diffs) == [field]


def test_a_replaced_resource_of_a_fixed_name_goes_before_its_successor_comes(provider):
    assert provider.diff(GROUP, {"name": "web", "port": 80}, {"name": "web", "port": 81}).deleteBeforeReplace


def test_a_replaced_resource_of_an_automatic_name_goes_after_its_successor_has_come(provider):
    named = provider.check(GROUP, {"port": 80})
    assert not provider.diff(GROUP, named, {**named, "port": 81}).deleteBeforeReplace
