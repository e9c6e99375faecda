"""What watches the store, as AWS answers it: alarms over alarms, states without data, retention, key rotation."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from offline.account import Account

RULE = 'ALARM("errors") AND NOT ALARM(deploy)'


def alarm(account: Account, name: str) -> dict[str, Any]:
    cloudwatch = account.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        Namespace="Store",
        MetricName=name,
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    return cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]


def composite(account: Account, rule: str = RULE) -> list[dict[str, Any]]:
    cloudwatch = account.client("cloudwatch")
    for name in ("errors", "deploy"):
        alarm(account, name)
    tags = [{"Key": "box", "Value": "watch"}]
    cloudwatch.put_composite_alarm(AlarmName="store", AlarmRule=rule, AlarmActions=["arn:aws:sns:::a"], Tags=tags)
    return cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]


def test_a_new_alarm_has_no_data(account: Account) -> None:
    assert alarm(account, "errors")["StateValue"] == "INSUFFICIENT_DATA"


def test_a_composite_alarm_keeps_rule_actions_and_tags(account: Account) -> None:
    [shown] = composite(account)
    assert (shown["AlarmRule"], shown["AlarmActions"], shown["ActionsEnabled"]) == (RULE, ["arn:aws:sns:::a"], True)
    tags = account.client("cloudwatch").list_tags_for_resource(ResourceARN=shown["AlarmArn"])["Tags"]
    assert tags == [{"Key": "box", "Value": "watch"}]


def test_a_composite_alarm_over_a_missing_alarm_is_refused(account: Account) -> None:
    with pytest.raises(ClientError, match=r"alarms that do not exist: \['none'\]"):
        composite(account, "ALARM(none)")


def test_composite_alarms_are_listed_when_asked_for(account: Account) -> None:
    composite(account)
    listed = account.client("cloudwatch").describe_alarms()
    assert ([row["AlarmName"] for row in listed["MetricAlarms"]], listed["CompositeAlarms"]) == (
        ["errors", "deploy"],
        [],
    )


def test_an_alarm_in_a_composite_alarm_is_not_deleted_before_it(account: Account) -> None:
    composite(account)
    cloudwatch = account.client("cloudwatch")
    with pytest.raises(ClientError, match="the composite alarm store names them"):
        cloudwatch.delete_alarms(AlarmNames=["errors"])
    cloudwatch.delete_alarms(AlarmNames=["errors", "store"])
    assert cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"] == []


def test_a_log_group_keeps_its_class(account: Account) -> None:
    logs = account.client("logs")
    logs.create_log_group(logGroupName="rare", logGroupClass="INFREQUENT_ACCESS")
    logs.create_log_group(logGroupName="usual")
    shown = {row["logGroupName"]: row["logGroupClass"] for row in logs.describe_log_groups()["logGroups"]}
    assert shown == {"rare": "INFREQUENT_ACCESS", "usual": "STANDARD"}


def test_a_retention_that_logs_do_not_have_is_refused(account: Account) -> None:
    logs = account.client("logs")
    logs.create_log_group(logGroupName="web")
    with pytest.raises(ClientError, match="retentionInDays is 17; allowed: 1, 3, 5, 7, 14, 30"):
        logs.put_retention_policy(logGroupName="web", retentionInDays=17)


def test_a_key_keeps_its_rotation_period(account: Account) -> None:
    kms = account.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
    status = kms.get_key_rotation_status(KeyId=key)
    assert (status["KeyRotationEnabled"], status["RotationPeriodInDays"]) == (True, 180)


def test_a_key_to_be_deleted_shows_its_waiting_period(account: Account) -> None:
    kms = account.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    assert kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)["PendingWindowInDays"] == 7


def test_moto_still_has_no_composite_alarms(shipped: Account) -> None:
    with pytest.raises(NotImplementedError, match="put_composite_alarm"):
        composite(shipped)


def test_moto_still_calls_a_new_alarm_ok(shipped: Account) -> None:
    assert alarm(shipped, "errors")["StateValue"] == "OK"


def test_moto_still_takes_any_retention_and_loses_the_class(shipped: Account) -> None:
    logs = shipped.client("logs")
    logs.create_log_group(logGroupName="rare", logGroupClass="INFREQUENT_ACCESS")
    logs.put_retention_policy(logGroupName="rare", retentionInDays=17)
    assert "logGroupClass" not in logs.describe_log_groups()["logGroups"][0]


def test_moto_still_forgets_a_rotation_period(shipped: Account) -> None:
    kms = shipped.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
    assert "RotationPeriodInDays" not in kms.get_key_rotation_status(KeyId=key)
    assert "PendingWindowInDays" not in kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
