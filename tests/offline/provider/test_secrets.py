"""What went in as a secret never comes out in clear."""

import json

import pytest

from offline import wire
from tests.offline.provider.calls import serving, urn_of

SECRET, VERSION = urn_of("aws:secretsmanager/secret:Secret"), urn_of("aws:secretsmanager/secretVersion:SecretVersion")
TOPIC = urn_of("aws:sns/topic:Topic")


@pytest.fixture
def provider(account):
    with serving(account) as provider:
        yield provider


@pytest.fixture
def version(provider):
    arn = provider.create(SECRET, {"name": "vault"})[0]
    inputs = {"secretId": arn, "secretString": wire.secret("hunter2")}
    id_, state = provider.create(VERSION, inputs)
    return id_, inputs, state


def test_a_secret_input_is_a_secret_output(version):
    assert version[2]["secretString"] == wire.secret("hunter2")


def test_a_refresh_keeps_it_secret(provider, version):
    id_, inputs, state = version
    assert provider.read(VERSION, id_, inputs, state)[1]["secretString"] == wire.secret("hunter2")


def test_a_secret_that_was_changed_by_hand_is_refreshed_as_a_secret(provider, account):
    inputs = {"name": "news", "displayName": wire.secret("hunter2")}
    id_, state = provider.create(TOPIC, inputs)
    account.client("sns").set_topic_attributes(TopicArn=id_, AttributeName="DisplayName", AttributeValue="hunter3")
    held = provider.read(TOPIC, id_, inputs, state)
    assert held[1]["displayName"] == held[2]["displayName"] == wire.secret("hunter3")


def test_a_secret_survives_a_change_of_something_else(provider):
    old = {"name": "news", "displayName": wire.secret("hunter2")}
    id_, state = provider.create(TOPIC, old)
    after = provider.update(TOPIC, id_, old, {**old, "tags": {"a": "b"}}, state)
    assert after["displayName"] == wire.secret("hunter2")


def test_a_text_that_holds_a_secret_is_secret_too(provider):
    state = provider.create(TOPIC, {"name": "news", "displayName": wire.secret("hunter2"), "tags": {"a": "hunter2"}})[1]
    assert "hunter2" not in json.dumps({name: value for name, value in state.items() if not wire.is_secret(value)})
