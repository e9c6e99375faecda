"""A preview makes nothing, and tells apart what is known from what only AWS will tell."""

import pytest

from offline import wire
from tests.offline.provider.calls import serving, urn_of

QUEUE, TEMPLATE = urn_of("aws:sqs/queue:Queue"), urn_of("aws:ec2/launchTemplate:LaunchTemplate")


@pytest.fixture
def provider(account):
    with serving(account) as provider:
        yield provider


def test_a_preview_makes_nothing(provider, account):
    provider.create(QUEUE, {"name": "jobs"}, preview=True)
    assert account.client("sqs").list_queues().get("QueueUrls", []) == []


def test_the_id_and_what_aws_chooses_are_unknown_and_what_was_asked_for_is_known(provider):
    id_, state = provider.create(QUEUE, {"name": "jobs", "delaySeconds": 5}, preview=True)
    assert (id_, state["arn"], state["url"], state["delaySeconds"]) == ("", wire.UNKNOWN, wire.UNKNOWN, 5)


def test_what_is_unknown_stays_unknown(provider):
    state = provider.create(QUEUE, {"name": "jobs", "redrivePolicy": wire.UNKNOWN}, preview=True)[1]
    assert state["redrivePolicy"] == wire.UNKNOWN


def test_a_previewed_change_keeps_the_outputs_and_changes_nothing(provider, account):
    old = {"name": "jobs", "delaySeconds": 5}
    id_, state = provider.create(QUEUE, old)
    seen = provider.update(QUEUE, id_, old, {**old, "delaySeconds": 6}, state, preview=True)
    held = account.client("sqs").get_queue_attributes(QueueUrl=id_, AttributeNames=["DelaySeconds"])["Attributes"]
    assert (seen["arn"], seen["delaySeconds"], held) == (state["arn"], 6, {"DelaySeconds": "5"})


@pytest.mark.parametrize(
    ("change", "version"), [({"instanceType": "t4g.large"}, wire.UNKNOWN), ({"tags": {"a": "b"}}, 1)]
)
def test_a_change_makes_unknown_what_it_moves(provider, change, version):
    old = {"name": "web", "instanceType": "t4g.small"}
    id_, state = provider.create(TEMPLATE, old)
    assert provider.update(TEMPLATE, id_, old, {**old, **change}, state, preview=True)["latestVersion"] == version


def test_tags_of_a_previewed_change_are_all_its_tags(provider):
    id_, state = provider.create(QUEUE, {"name": "jobs"})
    after = provider.update(QUEUE, id_, {"name": "jobs"}, {"name": "jobs", "tags": {"a": "b"}}, state, preview=True)
    assert after["tagsAll"] == {"a": "b"}
