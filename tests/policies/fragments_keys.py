"""Fragments about keys, secrets and parameters."""

import json

import pulumi_aws as aws

from tests.policies.fragments import breaks, keeps

ROOT = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*", "Resource": "*"}
LOGS = {
    "Effect": "Allow",
    "Principal": {"Service": "logs.us-east-1.amazonaws.com"},
    "Action": ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
    "Resource": "*",
}


def logged(*statements):
    document = json.dumps({"Version": "2012-10-17", "Statement": [*statements]})
    key = aws.kms.Key("logs", enable_key_rotation=True, policy=document)
    aws.cloudwatch.LogGroup("logs", kms_key_id=key.arn, retention_in_days=7)


def version(**more):
    aws.secretsmanager.SecretVersion("version", secret_id="made-elsewhere", **more)


def parameter(name):
    aws.ssm.Parameter("parameter", name=name, type="String", value="1")


@breaks(
    "key-rotation-is-symmetric",
    "aws:kms/key:Key 'pair': enableKeyRotation is true; allowed: false for RSA_2048.",
)
def pair_of_keys_that_rotates():
    aws.kms.Key("pair", customer_master_key_spec="RSA_2048", key_usage="SIGN_VERIFY", enable_key_rotation=True)


@keeps("key-rotation-is-symmetric")
def symmetric_key_that_rotates():
    aws.kms.Key("key", customer_master_key_spec="SYMMETRIC_DEFAULT", enable_key_rotation=True)


@breaks(
    "log-key-lets-logs-in",
    "aws:cloudwatch/logGroup:LogGroup 'logs': kmsKeyId is \"logs\"; allowed: a key whose policy lets "
    "CloudWatch Logs in.",
)
def log_under_a_key_for_ourselves():
    logged(ROOT)


@keeps("log-key-lets-logs-in")
def log_under_a_key_for_logs():
    logged(ROOT, LOGS)


@breaks(
    "secret-of-one-value",
    "aws:secretsmanager/secretVersion:SecretVersion 'version': secretString is [secret]; allowed: one of "
    "secretString and secretBinary.",
)
def secret_of_text_and_bytes():
    version(secret_string="a", secret_binary="YQ==")


@breaks(
    "secret-of-one-value",
    "aws:secretsmanager/secretVersion:SecretVersion 'version': secretString is []; allowed: one of "
    "secretString and secretBinary.",
)
def secret_of_nothing():
    version()


@keeps("secret-of-one-value")
def secret_of_bytes():
    version(secret_binary="YQ==")


@breaks(
    "parameter-name",
    "aws:ssm/parameter:Parameter 'parameter': name is \"store/size\"; allowed: /level/name of A-Z, a-z, 0-9"
    " and _.-, not aws* or ssm*.",
)
def parameter_of_levels_without_a_root():
    parameter("store/size")


@breaks(
    "parameter-name",
    "aws:ssm/parameter:Parameter 'parameter': name is \"/aws/size\"; allowed: /level/name of A-Z, a-z, 0-9 "
    "and _.-, not aws* or ssm*.",
)
def parameter_of_aws():
    parameter("/aws/size")


@keeps("parameter-name")
def parameter_of_two_levels():
    parameter("/store/size-1")


@keeps("parameter-name")
def parameter_of_one_word():
    parameter("store.size")
