"""Types that no stack uses are made, changed, read and deleted too."""

import json

import pytest

from tests.offline.provider.calls import serving, urn_of

POLICY, ALIAS, KEY = urn_of("aws:iam/policy:Policy"), urn_of("aws:kms/alias:Alias"), urn_of("aws:kms/key:Key")


@pytest.fixture
def provider(account):
    with serving(account) as provider:
        yield provider


def document(action):
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def policy(provider):
    """A policy that was changed six times, one more than IAM keeps versions."""
    inputs = {"name": "reader", "policy": document("s3:GetObject")}
    id_, state = provider.create(POLICY, inputs)
    for number in range(6):
        new = {**inputs, "policy": document(f"s3:Get{number}"), "tags": {"n": str(number)}}
        state = provider.update(POLICY, id_, inputs, new, state)
        inputs = new
    return id_, inputs, state


def test_a_changed_policy_is_in_force(policy, account):
    iam = account.client("iam")
    version = iam.get_policy(PolicyArn=policy[0])["Policy"]["DefaultVersionId"]
    held = iam.get_policy_version(PolicyArn=policy[0], VersionId=version)["PolicyVersion"]["Document"]
    assert held == json.loads(document("s3:Get5"))


def test_a_policy_keeps_as_many_versions_as_iam_allows(policy, account):
    assert len(account.client("iam").list_policy_versions(PolicyArn=policy[0])["Versions"]) == 5


def test_tags_of_a_policy_change_with_it(policy, account):
    assert account.client("iam").list_policy_tags(PolicyArn=policy[0])["Tags"] == [{"Key": "n", "Value": "5"}]


def test_a_policy_is_deleted_with_its_versions(policy, provider, account):
    provider.delete(POLICY, policy[0], policy[2])
    assert account.client("iam").list_policies(Scope="Local")["Policies"] == []


def test_an_alias_moves_to_another_key_and_goes(provider, account):
    first, second = (provider.create(KEY, {"description": name})[0] for name in ("first", "second"))
    inputs = {"name": "alias/one", "targetKeyId": first}
    id_, state = provider.create(ALIAS, inputs)
    state = provider.update(ALIAS, id_, inputs, {**inputs, "targetKeyId": second}, state)
    held = account.client("kms").describe_key(KeyId="alias/one")["KeyMetadata"]["KeyId"]
    provider.delete(ALIAS, id_, state)
    assert (held, provider.read(ALIAS, id_, inputs)[0]) == (second, "")


def test_a_deleted_key_waits_and_reads_as_gone(provider, account):
    id_, state = provider.create(KEY, {"deletionWindowInDays": 7})
    provider.delete(KEY, id_, state)
    held = account.client("kms").describe_key(KeyId=id_)["KeyMetadata"]["KeyState"]
    assert (held, provider.read(KEY, id_, {"deletionWindowInDays": 7})[0]) == ("PendingDeletion", "")
