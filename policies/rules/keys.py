"""Rules of keys, secrets and parameters: what KMS turns, who may use a key, and what a name may be."""

from __future__ import annotations

from collections.abc import Iterator

from policies.documents import statements
from policies.resource import Resource
from policies.rule import resource_rule, stack_rule
from policies.rules.launch_templates import KEY, KEY_POLICY
from policies.rules.secrets import PARAMETER
from policies.rules.watch import LOG_GROUP
from policies.stack import Stack
from policies.values import Fault

VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
VALUES = ("secretString", "secretBinary", "secretStringWo")
LOGS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html"


@resource_rule(KEY, source="https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html",
               fix="set enable_key_rotation=False")  # fmt: skip
def key_rotation_is_symmetric(key: Resource) -> Iterator[Fault]:
    """KMS turns symmetric keys by itself, and no others."""
    spec = key.text("customerMasterKeySpec") or "SYMMETRIC_DEFAULT"
    if key.flag("enableKeyRotation") and spec != "SYMMETRIC_DEFAULT":
        yield key.fault("enableKeyRotation", f"false for {spec}")


@stack_rule(LOG_GROUP, source=LOGS, fix="let logs.REGION.amazonaws.com kms:Encrypt* and kms:Decrypt* in its policy")
def log_key_lets_logs_in(group: Resource, stack: Stack) -> Iterator[Fault]:
    """CloudWatch Logs must be named in the policy of a log group's key, or the group is not made."""
    for key in stack.referred(group, "kmsKeyId", KEY):
        holders = [key, *stack.referring(KEY_POLICY, "keyId", key)]
        given = [each for holder in holders for each in statements(holder.document("policy")) if each.allows]
        if not any(each.names_service("logs.amazonaws.com") for each in given):
            yield group.fault("kmsKeyId", "a key whose policy lets CloudWatch Logs in", got=key.name)


@resource_rule(VERSION, source="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html",
               fix="give secret_string or secret_binary")  # fmt: skip
def secret_of_one_value(version: Resource) -> Iterator[Fault]:
    """A version of a secret has a text or bytes: one of the two."""
    given = [name for name in VALUES if name in version]
    if len(given) != 1:
        yield version.fault("secretString", "one of secretString and secretBinary", got=given)


@resource_rule(PARAMETER, source="https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html",
               fix="begin it with /, and not with aws or ssm")  # fmt: skip
def parameter_name(parameter: Resource) -> Iterator[Fault]:
    """A parameter's name holds letters, digits and _.-/; one with levels begins with /, and none with aws or ssm."""
    form = r"(?!/?(?i:aws|ssm))([\w.-]+|(/[\w.-]+)+)"
    yield from parameter.matching("name", form, "/level/name of A-Z, a-z, 0-9 and _.-, not aws* or ssm*")
