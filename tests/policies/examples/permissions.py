"""Permissions: roles for services, people and pipelines, policies, keys, secrets and parameters."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws

from tests.policies.examples import example

ROLE = "https://www.pulumi.com/registry/packages/aws/api-docs/iam/role/"
POLICIES = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples.html"
GITHUB = "token.actions.githubusercontent.com"


def document(*statements) -> Any:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements]})


def trusted(principal, action="sts:AssumeRole", **condition) -> Any:
    more = {"Condition": condition} if condition else {}
    return document({"Principal": principal, "Action": action, **more})


def inline(name, role, *statements):
    return aws.iam.RolePolicy(name, role=role.id, policy=document(*statements))


@example(ROLE)
def role_of_a_server_with_a_policy():
    role = aws.iam.Role("test_role", name="test_role", assume_role_policy=trusted({"Service": "ec2.amazonaws.com"}))
    inline("test", role, {"Action": ["ec2:DescribeInstances", "ec2:DescribeTags"], "Resource": "*"})
    aws.iam.InstanceProfile("test", role=role.name)


@example("https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html")
def pipeline_of_github():
    provider = aws.iam.OpenIdConnectProvider("github", url=f"https://{GITHUB}", client_id_lists=["sts.amazonaws.com"])
    trust = provider.arn.apply(lambda arn: trusted(
        {"Federated": arn}, "sts:AssumeRoleWithWebIdentity",
        StringEquals={f"{GITHUB}:aud": "sts.amazonaws.com"},
        StringLike={f"{GITHUB}:sub": "repo:acme/shop:ref:refs/heads/main"},
    ))  # fmt: skip
    role = aws.iam.Role("ci", assume_role_policy=trust, max_session_duration=3600)
    inline("deploy", role,
           {"Action": ["s3:PutObject", "s3:DeleteObject"], "Resource": "arn:aws:s3:::acme-site/*"},
           {"Action": "s3:ListBucket", "Resource": "arn:aws:s3:::acme-site"},
           {"Action": "cloudfront:CreateInvalidation",
            "Resource": "arn:aws:cloudfront::123456789012:distribution/EDFDVBD6EXAMPLE"})  # fmt: skip


@example("https://docs.aws.amazon.com/IAM/latest/UserGuide/tutorial_cross-account-with-roles.html")
def role_for_another_account():
    trust = trusted({"AWS": "arn:aws:iam::999999999999:root"}, StringEquals={"sts:ExternalId": "12345"},
                    Bool={"aws:MultiFactorAuthPresent": "true"})  # fmt: skip
    role = aws.iam.Role("reader", assume_role_policy=trust, max_session_duration=43200, path="/division/team/")
    aws.iam.RolePolicyAttachment("reader", role=role.name, policy_arn="arn:aws:iam::aws:policy/ReadOnlyAccess")


@example("https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html")
def roles_of_a_container():
    trust = trusted({"Service": "ecs-tasks.amazonaws.com"}, StringEquals={"aws:SourceAccount": "123456789012"},
                    ArnLike={"aws:SourceArn": "arn:aws:ecs:us-west-2:123456789012:*"})  # fmt: skip
    execution = aws.iam.Role("execution", assume_role_policy=trust)
    managed = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
    aws.iam.RolePolicyAttachment("execution", role=execution.name, policy_arn=managed)
    inline("secrets", execution,
           {"Action": ["ssm:GetParameters", "secretsmanager:GetSecretValue"],
            "Resource": ["arn:aws:ssm:us-west-2:123456789012:parameter/shop/*",
                         "arn:aws:secretsmanager:us-west-2:123456789012:secret:shop-??????"]})  # fmt: skip


@example("https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html")
def role_of_a_function_with_a_table():
    role = aws.iam.Role("function", assume_role_policy=trusted({"Service": "lambda.amazonaws.com"}))
    table = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
    inline("function", role,
           {"Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": "arn:aws:logs:*:*:*"},
           {"Action": ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem",
                       "dynamodb:UpdateItem", "dynamodb:DeleteItem"], "Resource": [table, f"{table}/index/*"]},
           {"Action": ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
            "Resource": f"{table}/stream/*"},
           {"Action": ["dynamodb:ListStreams", "xray:PutTraceSegments", "xray:PutTelemetryRecords"],
           "Resource": "*"})  # fmt: skip


@example(POLICIES, "policy-names-actions")
def own_folder_of_a_bucket():
    aws.iam.Policy("home", name="a" * 128, path="/", description="My test policy", policy=document(
        {"Sid": "ListBucket", "Action": ["s3:ListBucket"], "Resource": ["arn:aws:s3:::amzn-s3-demo-bucket"],
         "Condition": {"StringLike": {"s3:prefix": ["", "home/", "home/${aws:username}/*"]}}},
        {"Action": "s3:*", "Resource": ["arn:aws:s3:::amzn-s3-demo-bucket/home/${aws:username}",
                                        "arn:aws:s3:::amzn-s3-demo-bucket/home/${aws:username}/*"]},
        {"Action": ["s3:ListAllMyBuckets", "s3:GetBucketLocation"], "Resource": "*"}))  # fmt: skip


@example(POLICIES)
def servers_by_their_tag():
    aws.iam.Policy("by-tag", policy=document(
        {"Action": ["ec2:StartInstances", "ec2:StopInstances"], "Resource": "arn:aws:ec2:*:*:instance/*",
         "Condition": {"StringEquals": {"aws:ResourceTag/Owner": "${aws:username}"}}},
        {"Action": "ec2:DescribeInstances", "Resource": "*"}))  # fmt: skip


@example("https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html")
def one_role_that_may_be_passed():
    aws.iam.Policy("pass", policy=document(
        {"Action": ["iam:GetRole", "iam:PassRole"], "Resource": "arn:aws:iam::123456789012:role/EC2-roles-for-XYZ-*",
         "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}}))  # fmt: skip


@example("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_deny-requested-region.html")
def nothing_outside_of_some_regions():
    denied = {"Effect": "Deny", "NotAction": ["cloudfront:*", "iam:*", "route53:*", "support:*"], "Resource": "*",
              "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}}  # fmt: skip
    aws.iam.Policy("regions", policy=document(denied))


@example("https://www.pulumi.com/registry/packages/aws/api-docs/iam/getpolicydocument/")
def policy_from_a_document():
    statement: Any = {"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::my_corporate_bucket/*"]}
    read = aws.iam.get_policy_document(statements=[statement])
    role = aws.iam.Role("role", assume_role_policy=trusted({"Service": "ec2.amazonaws.com"}))
    policy = aws.iam.Policy("read", policy=read.json)
    aws.iam.RolePolicyAttachment("read", role=role.name, policy_arn=policy.arn)


@example("https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html")
def key_with_its_default_policy():
    key = aws.kms.Key("a", description="KMS key 1", deletion_window_in_days=7, enable_key_rotation=True,
                      rotation_period_in_days=90, policy=document(
                          {"Sid": "Enable IAM User Permissions", "Action": "kms:*", "Resource": "*",
                           "Principal": {"AWS": "arn:aws:iam::123456789012:root"}}))  # fmt: skip
    aws.kms.Alias("a", name="alias/my-key-alias", target_key_id=key.key_id)


@example("https://docs.aws.amazon.com/kms/latest/developerguide/asymmetric-key-specs.html")
def key_that_signs():
    aws.kms.Key("sign", customer_master_key_spec="ECC_NIST_P256", key_usage="SIGN_VERIFY", deletion_window_in_days=30)


@example("https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html")
def key_of_a_log_group():
    log = "arn:aws:logs:us-east-1:123456789012:*"
    key = aws.kms.Key("logs", enable_key_rotation=True, rotation_period_in_days=2560, policy=document(
        {"Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*", "Resource": "*"},
        {"Principal": {"Service": "logs.us-east-1.amazonaws.com"}, "Resource": "*",
         "Action": ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
         "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": log}}}))  # fmt: skip
    aws.cloudwatch.LogGroup("log", kms_key_id=key.arn, retention_in_days=3653)


@example("https://www.pulumi.com/registry/packages/aws/api-docs/secretsmanager/secretversion/")
def secret_of_pairs():
    secret = aws.secretsmanager.Secret("example", name="a" * 512, recovery_window_in_days=30)
    aws.secretsmanager.SecretVersion("example", secret_id=secret.id, secret_string=pulumi.Output.secret(
        json.dumps({"key1": "value1", "key2": "value2"})))  # fmt: skip


@example("https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html")
def parameters_at_their_limits():
    aws.ssm.Parameter("standard", name="/production/database/url", type="String", value="v" * 4096)
    aws.ssm.Parameter("advanced", name="/a" * 15, type="String", tier="Advanced", value="v" * 8192)
    aws.ssm.Parameter("listed", name="zones", type="StringList", value="a,b,c", allowed_pattern="[a-c]")
    aws.ssm.Parameter("secret", name="password", type="SecureString", value=pulumi.Output.secret("hunter2"))
