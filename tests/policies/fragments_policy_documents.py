"""Fragments about what stands in policy documents: actions, the resources that they work on, conditions."""

import json

import pulumi_aws as aws

from tests.policies.fragments import breaks, keeps
from tests.policies.fragments_permissions import TRUST, allow, document, inline, queue_policy, role

QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"
OBJECTS = "arn:aws:s3:::b/*"
BUCKET = "arn:aws:s3:::b"
PREFIX = {"StringEquals": {"s3:prefix": "pictures/"}}
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy 'policy': policy is "


@breaks("policy-action-exists", f'{ROLE_POLICY}"s3:ListObjectsV2"; allowed: actions of AWS.')
def call_for_an_action():
    inline(allow("s3:ListObjectsV2", BUCKET))


@breaks(
    "policy-action-exists",
    "aws:sqs/queuePolicy:QueuePolicy 'policy': policy is \"sqs:Fetch*\"; allowed: actions of AWS.",
)
def wildcard_that_means_nothing():
    queue_policy({"Effect": "Deny", "Principal": "*", "Action": ["sqs:*", "sqs:Fetch*"], "Resource": QUEUE})


@breaks("policy-action-exists", f'{ROLE_POLICY}"iam:PassRoles"; allowed: actions of AWS.')
def all_but_an_action_that_is_none():
    inline({"Effect": "Deny", "NotAction": ["iam:PassRoles", "sqs:SendMessage"], "Resource": QUEUE})


@keeps("policy-action-exists")
def actions_in_any_case():
    inline(allow(["SQS:sendmessage", "sqs:Get*"], QUEUE))


@breaks(
    "policy-action-fits-its-resource",
    f'{ROLE_POLICY}"s3:GetObject on arn:aws:s3:::b"; allowed: arn:*:s3:*:*:accesspoint/*/object/* or arn:*:s3:::*/*.',
)
def objects_action_on_a_bucket():
    inline(allow(["s3:GetObject", "s3:ListBucket"], BUCKET))


@breaks(
    "policy-action-fits-its-resource",
    f'{ROLE_POLICY}"s3:ListBucket on arn:aws:s3:::b/*"; allowed: arn:*:s3:*:*:accesspoint/* or arn:*:s3:::*.',
)
def buckets_action_on_objects():
    inline(allow("s3:ListBucket", OBJECTS))


@breaks(
    "policy-action-fits-its-resource",
    f'{ROLE_POLICY}"dynamodb:PutItem on arn:aws:dynamodb:us-east-1:123456789012:table/t/index/*";'
    " allowed: arn:*:dynamodb:*:*:table/*.",
)
def write_to_an_index():
    inline(allow("dynamodb:PutItem", "arn:aws:dynamodb:us-east-1:123456789012:table/t/index/*"))


@breaks(
    "policy-action-fits-its-resource",
    f'{ROLE_POLICY}"logs:DescribeLogGroups on arn:aws:logs:us-east-1:123456789012:log-group:g:*"; allowed: *.',
)
def list_of_one_log_group():
    inline(allow("logs:DescribeLogGroups", "arn:aws:logs:us-east-1:123456789012:log-group:g:*"))


@keeps("policy-action-fits-its-resource")
def list_of_every_log_group():
    inline(allow("logs:DescribeLogGroups", "arn:aws:logs:us-east-1:123456789012:log-group:*"))


@keeps("policy-action-fits-its-resource")
def bucket_and_objects_for_actions_of_both():
    inline(allow(["s3:GetObject", "s3:ListBucket"], [BUCKET, "arn:aws:s3:::b/${aws:PrincipalTag/team}/*"]))


@keeps("policy-action-fits-its-resource")
def streams_of_a_log_group():
    inline(allow(["logs:CreateLogStream", "logs:PutLogEvents"], "arn:aws:logs:us-east-1:123456789012:log-group:g:*"))


@keeps("policy-action-fits-its-resource")
def every_resource_of_a_name():
    inline(allow("sqs:SendMessage", "arn:aws:sqs:*:*:orders-?"))


@breaks(
    "policy-condition-operator",
    f'{ROLE_POLICY}"StringIs on aws:sourceaccount"; allowed: an operator such as StringEquals.',
)
def operator_of_no_language():
    inline(allow("sqs:SendMessage", QUEUE, Condition={"StringIs": {"aws:SourceAccount": "123456789012"}}))


@keeps("policy-condition-operator")
def operator_with_all_that_it_may_have():
    inline(allow("sqs:SendMessage", QUEUE, Condition={"ForAllValues:StringNotLikeIfExists": {"aws:TagKeys": ["x"]}}))


@breaks("policy-condition-key", f'{ROLE_POLICY}"s3:prefix"; allowed: a condition key of s3:GetObject.')
def key_of_another_action():
    inline(allow("s3:GetObject", OBJECTS, Condition=PREFIX))


@breaks("policy-condition-key", f'{ROLE_POLICY}"aws:sourceacount"; allowed: a condition key of sqs:SendMessage.')
def global_key_that_is_none():
    inline(allow("sqs:SendMessage", QUEUE, Condition={"StringEquals": {"aws:SourceAcount": "123456789012"}}))


@keeps("policy-condition-key")
def key_of_the_action():
    inline(allow("s3:ListBucket", BUCKET, Condition=PREFIX))


@keeps("policy-condition-key")
def key_of_the_calling_server():
    inline(
        allow(
            "sqs:SendMessage", QUEUE, Condition={"ArnLike": {"ec2:SourceInstanceARN": "arn:aws:ec2:*:*:instance/i-1"}}
        )
    )


@breaks("policy-passes-every-role", f'{ROLE_POLICY}"iam:Pass* on *"; allowed: the ARN of a role.')
def every_role_passed():
    inline(allow("iam:Pass*"))


@keeps("policy-passes-every-role")
def one_role_passed():
    inline(allow("iam:PassRole", "arn:aws:iam::123456789012:role/r"))


@breaks(
    "policy-reads-every-secret",
    f'{ROLE_POLICY}"secretsmanager:GetSecretValue on *"; allowed: the ARN of a secret.',
)
def every_secret_read():
    inline(allow(["secretsmanager:GetSecretValue", "secretsmanager:ListSecrets"]))


@keeps("policy-reads-every-secret")
def every_secret_listed():
    inline(allow("secretsmanager:ListSecrets"))


@breaks("policy-allows-all-the-rest", f'{ROLE_POLICY}"NotAction iam:*"; allowed: Action.')
def everything_but_iam():
    inline({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})


@keeps("policy-allows-all-the-rest")
def everything_but_a_little_denied():
    inline({"Effect": "Deny", "NotAction": "sqs:SendMessage", "Resource": "*"})


@breaks("policy-changes-every-permission", f'{ROLE_POLICY}"sqs:AddPermission on *"; allowed: ARNs.')
def permissions_of_every_queue():
    inline(allow(["sqs:AddPermission", "sqs:ListQueues"]))


@keeps("policy-changes-every-permission")
def permissions_of_one_queue():
    inline(allow("sqs:AddPermission", QUEUE))


def dated(version, resource):
    text = {**({"Version": version} if version else {}), "Statement": [allow("s3:GetObject", resource)]}
    aws.iam.RolePolicy("policy", role=role().name, policy=json.dumps(text))


@breaks("policy-version", f'{ROLE_POLICY}"2026-11-23"; allowed: 2012-10-17.')
def version_of_today():
    dated("2026-11-23", OBJECTS)


@breaks("policy-version", f'{ROLE_POLICY}"no Version"; allowed: 2012-10-17.')
def variable_in_the_old_version():
    dated(None, "arn:aws:s3:::b/${aws:userid}/*")


@keeps("policy-version")
def old_version_without_variables():
    dated(None, OBJECTS)


@breaks(
    "trust-is-about-taking-the-role",
    "aws:iam/role:Role 'role': assumeRolePolicy is \"s3:GetObject\"; allowed: sts:AssumeRole, AssumeRoleWithSAML,"
    " AssumeRoleWithWebIdentity, TagSession, SetSourceIdentity, SetContext.",
    "aws:iam/role:Role 'role': assumeRolePolicy is [\"*\"]; allowed: no Resource.",
)
def permissions_in_a_trust_policy():
    role({**TRUST, "Action": ["sts:AssumeRole", "s3:GetObject"], "Resource": "*"})


@keeps("trust-is-about-taking-the-role")
def trust_that_tags_its_sessions():
    role({**TRUST, "Action": ["sts:AssumeRole", "sts:TagSession"]})


@breaks(
    "policy-action-exists",
    "aws:iam/role:Role 'role': inlinePolicies[0].policy is \"sqs:Send\"; allowed: actions of AWS.",
)
def inline_policy_of_a_role():
    made = aws.iam.RoleInlinePolicyArgs(name="p", policy=document(allow("sqs:Send", QUEUE)))
    role(inline_policies=[made])
