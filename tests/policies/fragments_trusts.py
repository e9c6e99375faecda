"""Fragments about who may take a role."""

import json

import pulumi
import pulumi_aws as aws

from tests.policies.fragments import breaks, keeps

GITHUB = "token.actions.githubusercontent.com"
HOSTED = f"arn:aws:iam::123456789012:oidc-provider/{GITHUB}"


def role(principal, *, action="sts:AssumeRole", condition=None, name="role"):
    statement = {"Effect": "Allow", "Principal": principal, "Action": action}
    statement |= {"Condition": condition} if condition else {}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return aws.iam.Role(name, assume_role_policy=document)


def profile_of(service):
    aws.iam.InstanceProfile("profile", role=role({"Service": service}).name)


def from_github(federated=HOSTED, **condition):
    role({"Federated": federated}, action="sts:AssumeRoleWithWebIdentity", condition=condition)


def function_of(service):
    taken = role({"Service": service})
    aws.lambda_.Function("function", role=taken.arn, package_type="Image", image_uri="made-elsewhere:1")


@breaks(
    "role-trusts-its-service",
    "aws:iam/instanceProfile:InstanceProfile 'profile': role is \"role\"; allowed: a role that trusts "
    "ec2.amazonaws.com.",
)
def profile_of_a_functions_role():
    profile_of("lambda.amazonaws.com")


@breaks(
    "role-trusts-its-service",
    "aws:lambda/function:Function 'function': role is \"role\"; allowed: a role that trusts lambda.amazonaws.com.",
)
def function_of_a_servers_role():
    function_of("ec2.amazonaws.com")


@keeps("role-trusts-its-service")
def profile_of_a_servers_role():
    profile_of("ec2.amazonaws.com")


@keeps("role-trusts-its-service")
def profile_of_a_servers_role_in_china():
    profile_of("ec2.amazonaws.com.cn")


@keeps("role-trusts-its-service")
def machine_of_its_own_role_in_one_region():
    taken = role({"Service": "states.us-gov-east-1.amazonaws.com"})
    aws.sfn.StateMachine("machine", role_arn=taken.arn, definition="{}")


@keeps("role-trusts-its-service")
def function_of_its_own_role():
    function_of("lambda.amazonaws.com")


@breaks(
    "role-trusts-one-repository",
    "aws:iam/role:Role 'role': assumeRolePolicy is \"none\"; allowed: a condition on "
    "token.actions.githubusercontent.com:sub that names whose it is.",
)
def role_of_every_repository():
    from_github(StringEquals={f"{GITHUB}:aud": "sts.amazonaws.com"})


@breaks(
    "role-trusts-one-repository",
    "aws:iam/role:Role 'role': assumeRolePolicy is \"token.actions.githubusercontent.com:sub repo:*\"; "
    "allowed: a condition on token.actions.githubusercontent.com:sub that names whose it is.",
)
def role_of_every_owner():
    from_github(StringLike={f"{GITHUB}:sub": "repo:*"})


@breaks(
    "role-trusts-one-repository",
    "aws:iam/role:Role 'role': assumeRolePolicy is \"none\"; allowed: a condition on "
    "token.actions.githubusercontent.com:sub that names whose it is.",
)
def role_by_a_provider_of_the_program():
    made = aws.iam.OpenIdConnectProvider("github", url=f"https://{GITHUB}", client_id_lists=["sts.amazonaws.com"])
    trusted = {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity"}
    document = pulumi.Output.json_dumps(
        {"Version": "2012-10-17", "Statement": [{**trusted, "Principal": {"Federated": made.arn}}]}
    )
    aws.iam.Role("role", assume_role_policy=document)


@keeps("role-trusts-one-repository")
def role_of_one_repository():
    from_github(StringLike={f"{GITHUB}:sub": "repo:me/shop:*"})


@keeps("role-trusts-one-repository")
def role_of_one_repository_by_its_name():
    from_github(StringEquals={f"{GITHUB}:repository": "me/shop"})


@keeps("role-trusts-one-repository")
def role_of_a_provider_of_ones_own():
    from_github("arn:aws:iam::123456789012:oidc-provider/git.bigpicture.dev", StringEquals={"x:aud": "shop"})
