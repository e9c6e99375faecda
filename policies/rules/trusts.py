"""Rules of who may take a role: the service that uses it, and no stranger by way of a shared identity provider."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.documents import statements
from policies.resource import Resource
from policies.rule import stack_rule
from policies.rules.permissions import GUIDE, PROFILE, ROLE
from policies.stack import Stack
from policies.values import Fault

USERS = {
    "aws:autoscaling/lifecycleHook:LifecycleHook": ("roleArn", "autoscaling.amazonaws.com"),
    "aws:cloudwatch/eventTarget:EventTarget": ("roleArn", "events.amazonaws.com"),
    "aws:ec2/flowLog:FlowLog": ("iamRoleArn", "vpc-flow-logs.amazonaws.com"),
    PROFILE: ("role", "ec2.amazonaws.com"),
    "aws:lambda/function:Function": ("role", "lambda.amazonaws.com"),
    "aws:rds/instance:Instance": ("monitoringRoleArn", "monitoring.rds.amazonaws.com"),
    "aws:rds/proxy:Proxy": ("roleArn", "rds.amazonaws.com"),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": ("role", "s3.amazonaws.com"),
    "aws:scheduler/schedule:Schedule": ("target.roleArn", "scheduler.amazonaws.com"),
    "aws:sfn/stateMachine:StateMachine": ("roleArn", "states.amazonaws.com"),
}
"""Type -> the property that names a role, and the service that takes it."""
OPENID = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
SHARED = {"token.actions.githubusercontent.com", "gitlab.com", "app.terraform.io"}
"""Identity providers that everybody can have a token of."""


@stack_rule(
    *USERS, source=f"{GUIDE}id_roles_create_for-service.html", fix="name the service as Principal in the role's trust"
)
def role_trusts_its_service(user: Resource, stack: Stack) -> Iterator[Fault]:
    """A service takes a role only when the role's trust policy names that service."""
    path, service = USERS[user.type]
    for role in stack.referred(user, path, ROLE):
        trusted = [each for each in statements(role.document("assumeRolePolicy")) if each.allows]
        if trusted and not any(each.names_service(service) for each in trusted):
            yield user.fault(path, f"a role that trusts {service}", got=role.name)


@stack_rule(
    ROLE,
    source=f"{GUIDE}id_roles_create_for-idp_oidc.html#idp_oidc_Create_GitHub",
    fix='add a condition such as {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:me/shop:*"}}',
)
def role_trusts_one_repository(role: Resource, stack: Stack) -> Iterator[Fault]:
    """Everybody has a token of GitHub: a trust without a condition on whose it is lets the whole world in."""
    for each in statements(role.document("assumeRolePolicy")):
        federated = [name for kind, name in each.principals if kind == "Federated"] if each.allows else []
        for provider in {_provider(arn, stack) for arn in federated} & SHARED:
            claims = [(key, values) for _, key, values in each.conditions
                      if key.startswith(f"{provider}:") and key != f"{provider}:aud"]  # fmt: skip
            if not any(all(map(_names_somebody, values)) for _, values in claims):
                got = ", ".join(f"{key} {' or '.join(values)}" for key, values in claims) or "none"
                yield role.fault("assumeRolePolicy", f"a condition on {provider}:sub that names whose it is", got=got)


def _provider(arn: str, stack: Stack) -> str:
    """The host that hands out the tokens: of the program's own provider, or as its ARN ends."""
    made = stack.named(OPENID, arn)
    return (made.text("url") if made else arn.partition("oidc-provider/")[2]).removeprefix("https://").rstrip("/")


def _names_somebody(pattern: str) -> bool:
    return re.sub(r"^(repo|project_path|organization):", "", pattern).lstrip("*?/:") != ""
