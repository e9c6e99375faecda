"""Secrets stay secret: nothing that is recorded, tagged, put out or read by a server holds the value of one."""

import json

import pulumi
import pulumi_aws as aws
import pytest

from components.database import Database, DatabaseArgs
from components.protection import Protection
from components.session_store import SessionStore, SessionStoreArgs
from tests.deploying import deploy
from tests.surroundings import network

SANDBOX = Protection(protect=False, disposable=True, secret_recovery_days=0)
OUTPUTS = ("secret_arn", "read_secret_policy", "security_group_id")


def program():
    vpc_id, ids = network("ab")
    cache, data = aws.elasticache.SubnetGroup("cache", subnet_ids=ids), aws.rds.SubnetGroup("data", subnet_ids=ids)
    place = {"vpc_id": vpc_id, "protection": SANDBOX}
    store = SessionStoreArgs(**place, subnet_group_name=cache.name, node_type="cache.t4g.micro")
    database = DatabaseArgs(**place, subnet_group_name=data.name, instance_class="db.t4g.small", replicas=1)
    for made in (SessionStore("sessions", store), Database("database", database)):
        for name in OUTPUTS:
            pulumi.export(f"{type(made).__name__} {name}", getattr(made, name))


@pytest.fixture(scope="module")
def deployed():
    return deploy(program)


@pytest.fixture(scope="module")
def values(deployed):
    """The account's own copy of every password and token."""
    manager = deployed.client("secretsmanager")
    held = [
        manager.get_secret_value(SecretId=each["ARN"])["SecretString"] for each in manager.list_secrets()["SecretList"]
    ]
    return {value for text in held for key, value in json.loads(text).items() if key != "username"}


def test_there_is_one_value_for_each_store(values):
    assert len(values) == 2


def test_no_recorded_input_or_output_holds_a_secret(deployed, values):
    recorded = [json.dumps([each.inputs, each.outputs]) for each in deployed.graph.resources]
    assert [value for value in values for text in recorded if value in text] == []


def test_no_output_of_the_stack_holds_a_secret(deployed, values):
    assert [value for value in values if value in json.dumps(deployed.outputs)] == []


def test_no_output_of_a_store_is_a_secret_by_itself(deployed):
    assert "[secret]" not in json.dumps(deployed.outputs)


def test_no_tag_in_the_account_holds_a_secret(deployed, values):
    tagged = deployed.client("resourcegroupstaggingapi").get_resources()["ResourceTagMappingList"]
    assert len(tagged) > 0
    assert [value for value in values if value in json.dumps(tagged)] == []
