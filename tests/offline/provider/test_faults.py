"""What fails in the middle is kept, finished later, and made once."""

from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, status_pb2

from offline import wire
from tests.offline.provider.calls import serving, urn_of
from tests.offline.provider.refusing import Refusing

QUEUE, VPC = urn_of("aws:sqs/queue:Queue"), urn_of("aws:ec2/vpc:Vpc")
NETWORK = {"cidrBlock": "10.1.0.0/16", "enableDnsHostnames": True}


@pytest.fixture
def refusing(account):
    return Refusing(account)


@pytest.fixture
def provider(refusing):
    with serving(refusing) as provider:
        yield provider


def half_made(provider, refusing):
    """The details of a network whose second call, which sets an attribute, is refused."""
    refusing.refuse = 2
    with pytest.raises(grpc.RpcError) as failure:
        provider.create(VPC, NETWORK)
    error: Any = failure.value
    [details] = [value for key, value in error.trailing_metadata() if key == "grpc-status-details-bin"]
    kept = provider_pb2.ErrorResourceInitFailed()
    status_pb2.Status.FromString(details).details[0].Unpack(kept)
    return kept


def networks(account):
    return account.client("ec2").describe_vpcs(Filters=[{"Name": "cidr", "Values": ["10.1.0.0/16"]}])["Vpcs"]


def test_a_refused_create_makes_nothing_and_says_why(provider, refusing, account):
    refusing.refuse = 1
    with pytest.raises(grpc.RpcError) as failure:
        provider.create(QUEUE, {"name": "jobs"})
    assert str(failure.value.details()).endswith("calling the create_queue operation: a bad day")
    assert account.client("sqs").list_queues().get("QueueUrls", []) == []


def test_the_same_create_succeeds_the_next_time(provider, refusing):
    refusing.refuse = 1
    with pytest.raises(grpc.RpcError):
        provider.create(QUEUE, {"name": "jobs"})
    assert provider.create(QUEUE, {"name": "jobs"})[1]["name"] == "jobs"


def test_what_is_half_made_is_handed_over_with_its_id(provider, refusing, account):
    kept = half_made(provider, refusing)
    assert [kept.id] == [vpc["VpcId"] for vpc in networks(account)]
    assert [reason.partition(" when ")[0] for reason in kept.reasons] == ["An error occurred (ServiceUnavailable)"]


def test_what_is_half_made_is_finished_by_an_update_without_a_change(provider, refusing, account):
    kept = half_made(provider, refusing)
    state = wire.plain(kept.properties)
    provider.update(VPC, kept.id, NETWORK, NETWORK, state)
    held = account.client("ec2").describe_vpc_attribute(VpcId=kept.id, Attribute="enableDnsHostnames")
    assert (held["EnableDnsHostnames"]["Value"], len(networks(account))) == (True, 1)


def test_a_change_of_what_is_gone_says_so(provider, account):
    id_, state = provider.create(QUEUE, {"name": "jobs"})
    account.client("sqs").delete_queue(QueueUrl=id_)
    with pytest.raises(grpc.RpcError) as failure:
        provider.update(QUEUE, id_, {"name": "jobs"}, {"name": "jobs", "delaySeconds": 5}, state)
    assert str(failure.value.details()).endswith("is gone from the account. Fix: refresh, then up")


def test_drift_is_read_and_mended(provider, account):
    inputs = {"name": "jobs", "delaySeconds": 5}
    id_, state = provider.create(QUEUE, inputs)
    account.client("sqs").set_queue_attributes(QueueUrl=id_, Attributes={"DelaySeconds": "9"})
    held = provider.read(QUEUE, id_, inputs, state)[2]
    provider.update(QUEUE, id_, held, inputs, state)
    assert (held["delaySeconds"], provider.read(QUEUE, id_, inputs, state)[2]["delaySeconds"]) == (9, 5)
