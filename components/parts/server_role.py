"""Make what a fleet's servers are to IAM: a role with exactly the given policies, and a login without SSH."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import names
from components.policy import allow, document, service_trust

SESSION_MANAGER_ACTIONS = (
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
)
"""All that a shell without a key pair, port 22 or a bastion needs, as in AWS's AWSCloud9SSMInstanceProfile. Its
AmazonSSMManagedInstanceCore would let every server read every parameter of the account (ssm:GetParameter on `*`); Run
Command and Patch Manager need that one."""


@dataclass(frozen=True, slots=True)
class ServerRole:
    """A role, the profile that carries it onto servers, and what must exist before the first one boots."""

    role: aws.iam.Role
    profile: aws.iam.InstanceProfile
    permissions: Sequence[pulumi.Resource]


def make_role(parent: pulumi.Resource, name: str, policies: Mapping[str, pulumi.Input[str]]) -> ServerRole:
    """Let EC2 assume a role that may do what *policies* (documents by meaning) say, and use Session Manager.

    Inline policies end with their role; all of one role together may have 10,240 characters (IAM quota).
    """
    opts = pulumi.ResourceOptions(parent=parent)
    role = aws.iam.Role(
        names.logical(aws.iam.Role, name),
        assume_role_policy=service_trust("ec2.amazonaws.com"),
        description="What the servers of one fleet may do",
        opts=opts,
    )
    login = document(
        allow(SESSION_MANAGER_ACTIONS, "*")
    )  # only UpdateInstanceInformation knows resources: every server
    inline = [
        aws.iam.RolePolicy(names.logical(aws.iam.RolePolicy, name, meaning), role=role.name, policy=text, opts=opts)
        for meaning, text in {"session-manager": login, **policies}.items()
    ]
    profile = aws.iam.InstanceProfile(names.logical(aws.iam.InstanceProfile, name), role=role.name, opts=opts)
    return ServerRole(role, profile, inline)
