"""Rules of what a function needs around it: a role that may do what Lambda asks for, and a fitting environment."""

from __future__ import annotations

import json
from collections.abc import Iterator

from policies.documents import Statement, statements
from policies.resource import Resource
from policies.rule import resource_rule, stack_rule
from policies.rules.functions import FUNCTION, MAPPING
from policies.rules.launch_templates import ATTACHMENT, PROFILE, ROLE, ROLE_POLICY
from policies.rules.queues import QUEUE
from policies.stack import Stack
from policies.values import Fault

GUIDE = "https://docs.aws.amazon.com/lambda/latest/dg/"
PROFILES = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html"
MANAGED = "aws:iam/policy:Policy"
EXCLUSIVE = "aws:iam/policyAttachment:PolicyAttachment"
MOST = 4096
"""Bytes of a function's variables, keys and values together."""
FRUGAL = ("AWSLambdaBasicExecutionRole", "AWSXRayDaemonWriteAccess")
"""Policies of AWS that let a function log and trace alone; any other may let it do anything."""
RESERVED = (
    "_HANDLER", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API", "AWS_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
)  # fmt: skip
"""Variables that Lambda sets itself: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html"""


@resource_rule(FUNCTION, source=f"{GUIDE}configuration-envvars.html", fix="choose another name, or use a parameter")
def function_environment(function: Resource) -> Iterator[Fault]:
    """A function's variables have 4 KB in all, and none of the names that Lambda sets itself."""
    variables = function.get("environment.variables")
    taken = sorted(set(variables) & set(RESERVED)) if isinstance(variables, dict) else []
    if taken:
        yield function.fault("environment.variables", "names that Lambda does not set itself", got=taken)
    size = len(json.dumps(variables or {}, default=str))
    if size > MOST:
        yield function.fault("environment.variables", f"{MOST} bytes in all", got=f"{size} bytes")


@stack_rule(FUNCTION, source=f"{GUIDE}configuration-vpc.html", fix="attach AWSLambdaVPCAccessExecutionRole to its role")
def function_in_a_vpc_may_be(function: Resource, stack: Stack) -> Iterator[Fault]:
    """A function in a VPC makes network interfaces in its role's name: Lambda refuses it without that permission."""
    if function.get("vpcConfig.subnetIds"):
        yield from _powerless(function, function, "ec2:CreateNetworkInterface", stack)


@stack_rule(
    MAPPING, source=f"{GUIDE}services-sqs-configure.html", fix="attach AWSLambdaSQSQueueExecutionRole to its role"
)
def mapping_role_may_read(mapping: Resource, stack: Stack) -> Iterator[Fault]:
    """Lambda reads a queue in the name of the function's role, and refuses one that may not receive."""
    for function in stack.referred(mapping, "functionName", FUNCTION):
        if stack.referred(mapping, "eventSourceArn", QUEUE):
            yield from _powerless(mapping, function, "sqs:ReceiveMessage", stack)


@resource_rule(PROFILE, source=PROFILES, fix="give the role's name")
def profile_role_by_its_name(profile: Resource) -> Iterator[Fault]:
    """An instance profile holds a role by its name; IAM refuses an ARN."""
    yield from profile.matching("role", r"[\w+=,.@-]{1,64}", "a role's name")


def _powerless(user: Resource, function: Resource, action: str, stack: Stack) -> Iterator[Fault]:
    """A fault where all that the function's role may do is known, and *action* is not among it."""
    for role in stack.referred(function, "role", ROLE):
        given = _permissions(role, stack)
        if given is not None and not any(each.allows and each.covers(action) for each in given):
            yield user.fault("role", f"a role that may {action}", got=role.name)


def _permissions(role: Resource, stack: Stack) -> list[Statement] | None:
    """The statements of all policies of *role*; None where one of them is not of this program."""
    inline = [*stack.referring(ROLE_POLICY, "role", role), *role.parts("inlinePolicies")]
    found = [each for policy in inline for each in statements(policy.document("policy"))]
    attached = [*role.texts("managedPolicyArns")]
    for attachment in stack.referring(ATTACHMENT, "role", role):
        made = stack.referred(attachment, "policyArn", MANAGED)
        found += [each for policy in made for each in statements(policy.document("policy"))]
        attached += [] if made else [attachment.text("policyArn")]
    known = not stack.referring(EXCLUSIVE, "roles", role)
    return found if known and all(arn.rpartition("/")[2] in FRUGAL for arn in attached) else None
