"""Secrets and their versions in the offline account, read back."""

import pulumi_aws as aws
import pytest

from tests.deploying import deploy

VERSION = "aws:secretsmanager/secretVersion:SecretVersion"


def program():
    secret = aws.secretsmanager.Secret("key", description="a key", recovery_window_in_days=0, tags={"box": "app"})
    aws.secretsmanager.SecretVersion("key", secret_id=secret.id, secret_string="open sesame")


@pytest.fixture(scope="module")
def deployed():
    return deploy(program)


def test_a_secret_is_held_as_it_was_asked_for(deployed):
    [held] = deployed.client("secretsmanager").list_secrets()["SecretList"]
    assert (held["Description"], held["Tags"]) == ("a key", [{"Key": "box", "Value": "app"}])


def test_the_value_of_a_secret_is_held(deployed):
    [held] = deployed.client("secretsmanager").list_secrets()["SecretList"]
    value = deployed.client("secretsmanager").get_secret_value(SecretId=held["ARN"])["SecretString"]
    assert value == "open sesame"


def test_the_version_is_named_by_the_secret_and_itself(deployed):
    version = deployed.one(VERSION)
    assert version.id == f"{version.outputs['secretArn']}|{version.outputs['versionId']}"


def test_a_versions_value_is_never_shown(deployed):
    assert deployed.one(VERSION).outputs["secretString"] == "[secret]"


def test_a_deleted_secret_is_gone(deployed):
    live = next(each for urn, each in deployed.monitor.live.items() if "Secret::" in urn)
    made = deployed.client("secretsmanager").create_secret(Name="short-lived")["ARN"]
    deployed.client("secretsmanager").delete_secret(SecretId=made, RecoveryWindowInDays=7)
    assert live.handler.read(live.aws, made, {}) is None
