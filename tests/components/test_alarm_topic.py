"""The alarm topic: it is encrypted, and still both CloudWatch and Budgets can speak through it."""

import json

import pulumi_aws as aws
import pytest

from components.alarm_topic import AlarmTopic, AlarmTopicArgs
from tests.deploying import deploy

PUBLISHERS = {"Service": ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"]}
REGIONS = {"alarms": "eu-west-1", "edge-alarms": "us-east-1", "silent": "eu-west-1"}

HOT = {
    "namespace": "AWS/EC2",
    "metric_name": "CPUUtilization",
    "statistic": "Average",
    "comparison_operator": "GreaterThanThreshold",
    "threshold": 90,
    "period": 60,
    "evaluation_periods": 1,
}


def _program():
    alarms = AlarmTopic("alarms", AlarmTopicArgs(email="shop@example.org"))
    aws.cloudwatch.MetricAlarm("hot", **HOT, alarm_actions=[alarms.arn])
    AlarmTopic("edge-alarms", AlarmTopicArgs(email="shop@example.org", region="us-east-1"))
    AlarmTopic("silent", AlarmTopicArgs())


@pytest.fixture(scope="module")
def deployed():
    return deploy(_program, region="eu-west-1")


def arn(deployed, name):
    return deployed.one("bigpicture:watch:AlarmTopic", name).outputs["arn"]


def topic(deployed, name):
    sns = deployed.client("sns", REGIONS[name])
    return sns.get_topic_attributes(TopicArn=arn(deployed, name))["Attributes"]


@pytest.mark.parametrize("name", REGIONS)
def test_a_topic_stands_in_the_region_that_was_asked_for(deployed, name):
    assert topic(deployed, name)["TopicArn"].split(":")[3] == REGIONS[name]


@pytest.mark.parametrize("name", REGIONS)
def test_cloudwatch_and_budgets_of_this_account_may_publish(deployed, name):
    assert json.loads(topic(deployed, name)["Policy"])["Statement"] == [
        {
            "Effect": "Allow",
            "Action": ["sns:Publish"],
            "Resource": arn(deployed, name),
            "Principal": PUBLISHERS,
            "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
        }
    ]


def key(deployed, name):
    kms = deployed.client("kms", REGIONS[name])
    return kms, kms.describe_key(KeyId=topic(deployed, name)["KmsMasterKeyId"])["KeyMetadata"]


@pytest.mark.parametrize("name", REGIONS)
def test_a_topic_is_encrypted_with_a_key_of_its_own(deployed, name):
    _, found = key(deployed, name)
    assert (found["KeyManager"], found["KeySpec"], found["KeyState"]) == ("CUSTOMER", "SYMMETRIC_DEFAULT", "Enabled")


@pytest.mark.parametrize("name", REGIONS)
def test_the_key_serves_those_who_publish_and_stays_in_the_accounts_hands(deployed, name):
    kms, found = key(deployed, name)
    policy = json.loads(kms.get_key_policy(KeyId=found["KeyId"], PolicyName="default")["Policy"])
    root = {"AWS": "arn:aws:iam::123456789012:root"}
    assert [(one["Principal"], one["Action"]) for one in policy["Statement"]] == [
        (root, ["kms:*"]),
        (PUBLISHERS, ["kms:Decrypt", "kms:GenerateDataKey*"]),
    ]


def test_the_key_rotates(deployed):
    kms, found = key(deployed, "alarms")
    assert kms.get_key_rotation_status(KeyId=found["KeyId"])["KeyRotationEnabled"] is True


def subscriptions(deployed, name):
    sns = deployed.client("sns", REGIONS[name])
    found = sns.list_subscriptions_by_topic(TopicArn=arn(deployed, name))["Subscriptions"]
    return [(each["Protocol"], each["Endpoint"]) for each in found]


@pytest.mark.parametrize(
    ("name", "heard"),
    [("alarms", [("email", "shop@example.org")]), ("edge-alarms", [("email", "shop@example.org")]), ("silent", [])],
)
def test_alarms_are_mailed_to_the_address_that_was_given(deployed, name, heard):
    assert subscriptions(deployed, name) == heard


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("alarms", "shop@example.org, not confirmed yet: the link is in SNS's mail"),
        ("silent", "nobody: no e-mail address is set"),
    ],
)
def test_the_outputs_say_who_hears_of_alarms_and_who_does_not_yet(deployed, name, said):
    assert deployed.one("bigpicture:watch:AlarmTopic", name).outputs["recipient"] == said


def test_the_arn_is_handed_out_once_the_policy_stands(deployed):
    waits = deployed.one("aws:cloudwatch/metricAlarm:MetricAlarm", "hot").property_dependencies["alarmActions"]
    assert deployed.one("aws:sns/topicPolicy:TopicPolicy", "alarms").urn in waits


def test_a_topic_waits_for_the_policy_of_its_key(deployed):
    of_topic = deployed.one("aws:sns/topic:Topic", "alarms")
    of_key = deployed.one("aws:kms/keyPolicy:KeyPolicy", "alarms")
    assert of_key.urn in of_topic.property_dependencies["kmsMasterKeyId"]


def test_what_is_declared_is_registered(deployed):
    outputs = deployed.one("bigpicture:watch:AlarmTopic", "alarms").outputs
    assert set(outputs) == set(AlarmTopic.__annotations__)
