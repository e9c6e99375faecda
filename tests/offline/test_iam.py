"""IAM resources read back from the offline account."""

import json

import pulumi_aws as aws
import pytest

from components.policy import allow, document, service_trust
from tests.deploying import deploy

TAGS = {"project": "bigpicture"}


def program():
    boundary = aws.iam.Policy(
        "boundary", policy=document(allow(["s3:*"], "*")), description="edge", path="/a/", tags=TAGS
    )
    role = aws.iam.Role(
        "role",
        assume_role_policy=service_trust("ec2.amazonaws.com"),
        description="what it does",
        max_session_duration=7200,
        permissions_boundary=boundary.arn,
        tags=TAGS,
    )
    aws.iam.RolePolicy("inline", role=role.name, policy=document(allow(["s3:GetObject"], "*")))
    aws.iam.RolePolicyAttachment(
        "ssm", role=role.name, policy_arn="arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
    )
    aws.iam.InstanceProfile("profile", role=role.name, tags=TAGS)


@pytest.fixture(scope="module")
def deployed():
    return deploy(program)


def test_a_role_reads_back_with_its_boundary_and_tags(deployed):
    role = deployed.one("aws:iam/role:Role")
    held = deployed.client("iam").get_role(RoleName=role.id)["Role"]
    boundary = deployed.one("aws:iam/policy:Policy").id
    assert (held["Description"], held["MaxSessionDuration"]) == ("what it does", 7200)
    assert held["PermissionsBoundary"]["PermissionsBoundaryArn"] == boundary == role.outputs["permissionsBoundary"]
    assert role.outputs["tagsAll"] == {tag["Key"]: tag["Value"] for tag in held["Tags"]} == TAGS


def test_an_inline_policy_is_the_one_that_was_written(deployed):
    policy = deployed.one("aws:iam/rolePolicy:RolePolicy")
    role, name = policy.id.split(":")
    held = deployed.client("iam").get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    assert held == json.loads(policy.outputs["policy"])
    assert held["Statement"] == [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"}]


def test_a_managed_policy_of_aws_can_be_attached(deployed):
    role = deployed.one("aws:iam/role:Role").id
    attached = deployed.client("iam").list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    assert [policy["PolicyName"] for policy in attached] == ["AmazonSSMManagedInstanceCore"]


def test_an_instance_profile_carries_its_role(deployed):
    profile = deployed.one("aws:iam/instanceProfile:InstanceProfile")
    held = deployed.client("iam").get_instance_profile(InstanceProfileName=profile.id)["InstanceProfile"]
    assert [role["RoleName"] for role in held["Roles"]] == [deployed.one("aws:iam/role:Role").id]
