"""Changes of an Auto Scaling group as AWS takes them, and moto as it is shipped beside it."""

from typing import Any

from offline.account import Account

IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
MIXED = {
    "LaunchTemplate": {
        "LaunchTemplateSpecification": {"LaunchTemplateName": "web", "Version": "1"},
        "Overrides": [{"InstanceType": "t4g.small"}],
    }
}


def group(account: Account, **more: Any) -> Any:
    """Make the group `web` of one to three servers in one subnet; returns the client."""
    ec2, scaling = account.client("ec2"), account.client("autoscaling")
    image = account.client("ssm").get_parameter(Name=IMAGE)["Parameter"]["Value"]
    data = {"ImageId": image, "InstanceType": "t4g.micro"}
    if not ec2.describe_launch_templates()["LaunchTemplates"]:
        ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData=data)
    launch = {} if "MixedInstancesPolicy" in more else {"LaunchTemplate": {"LaunchTemplateName": "web", "Version": "1"}}
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="web",
        MinSize=1,
        MaxSize=3,
        VPCZoneIdentifier=ec2.describe_subnets()["Subnets"][0]["SubnetId"],
        **launch,
        **more,
    )
    return scaling


def shown(scaling: Any) -> dict[str, Any]:
    return scaling.describe_auto_scaling_groups()["AutoScalingGroups"][0]


def test_an_update_keeps_the_mixed_instances(account: Account) -> None:
    scaling = group(account, MixedInstancesPolicy=MIXED)
    scaling.update_auto_scaling_group(AutoScalingGroupName="web", MaxSize=2)
    assert shown(scaling)["MixedInstancesPolicy"]["LaunchTemplate"]["Overrides"] == [{"InstanceType": "t4g.small"}]


def test_mixed_instances_are_of_the_first_override(account: Account) -> None:
    [server] = shown(group(account, MixedInstancesPolicy=MIXED))["Instances"]
    assert server["InstanceType"] == "t4g.small"


def test_scaling_in_obeys_a_changed_termination_policy(account: Account) -> None:
    scaling = group(account, DesiredCapacity=3)
    before = [row["InstanceId"] for row in shown(scaling)["Instances"]]
    scaling.update_auto_scaling_group(AutoScalingGroupName="web", TerminationPolicies=["NewestInstance"])
    scaling.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=1)
    assert [row["InstanceId"] for row in shown(scaling)["Instances"]] == before[:1]


def test_moto_still_forgets_the_mixed_instances(shipped: Account) -> None:
    scaling = group(shipped, MixedInstancesPolicy=MIXED)
    scaling.update_auto_scaling_group(AutoScalingGroupName="web", MaxSize=2)
    assert "MixedInstancesPolicy" not in shown(scaling)


def test_moto_still_replaces_a_group_of_the_same_name(shipped: Account) -> None:
    group(shipped)
    assert len(shown(group(shipped))["Instances"]) == 1


def test_moto_still_exceeds_the_maximum(shipped: Account) -> None:
    scaling = group(shipped)
    scaling.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=4)
    assert len(shown(scaling)["Instances"]) == 4


def test_moto_still_deletes_a_group_with_instances(shipped: Account) -> None:
    scaling = group(shipped)
    scaling.delete_auto_scaling_group(AutoScalingGroupName="web")
    assert scaling.describe_auto_scaling_groups()["AutoScalingGroups"] == []


def test_moto_still_replaces_the_metrics(shipped: Account) -> None:
    scaling = group(shipped)
    for name in ("GroupMinSize", "GroupMaxSize"):
        scaling.enable_metrics_collection(AutoScalingGroupName="web", Metrics=[name], Granularity="1Minute")
    assert [row["Metric"] for row in shown(scaling)["EnabledMetrics"]] == ["GroupMaxSize"]


def test_moto_still_has_one_policy_of_a_name(shipped: Account) -> None:
    scaling = group(shipped)
    for owner in ("web", "other"):
        scaling.put_scaling_policy(AutoScalingGroupName=owner, PolicyName="cpu", PolicyType="StepScaling")
    assert [row["AutoScalingGroupName"] for row in scaling.describe_policies()["ScalingPolicies"]] == ["other"]


def test_moto_still_ends_the_oldest_first(shipped: Account) -> None:
    scaling = group(shipped, DesiredCapacity=2, TerminationPolicies=["NewestInstance"])
    oldest = shown(scaling)["Instances"][0]["InstanceId"]
    scaling.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=1)
    assert oldest not in {row["InstanceId"] for row in shown(scaling)["Instances"]}
