"""What is left in an account: all that a stack tagged there, as the offline account answers at its endpoint."""

import pytest

from engines.cloud import Cloud
from engines.leftovers import Leftover, leftovers
from engines.rehearsal import rehearse
from offline.account import open_account

TAGS = [{"Key": "project", "Value": "bigpicture"}, {"Key": "stack", "Value": "sandbox"}]
SMALLER = {"scaling": "vertical", "expires_at": "2026-12-31"}


@pytest.fixture
def credentials(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "offline")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "offline")


@pytest.fixture
def account(credentials, monkeypatch):
    opened = open_account("us-east-1", "test")
    monkeypatch.setenv("AWS_ENDPOINT_URL", opened.serve())
    yield opened
    opened.close()


def left(stack=None):
    return leftovers(Cloud("us-east-1"), ["us-east-1"], stack)


def test_of_an_untouched_account_nothing_is_left(account):
    assert left() == []


def test_a_role_is_left_which_the_tagging_api_does_not_know(account):
    account.client("iam").create_role(RoleName="server", AssumeRolePolicyDocument="{}", Tags=TAGS)
    assert left() == [Leftover("", "iam:role", "server", "sandbox")]


def test_an_address_is_left_in_any_region_that_is_asked(account):
    specification = [{"ResourceType": "elastic-ip", "Tags": TAGS}]
    made = account.client("ec2", "eu-west-1").allocate_address(Domain="vpc", TagSpecifications=specification)
    found = leftovers(Cloud("eu-west-1"), ["eu-west-1"])
    assert [(each.region, each.id) for each in found] == [("eu-west-1", made["AllocationId"])]


def test_another_stacks_queue_is_not_this_stacks(account):
    account.client("sqs").create_queue(QueueName="work", tags={"project": "bigpicture", "stack": "production"})
    assert (left("sandbox"), left("production")) == ([], [Leftover("us-east-1", "sqs", "work", "production")])


def test_another_projects_queue_is_not_left(account):
    account.client("sqs").create_queue(QueueName="work", tags={"project": "somebody's"})
    assert left() == []


def test_a_key_that_is_scheduled_to_go_is_not_left(account):
    kms = account.client("kms")
    tags = [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in TAGS]
    kms.schedule_key_deletion(KeyId=kms.create_key(Tags=tags)["KeyMetadata"]["KeyId"])
    assert left() == []


COSTLY = (
    "aws:autoscaling/group:Group",
    "aws:ec2/eip:Eip",
    "aws:ec2/natGateway:NatGateway",
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "aws:kms/key:Key",
    "aws:rds/instance:Instance",
    "aws:s3/bucket:Bucket",
)


@pytest.fixture
def deployed(credentials, monkeypatch):
    deployment, account = rehearse("sandbox", SMALLER)
    monkeypatch.setenv("AWS_ENDPOINT_URL", account.serve())
    yield deployment
    account.close()


def test_everything_costly_of_a_stack_that_stands_is_found(deployed):
    ids = {each.outputs.get("identifier", each.id) for each in deployed.graph.resources if each.type in COSTLY}
    assert ids - {each.id for each in left("sandbox")} == set()
