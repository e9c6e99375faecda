"""Scaling policies, lifecycle hooks and instance refreshes as AWS answers them, read back with boto3."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from offline.account import Account
from tests.offline.servers import fleet, group, hook, registered, server, shrink, subnets

TRACKING = {
    "TargetValue": 100.0,
    "CustomizedMetricSpecification": {
        "Metrics": [
            {"Id": "backlog", "Expression": "depth / servers", "ReturnData": True},
            {
                "Id": "depth",
                "MetricStat": {
                    "Metric": {
                        "Namespace": "AWS/SQS",
                        "MetricName": "ApproximateNumberOfMessagesVisible",
                        "Dimensions": [{"Name": "QueueName", "Value": "orders"}],
                    },
                    "Stat": "Sum",
                },
                "ReturnData": False,
            },
        ]
    },
}


def test_a_hook_keeps_what_it_was_made_with(account: Account) -> None:
    fleet(account)
    hook(account, DefaultResult="CONTINUE", NotificationMetadata="queue=orders")
    [row] = account.client("autoscaling").describe_lifecycle_hooks(AutoScalingGroupName="web")["LifecycleHooks"]
    assert (row["HeartbeatTimeout"], row["DefaultResult"], row["GlobalTimeout"]) == (120, "CONTINUE", 12_000)
    assert row["NotificationMetadata"] == "queue=orders"
    assert "NotificationTargetARN" not in row


def test_a_hook_holds_a_terminating_instance_until_it_is_done(account: Account) -> None:
    arn = fleet(account, 3)
    hook(account)
    shrink(account, 2)
    [waiting] = [row["InstanceId"] for row in group(account)["Instances"] if row["LifecycleState"] != "InService"]
    assert waiting not in registered(account, arn)
    account.client("autoscaling").complete_lifecycle_action(
        AutoScalingGroupName="web", LifecycleHookName="drain", InstanceId=waiting, LifecycleActionResult="CONTINUE"
    )
    assert waiting not in {row["InstanceId"] for row in group(account)["Instances"]}


def test_a_heartbeat_is_taken_from_a_waiting_instance_only(account: Account) -> None:
    fleet(account, 3)
    hook(account)
    beat = {"AutoScalingGroupName": "web", "LifecycleHookName": "drain"}
    scaling = account.client("autoscaling")
    with pytest.raises(ClientError, match="No active Lifecycle Action found"):
        scaling.record_lifecycle_action_heartbeat(**beat, InstanceId=group(account)["Instances"][0]["InstanceId"])
    shrink(account, 2)
    [waiting] = [row["InstanceId"] for row in group(account)["Instances"] if row["LifecycleState"] != "InService"]
    scaling.record_lifecycle_action_heartbeat(**beat, InstanceId=waiting)


def test_a_forced_deletion_waits_for_no_hook(account: Account) -> None:
    fleet(account, 2)
    hook(account)
    account.client("autoscaling").delete_auto_scaling_group(AutoScalingGroupName="web", ForceDelete=True)
    states = account.client("ec2").describe_instances()["Reservations"]
    assert {instance["State"]["Name"] for row in states for instance in row["Instances"]} == {"terminated"}


def test_a_policy_keeps_its_metric_math(account: Account) -> None:
    fleet(account)
    scaling = account.client("autoscaling")
    scaling.put_scaling_policy(
        AutoScalingGroupName="web",
        PolicyName="backlog",
        PolicyType="TargetTrackingScaling",
        Enabled=False,
        EstimatedInstanceWarmup=45,
        TargetTrackingConfiguration=TRACKING,
    )
    [policy] = scaling.describe_policies()["ScalingPolicies"]
    assert policy["TargetTrackingConfiguration"] == {**TRACKING, "DisableScaleIn": False}
    assert (policy["Enabled"], policy["EstimatedInstanceWarmup"]) == (False, 45)


def test_policies_of_one_name_live_side_by_side(account: Account) -> None:
    fleet(account)
    scaling = account.client("autoscaling")
    zone = subnets(account)[0]
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="api",
        MinSize=0,
        MaxSize=1,
        VPCZoneIdentifier=zone,
        LaunchTemplate={"LaunchTemplateName": "web"},
    )
    for name in ("web", "api"):
        scaling.put_scaling_policy(AutoScalingGroupName=name, PolicyName="cpu", PolicyType="StepScaling")
    assert [row["AutoScalingGroupName"] for row in scaling.describe_policies()["ScalingPolicies"]] == ["web", "api"]


def test_a_refresh_replaces_every_instance_and_is_recorded(account: Account) -> None:
    arn = fleet(account, 2)
    before, scaling = {row["InstanceId"] for row in group(account)["Instances"]}, account.client("autoscaling")
    scaling.start_instance_refresh(AutoScalingGroupName="web", Preferences={"MinHealthyPercentage": 90})
    after = {row["InstanceId"] for row in group(account)["Instances"]}
    [refresh] = scaling.describe_instance_refreshes(AutoScalingGroupName="web")["InstanceRefreshes"]
    assert (len(after), before & after, sorted(registered(account, arn))) == (2, set(), sorted(after))
    assert (refresh["Status"], refresh["Preferences"]["MinHealthyPercentage"]) == ("Successful", 90)


def test_a_refresh_brings_the_version_it_asks_for(account: Account) -> None:
    fleet(account, 2)
    account.client("ec2").create_launch_template_version(LaunchTemplateName="web", LaunchTemplateData=server(account))
    wanted = {"LaunchTemplate": {"LaunchTemplateName": "web", "Version": "2"}}
    account.client("autoscaling").start_instance_refresh(AutoScalingGroupName="web", DesiredConfiguration=wanted)
    assert [row["LaunchTemplate"]["Version"] for row in group(account)["Instances"]] == ["2", "2"]


def test_a_refresh_skips_the_instances_that_match(account: Account) -> None:
    fleet(account, 2)
    before = group(account)["Instances"]
    account.client("autoscaling").start_instance_refresh(
        AutoScalingGroupName="web", Preferences={"SkipMatching": True, "MinHealthyPercentage": 90}
    )
    assert group(account)["Instances"] == before


@pytest.mark.parametrize(
    ("version", "wanted"), [("1", {}), ("$Latest", {"LaunchTemplate": {"LaunchTemplateName": "web", "Version": "1"}})]
)
def test_a_refresh_that_could_not_go_back_may_not_be_asked_to(account: Account, version: str, wanted: Any) -> None:
    fleet(account, 1)
    scaling, held = account.client("autoscaling"), {"LaunchTemplateName": "web", "Version": version}
    scaling.update_auto_scaling_group(AutoScalingGroupName="web", LaunchTemplate=held)
    with pytest.raises(ClientError, match="The AutoRollback parameter cannot be set to true"):
        scaling.start_instance_refresh(
            AutoScalingGroupName="web", DesiredConfiguration=wanted, Preferences={"AutoRollback": True}
        )


def test_moto_still_shows_hooks_of_its_own(shipped: Account) -> None:
    fleet(shipped, 1)
    hook(shipped)
    [row] = shipped.client("autoscaling").describe_lifecycle_hooks(AutoScalingGroupName="web")["LifecycleHooks"]
    assert row["NotificationTargetARN"] == "arn:aws:sqs:us-east-1:123456789012:my-queue"


@pytest.mark.parametrize("operation", ["start_instance_refresh", "disable_metrics_collection"])
def test_moto_still_lacks_operations(shipped: Account, operation: str) -> None:
    with pytest.raises(NotImplementedError):
        getattr(shipped.client("autoscaling"), operation)(AutoScalingGroupName="web")


def test_moto_still_records_no_activity_and_loses_enabled(shipped: Account) -> None:
    fleet(shipped, 1)
    scaling = shipped.client("autoscaling")
    scaling.put_scaling_policy(AutoScalingGroupName="web", PolicyName="p", PolicyType="StepScaling", Enabled=False)
    assert scaling.describe_scaling_activities()["Activities"] == []
    assert "Enabled" not in scaling.describe_policies()["ScalingPolicies"][0]
