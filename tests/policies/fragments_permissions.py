"""Fragments about roles, policies, keys and secrets."""

import base64
import json

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from tests.policies import parts
from tests.policies.fragments import breaks, keeps

TRUST = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
OBJECTS = "arn:aws:s3:::b/"
ROOT = {"AWS": "arn:aws:iam::123456789012:root"}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, resource: str | list[str] = "*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def role(trust=TRUST, **more):
    return aws.iam.Role("role", assume_role_policy=document(trust), **more)


def inline(*statements, of=None):
    aws.iam.RolePolicy("policy", role=(of or role()).name, policy=document(*statements))


def queue_policy(statement):
    aws.sqs.QueuePolicy("policy", queue_url="https://sqs.us-east-1.amazonaws.com/1/q", policy=document(statement))


def key(*statements, **more):
    aws.kms.Key("key", policy=document(*statements) if statements else None, **more)


def served(statement, managed="AmazonSSMManagedInstanceCore"):
    made = role()
    profile = aws.iam.InstanceProfile("profile", role=made.name)
    arn = f"arn:aws:iam::aws:policy/{managed}"
    aws.iam.RolePolicyAttachment("ssm", role=made.name, policy_arn=arn)
    template(iam_instance_profile=aws.ec2.LaunchTemplateIamInstanceProfileArgs(arn=profile.arn))
    inline(statement, of=made)


def template(opts=None, **more):
    tokens = aws.ec2.LaunchTemplateMetadataOptionsArgs(http_tokens="required")
    aws.ec2.LaunchTemplate("template", metadata_options=tokens, opts=opts, **more)


def encoded(text):
    return base64.b64encode(f"#!/bin/sh\n{text}".encode()).decode()


@breaks(
    "iam-name",
    "aws:iam/role:Role 'role': name is "
    '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"; allowed: 1 to 64 of A-Z, a-z, '
    "0-9 and +=,.@_-.",
)
def role_name_of_65():
    role(name="a" * 65)


@breaks(
    "iam-name",
    "aws:iam/role:Role 'role': name is \"my role\"; allowed: 1 to 64 of A-Z, a-z, 0-9 and +=,.@_-.",
)
def blank_in_a_roles_name():
    role(name="my role")


@keeps("iam-name")
def role_name_of_64():
    role(name="a" * 64)


@breaks(
    "role-trust",
    'aws:iam/role:Role \'role\': assumeRolePolicy is "{\\"Version\\": \\"2012-10-17\\", \\"Statement\\": '
    '[{\\"Effect\\": \\"Allow\\", \\"Action\\... (105 characters); allowed: statements with Principal and '
    "Action.",
)
def trust_in_nobody():
    role({"Effect": "Allow", "Action": "sts:AssumeRole"})


@breaks(
    "role-trusts-somebody",
    "aws:iam/role:Role 'role': assumeRolePolicy is \"*\"; allowed: a principal other than *.",
)
def trust_in_everybody():
    role({**TRUST, "Principal": "*"})


@keeps("role-trusts-somebody")
def trust_in_an_organization():
    role({**TRUST, "Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}})


@breaks(
    "role-session",
    "aws:iam/role:Role 'role': maxSessionDuration is 60; allowed: 3600 to 43200.",
)
def session_of_a_minute():
    role(max_session_duration=60)


@keeps("role-session")
def session_of_12_hours():
    role(max_session_duration=43_200)


def sized(length):
    made = role()
    inline(allow("s3:GetObject", OBJECTS.ljust(length, "a")), of=made)


@breaks(
    "role-inline-size",
    "aws:iam/role:Role 'role': inlinePolicies is \"10335 characters\"; allowed: 10240 characters together.",
)
def inline_policies_too_long():
    sized(10_240)


@keeps("role-inline-size")
def inline_policies_of_10240():
    sized(10_240 - len(document(allow("s3:GetObject", "")).replace(" ", "")))


@breaks(
    "policy-size",
    "aws:iam/policy:Policy 'policy': policy is \"6239 characters\"; allowed: 6144 characters.",
)
def managed_policy_too_long():
    aws.iam.Policy("policy", policy=document(allow("s3:GetObject", OBJECTS.ljust(6_144, "a"))))


@keeps("policy-size")
def managed_policy_of_6144():
    rest = 6_144 - len(document(allow("s3:GetObject", "")).replace(" ", ""))
    aws.iam.Policy("policy", policy=document(allow("s3:GetObject", OBJECTS.ljust(rest, "a"))))


@breaks(
    "policy-not-everything",
    "aws:iam/rolePolicy:RolePolicy 'policy': policy is [\"dynamodb:*\"]; allowed: no wildcard action on "
    "every resource.",
)
def everything_of_dynamodb():
    inline(allow("dynamodb:*"))


@keeps("policy-not-everything")
def a_read_of_everything():
    inline(allow("ec2:DescribeInstances"))


@breaks(
    "policy-names-actions",
    "aws:iam/rolePolicy:RolePolicy 'policy': policy is [\"dynamodb:*\"]; allowed: no service:*.",
)
def everything_of_a_table():
    inline(allow("dynamodb:*", "arn:aws:dynamodb:us-east-1:123456789012:table/t"))


@breaks(
    "server-not-iam",
    "aws:iam/rolePolicy:RolePolicy 'policy': policy is [\"iam:PassRole\"]; allowed: no iam: action.",
)
def server_that_passes_roles():
    served(allow("iam:PassRole", "arn:aws:iam::123456789012:role/r"))


@keeps("server-not-iam")
def server_that_reads():
    served(allow("s3:GetObject", "arn:aws:s3:::b/*"))


@breaks(
    "server-not-administrator",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment 'ssm': policyArn is "
    '"arn:aws:iam::aws:policy/PowerUserAccess"; allowed: a policy of the actions that are used.',
)
def server_with_power():
    served(allow("s3:GetObject", "arn:aws:s3:::b/*"), managed="PowerUserAccess")


@keeps("server-not-administrator")
def administrator_who_is_no_server():
    arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    aws.iam.RolePolicyAttachment("admin", role=role().name, policy_arn=arn)


@breaks(
    "policy-is-json",
    "aws:iam/rolePolicy:RolePolicy 'policy': policy is \"no JSON\"; allowed: a JSON object.",
)
def policy_of_yaml():
    aws.iam.RolePolicy("policy", role="r", policy="Version: 2012-10-17")


@breaks(
    "policy-statements-whole",
    "aws:iam/rolePolicy:RolePolicy 'policy': policy is \"statement 1 with a Principal\"; allowed: Effect Allow or Deny,"
    " Action and Resource, and no Principal.",
)
def identity_policy_with_a_principal():
    inline(allow("s3:GetObject", "arn:aws:s3:::b/*", Principal="*"))


@breaks(
    "policy-statements-whole",
    "aws:iam/rolePolicy:RolePolicy 'policy': policy is \"statement 1 with no Resource, Effect allow\"; allowed: Effect"
    " Allow or Deny, Action and Resource, and no Principal.",
)
def statement_of_a_small_effect():
    inline({"Effect": "allow", "Action": "s3:GetObject"})


@breaks(
    "policy-statements-whole",
    "aws:sqs/queuePolicy:QueuePolicy 'policy': policy is \"statement 1 with no Principal\"; allowed: Effect Allow or"
    " Deny, Action and Principal.",
)
def resource_policy_without_a_principal():
    queue_policy(allow("sqs:SendMessage"))


@breaks(
    "policy-names-the-source",
    "aws:sqs/queuePolicy:QueuePolicy 'policy': policy is [\"sns.amazonaws.com\"]; allowed: a condition on "
    "where the call comes from.",
)
def any_topic_may_send():
    queue_policy(allow("sqs:SendMessage", Principal={"Service": "sns.amazonaws.com"}))


@breaks(
    "policy-not-public",
    "aws:sqs/queuePolicy:QueuePolicy 'policy': policy is [\"sqs:SendMessage\"]; allowed: a principal other than *.",
)
def everybody_may_send():
    queue_policy(allow("sqs:SendMessage", Principal="*"))


@keeps("policy-not-public")
def everybody_over_tls_may_not():
    queue_policy({"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*"})


@breaks(
    "key-deletion",
    "aws:kms/key:Key 'key': deletionWindowInDays is 6; allowed: 7 to 30.",
)
def key_that_dies_in_6_days():
    key(deletion_window_in_days=6)


@keeps("key-deletion")
def key_that_dies_in_7_days():
    key(deletion_window_in_days=7)


@breaks(
    "key-rotation",
    "aws:kms/key:Key 'key': rotationPeriodInDays is 30; allowed: 90 to 2560.",
)
def key_that_rotates_monthly():
    key(enable_key_rotation=True, rotation_period_in_days=30)


@keeps("key-rotation")
def key_that_rotates_quarterly():
    key(enable_key_rotation=True, rotation_period_in_days=90)


@breaks(
    "key-stays-ours",
    "aws:kms/key:Key 'key': policy is \"none does\"; allowed: a statement that lets the account put the policy.",
)
def key_that_locks_everybody_out():
    key(allow("kms:Decrypt", Principal={"Service": "sns.amazonaws.com"}))


@keeps("key-stays-ours")
def key_of_the_account():
    key(allow("kms:*", Principal=ROOT))


@breaks(
    "key-alias",
    "aws:kms/alias:Alias 'alias': name is \"alias/aws/shop\"; allowed: alias/ and letters, digits, / _ -, "
    "not alias/aws/*.",
)
def alias_of_aws():
    aws.kms.Alias("alias", name="alias/aws/shop", target_key_id="k")


@keeps("key-alias")
def alias_of_ours():
    aws.kms.Alias("alias", name="alias/shop/orders", target_key_id="k")


@breaks(
    "secret-name",
    "aws:secretsmanager/secret:Secret 'secret': name is \"my secret\"; allowed: 1 to 512 of A-Z, a-z, 0-9 and /_+=.@-.",
)
def blank_in_a_secrets_name():
    aws.secretsmanager.Secret("secret", name="my secret")


@keeps("secret-name")
def secret_name_of_512():
    aws.secretsmanager.Secret("secret", name="a" * 512)


@breaks(
    "secret-recovery",
    "aws:secretsmanager/secret:Secret 'secret': recoveryWindowInDays is 6; allowed: 0, or 7 to 30.",
)
def recovery_of_6_days():
    aws.secretsmanager.Secret("secret", recovery_window_in_days=6)


@keeps("secret-recovery")
def no_recovery():
    aws.secretsmanager.Secret("secret", recovery_window_in_days=0)


@breaks(
    "secret-has-a-value",
    "aws:secretsmanager/secret:Secret 'secret': secretString is not set; allowed: a SecretVersion of it.",
)
def empty_secret():
    aws.secretsmanager.Secret("secret")


def booting(*, after_the_value):
    secret = aws.secretsmanager.Secret("secret")
    value = aws.secretsmanager.SecretVersion("value", secret_id=secret.id, secret_string="x")
    opts = pulumi.ResourceOptions(depends_on=[value] if after_the_value else [])
    template(user_data=secret.arn.apply(encoded), opts=opts)


@breaks(
    "server-after-the-secret",
    "aws:ec2/launchTemplate:LaunchTemplate 'template': userData is \"secret\"; allowed: a template that "
    "depends on value.",
)
def server_before_its_secret():
    booting(after_the_value=False)


@keeps("server-after-the-secret")
def server_after_its_secret():
    booting(after_the_value=True)


@breaks(
    "server-user-data-without-secrets",
    "aws:ec2/launchTemplate:LaunchTemplate 'template': userData is [secret]; allowed: no secret value inside.",
)
def secret_in_user_data():
    template(user_data=pulumi.Output.secret("hunter2hunter2").apply(encoded))


@keeps("server-user-data-without-secrets")
def plain_user_data():
    template(user_data=encoded("true"))


@breaks(
    "password-is-long",
    "random:index/randomPassword:RandomPassword 'password': length is 12; allowed: 20 or more.",
)
def password_of_12():
    random.RandomPassword("password", length=12)


@breaks(
    "password-fits-its-database",
    "random:index/randomPassword:RandomPassword 'password': special is not set; allowed: false for db.",
)
def password_with_any_special():
    parts.database(password=random.RandomPassword("password", length=32).result)


@keeps("password-fits-its-database")
def password_without_specials():
    parts.database(password=random.RandomPassword("password", length=32, special=False).result)


@breaks(
    "parameter-size",
    "aws:ssm/parameter:Parameter 'p': value is [secret]; allowed: 4096 bytes in the standard tier.",
)
def parameter_of_4097():
    aws.ssm.Parameter("p", type="String", value="a" * 4097)


@keeps("parameter-size")
def parameter_of_4096():
    aws.ssm.Parameter("p", type="String", value="a" * 4096)


@breaks(
    "no-access-key-in-the-open",
    "aws:cloudwatch/dashboard:Dashboard 'd': dashboardBody is \"a key, not shown here\"; allowed: no key.",
)
def key_in_a_dashboard():
    aws.cloudwatch.Dashboard("d", dashboard_name="d", dashboard_body=json.dumps({"k": "AKIA" + "A" * 16}))
