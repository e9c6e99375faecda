"""Check names a resource as every engine does, and refuses what the account would drop."""

import pytest
from pulumi.runtime.proto import provider_pb2

from components import names
from offline import wire
from tests.offline.provider.calls import serving, urn_of

QUEUE, TOPIC = urn_of("aws:sqs/queue:Queue"), urn_of("aws:sns/topic:Topic")


@pytest.fixture
def provider(account):
    with serving(account) as provider:
        yield provider


def automatic(urn):
    named = names.physical(urn.split("::")[2], "one", f"test/{urn}")
    assert named is not None
    return named[1]


def reasons(answer):
    return [failure.reason for failure in answer.failures]


def test_a_resource_without_a_name_gets_the_one_that_the_embedded_engine_gives(provider):
    assert provider.check(QUEUE, {})["name"] == automatic(QUEUE)


def test_a_name_of_the_programs_own_stays(provider):
    assert provider.check(QUEUE, {"name": "jobs"})["name"] == "jobs"


def test_an_automatic_name_is_kept_for_life(provider):
    older = automatic(QUEUE)[:-7] + "0000000"
    assert provider.check(QUEUE, {"delaySeconds": 5}, {"name": older})["name"] == older


def test_a_name_that_the_program_gave_and_takes_back_gives_way_to_an_automatic_one(provider):
    assert provider.check(QUEUE, {}, {"name": "jobs"})["name"] == automatic(QUEUE)


def test_a_replacement_is_called_otherwise_than_what_it_replaces(provider):
    old = provider.check(QUEUE, {})
    provider.diff(QUEUE, old, {**old, "fifoQueue": True})
    assert provider.check(QUEUE, {})["name"] != old["name"]


def test_the_next_first_name_is_the_usual_one_again(provider):
    old = provider.check(QUEUE, {})
    provider.diff(QUEUE, old, {**old, "fifoQueue": True})
    provider.check(QUEUE, {})
    assert provider.check(QUEUE, {})["name"] == old["name"]


def test_a_property_that_the_account_would_drop_is_refused_by_name(provider):
    [reason] = reasons(provider.checked(QUEUE, {"fifoThroughputLimit": "perQueue"}))
    assert reason.startswith("fifoThroughputLimit is not carried by the offline account; carried: content")


def test_a_misspelt_property_is_refused_with_the_nearest(provider):
    [reason] = reasons(provider.checked(QUEUE, {"delaySecond": 5}))
    assert reason.endswith("Fix: its name; nearest: delaySeconds")


def test_a_value_of_a_wrong_type_is_refused_without_showing_it(provider):
    [reason] = reasons(provider.checked(QUEUE, {"delaySeconds": "hunter2"}))
    assert reason == "delaySeconds is a text; allowed: a whole number. Fix: its type in the program"


def test_a_wrong_type_is_found_inside_of_blocks(provider):
    rule = urn_of("aws:lb/listenerRule:ListenerRule")
    inputs = {"listenerArn": "arn", "conditions": [], "actions": [{"type": 5}]}
    [failure] = provider.checked(rule, inputs).failures
    assert failure.property == "actions[0].type"


def test_a_missing_property_is_refused(provider):
    [failure] = provider.checked(urn_of("aws:sqs/queuePolicy:QueuePolicy"), {"queueUrl": "url"}).failures
    assert failure.property == "policy"


def test_a_type_that_is_not_carried_is_refused_with_the_nearest_ones(provider):
    [reason] = reasons(provider.checked(urn_of("aws:sqs/queues:Queues"), {}))
    assert "nearest that are: aws:sqs/queue:Queue" in reason


def test_what_is_not_known_yet_has_every_type(provider):
    assert provider.check(QUEUE, {"delaySeconds": wire.UNKNOWN})["delaySeconds"] == wire.UNKNOWN


def test_secret_inputs_come_back_secret(provider):
    secret = wire.secret("hunter2")
    assert provider.check(TOPIC, {"displayName": secret})["displayName"] == secret


@pytest.mark.parametrize(
    ("config", "failing"),
    [
        ({"region": "us-east-1", "version": "7.51.1"}, []),
        ({"region": "eu-central-1"}, ["region"]),
        ({"allowedAccountIds": '["999999999999"]'}, ["allowedAccountIds"]),
        ({"allowedAccountIds": '["123456789012"]'}, []),
        ({"defaultTags": "{}"}, ["defaultTags"]),
    ],
)
def test_a_configuration_that_would_not_be_obeyed_is_refused(provider, config, failing):
    asked = provider_pb2.CheckRequest(urn=urn_of("pulumi:providers:aws"), news=wire.to_struct(config))
    assert [failure.property for failure in provider.stub.CheckConfig(asked).failures] == failing
