"""Rules of what is open by what a program leaves out: roles of AWS that may do everything, and plain HTTP."""

from __future__ import annotations

from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import Severity, resource_rule, stack_rule
from policies.rules.load_balancer import BALANCER, DISTRIBUTION, LISTENER
from policies.rules.permissions import ROLE
from policies.stack import Stack
from policies.values import Fault

ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
OF_PEOPLE = ("AdministratorAccess", "IAMFullAccess", "PowerUserAccess")
"""Managed policies that AWS made for people."""


@resource_rule(
    ATTACHMENT,
    ROLE,
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    fix="write a policy of the actions that it needs",
    severity=Severity.ADVISORY,
)
def role_is_no_administrator(resource: Resource) -> Iterator[Fault]:
    """A program that holds an administrator's policy hands the account to whoever breaks into it."""
    for path in ("policyArn", "managedPolicyArns"):
        wide = [each for each in resource.texts(path) if each.endswith(tuple(f"policy/{name}" for name in OF_PEOPLE))]
        if wide:
            yield resource.fault(path, "a policy for this one task", got=wide)


@stack_rule(
    LISTENER,
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-https-listener.html",
    fix="listen on 443 with a certificate, and redirect 80 to it",
    severity=Severity.ADVISORY,
)
def listener_is_plain_to_the_internet(listener: Resource, stack: Stack) -> Iterator[Fault]:
    """Over plain HTTP everybody on the way reads passwords and sessions, and may change the pages."""
    forwards = any("forward" in each.known_texts("type") for each in listener.parts("defaultActions"))
    if listener.text("protocol") not in ("", "HTTP") or listener.number("port") == 443 or not forwards:
        return
    for balancer in stack.referred(listener, "loadBalancerArn", BALANCER):
        behind = any(balancer in stack.referred(each, "origins", BALANCER) for each in stack.of(DISTRIBUTION))
        if balancer.text("loadBalancerType") in ("", "application") and not balancer.flag("internal") and not behind:
            yield listener.fault("protocol", "HTTPS, or a redirect to it")
