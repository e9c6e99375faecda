"""Fragments about what a function needs around it."""

import json

import pulumi_aws as aws

from tests.policies.fragments import breaks, keeps
from tests.policies.fragments_functions import function

MANAGED = "arn:aws:iam::aws:policy/service-role/"


def role(*managed, service="lambda.amazonaws.com", may=()):
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    made = aws.iam.Role("role", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))
    for each in managed:
        aws.iam.RolePolicyAttachment(each, role=made.name, policy_arn=f"{MANAGED}{each}")
    if may:
        allowed = {"Effect": "Allow", "Action": [*may], "Resource": "arn:aws:sqs:us-east-1:123456789012:made-elsewhere"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
        aws.iam.RolePolicy("own", role=made.name, policy=document)
    return made


def in_a_vpc(*managed):
    place = {"subnet_ids": ["subnet-made-elsewhere"], "security_group_ids": ["sg-0123456789abcdef0"]}
    function(role=role(*managed).arn, vpc_config=place)


def reading(*managed, **more):
    queue = aws.sqs.Queue("queue")
    made = function(role=role(*managed, **more).arn)
    aws.lambda_.EventSourceMapping("reading", event_source_arn=queue.arn, function_name=made.name)


def variables(**given):
    function(environment={"variables": given})


@breaks(
    "function-environment",
    "aws:lambda/function:Function 'function': environment.variables is [\"AWS_REGION\"]; allowed: names "
    "that Lambda does not set itself.",
)
def region_that_lambda_sets():
    variables(AWS_REGION="us-east-1", STAGE="test")


@breaks(
    "function-environment",
    "aws:lambda/function:Function 'function': environment.variables is \"5012 bytes\"; allowed: 4096 bytes in all.",
)
def variables_of_5000_bytes():
    variables(TEXT="x" * 5000)


@keeps("function-environment")
def variables_of_4000_bytes():
    variables(TEXT="x" * 4000)


@breaks(
    "function-in-a-vpc-may-be",
    "aws:lambda/function:Function 'function': role is \"role\"; allowed: a role that may ec2:CreateNetworkInterface.",
)
def function_in_a_vpc_that_may_log_alone():
    in_a_vpc("AWSLambdaBasicExecutionRole")


@keeps("function-in-a-vpc-may-be")
def function_in_a_vpc_that_may_be_there():
    in_a_vpc("AWSLambdaBasicExecutionRole", "AWSLambdaVPCAccessExecutionRole")


@breaks(
    "mapping-role-may-read",
    "aws:lambda/eventSourceMapping:EventSourceMapping 'reading': role is \"role\"; allowed: a role that may"
    " sqs:ReceiveMessage.",
)
def reader_that_may_send():
    reading(may=["sqs:SendMessage"])


@keeps("mapping-role-may-read")
def reader_that_may_receive():
    reading(may=["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"])


@keeps("mapping-role-may-read")
def reader_by_a_policy_of_aws():
    reading("AWSLambdaSQSQueueExecutionRole")


@breaks(
    "profile-role-by-its-name",
    "aws:iam/instanceProfile:InstanceProfile 'profile': role is \"arn:aws:iam::123456789012:role/role\"; "
    "allowed: a role's name.",
)
def profile_of_an_arn():
    aws.iam.InstanceProfile("profile", role=role(service="ec2.amazonaws.com").arn)


@keeps("profile-role-by-its-name")
def profile_of_a_name():
    aws.iam.InstanceProfile("profile", role=role(service="ec2.amazonaws.com").name)
