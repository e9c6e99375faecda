"""The provider makes, reads and deletes a resource over gRPC, and boto3 sees the same."""

import pytest

from tests.offline.provider.calls import serving, urn_of

QUEUE = urn_of("aws:sqs/queue:Queue")


@pytest.fixture
def provider(account):
    with serving(account) as provider:
        yield provider


def test_a_created_resource_stands_in_the_account(provider, account):
    id_, state = provider.create(QUEUE, {"name": "jobs", "delaySeconds": 5})
    held = account.client("sqs").get_queue_attributes(QueueUrl=id_, AttributeNames=["All"])["Attributes"]
    assert (state["arn"], state["delaySeconds"]) == (held["QueueArn"], int(held["DelaySeconds"]))


def test_a_deleted_resource_is_gone_from_the_account(provider, account):
    id_, state = provider.create(QUEUE, {"name": "jobs"})
    provider.delete(QUEUE, id_, state)
    assert account.client("sqs").list_queues().get("QueueUrls", []) == []


def test_deleting_what_is_gone_is_no_fault(provider, account):
    id_, state = provider.create(QUEUE, {"name": "jobs"})
    account.client("sqs").delete_queue(QueueUrl=id_)
    provider.delete(QUEUE, id_, state)
    assert provider.read(QUEUE, id_, {"name": "jobs"})[0] == ""
