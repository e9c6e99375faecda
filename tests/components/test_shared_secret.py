"""A secret between parts of a system: long, in Secrets Manager alone, and readable by who is given its permission."""

import json

import pulumi
import pytest

from components.protection import Protection
from components.shared_secret import SharedSecret, SharedSecretArgs
from tests.deploying import deploy


def program():
    made = SharedSecret("calls-key", SharedSecretArgs(protection=Protection(secret_recovery_days=7)))
    pulumi.export("arn", made.arn)
    pulumi.export("policy", made.read_policy)


@pytest.fixture(scope="module")
def deployed():
    return deploy(program)


def test_it_is_32_letters_and_digits_and_nowhere_else(deployed):
    arn = deployed.outputs["arn"]
    [value] = json.loads(deployed.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]).values()
    assert (len(value), value.isalnum()) == (32, True)
    assert value not in repr(deployed.graph)


def test_its_permission_reads_it_and_nothing_more(deployed):
    [statement] = json.loads(deployed.outputs["policy"])["Statement"]
    assert (statement["Action"], statement["Resource"]) == (["secretsmanager:GetSecretValue"], deployed.outputs["arn"])


def test_it_can_be_brought_back_for_as_long_as_the_protection_says(deployed):
    assert deployed.one("aws:secretsmanager/secret:Secret").inputs["recoveryWindowInDays"] == 7
