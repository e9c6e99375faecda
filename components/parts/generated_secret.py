"""Generate a password and keep it in Secrets Manager, where a permission says who may read it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from components import names
from components.policy import allow, document
from components.protection import Protection

LENGTH = 32
"""Characters, letters and digits: RDS refuses `/ @ "` and space, ElastiCache all specials but `!&#$^<>-`; 16 to 128."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GeneratedSecret:
    """A secret that has its value."""

    password: pulumi.Output[str]
    """A Pulumi secret: encrypted in the state, never shown."""
    arn: pulumi.Output[str]
    """Known once the secret can be read, not merely once it exists."""
    read_policy: pulumi.Output[str]


def generate_secret(
    parent: pulumi.Resource,
    name: str,
    protection: Protection,
    spell: Callable[[pulumi.Output[str]], Mapping[str, pulumi.Input[str]]],
) -> GeneratedSecret:
    """Keep the JSON object that *spell* makes of a new password as the child `name-secret` of *parent*."""
    opts = pulumi.ResourceOptions(parent=parent)
    password = random.RandomPassword(f"{name}-password", length=LENGTH, special=False, opts=opts)
    secret = aws.secretsmanager.Secret(
        names.logical(aws.secretsmanager.Secret, name, "secret"),
        recovery_window_in_days=protection.secret_recovery_days,
        opts=opts,
    )
    version = aws.secretsmanager.SecretVersion(
        f"{name}-secret-value",
        secret_id=secret.id,
        secret_string=pulumi.Output.json_dumps(dict(spell(password.result))),
        opts=opts,
    )
    return GeneratedSecret(
        password=password.result,
        arn=pulumi.Output.all(secret.arn, version.id).apply(lambda both: both[0]),
        read_policy=document(allow(["secretsmanager:GetSecretValue"], secret.arn)),
    )
