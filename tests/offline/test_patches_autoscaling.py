"""Auto Scaling groups as AWS runs them: instances, scaling in and out, read back with boto3."""

from collections import Counter
from typing import Any

import pytest
from botocore.exceptions import ClientError

from offline.account import Account
from tests.offline.servers import fleet, group, instances, registered, server, shrink, subnets


def test_instances_are_spread_over_the_subnets(account: Account) -> None:
    fleet(account, 6)
    assert Counter(instance["SubnetId"] for instance in instances(account)) == dict.fromkeys(subnets(account), 2)


def test_an_instance_is_what_its_template_says(account: Account) -> None:
    fleet(account, 1)
    [made] = instances(account)
    assert made["IamInstanceProfile"]["Arn"].endswith(":instance-profile/server")
    assert (made["MetadataOptions"]["HttpTokens"], made["MetadataOptions"]["HttpPutResponseHopLimit"]) == (
        "required",
        1,
    )
    assert (made["InstanceType"], made["Monitoring"]["State"]) == ("t4g.micro", "enabled")


def test_an_instance_has_the_tags_of_its_template_and_rather_those_of_its_group(account: Account) -> None:
    fleet(account, 1)
    tags = {tag["Key"]: tag["Value"] for tag in instances(account)[0]["Tags"]}
    assert (tags["box"], tags["service"], tags["aws:autoscaling:groupName"]) == ("fleet", "catalog", "web")


def test_an_instance_has_one_encrypted_tagged_root_volume(account: Account) -> None:
    fleet(account, 1)
    [mapping] = instances(account)[0]["BlockDeviceMappings"]
    [volume] = account.client("ec2").describe_volumes(VolumeIds=[mapping["Ebs"]["VolumeId"]])["Volumes"]
    assert (volume["Size"], volume["Encrypted"], mapping["Ebs"]["DeleteOnTermination"]) == (12, True, True)
    assert volume["Tags"] == [{"Key": "box", "Value": "fleet"}]


def test_an_instance_shows_the_version_it_was_launched_with(account: Account) -> None:
    fleet(account, 1)
    ec2, scaling = account.client("ec2"), account.client("autoscaling")
    ec2.create_launch_template_version(LaunchTemplateName="web", LaunchTemplateData=server(account))
    scaling.update_auto_scaling_group(
        AutoScalingGroupName="web", LaunchTemplate={"LaunchTemplateName": "web", "Version": "2"}, DesiredCapacity=2
    )
    assert [row["LaunchTemplate"]["Version"] for row in group(account)["Instances"]] == ["1", "2"]
    assert group(account)["LaunchTemplate"]["Version"] == "2"


def test_a_group_keeps_what_it_was_made_with(account: Account) -> None:
    settings: dict[str, Any] = {
        "DefaultInstanceWarmup": 90,
        "HealthCheckGracePeriod": 75,
        "MaxInstanceLifetime": 2_592_000,
        "InstanceMaintenancePolicy": {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 110},
        "TerminationPolicies": ["OldestInstance"],
        "DefaultCooldown": 60,
    }
    fleet(account, **settings)
    assert {name: group(account)[name] for name in settings} == settings


def test_an_update_changes_what_it_names_alone(account: Account) -> None:
    fleet(account, DefaultInstanceWarmup=90, MaxInstanceLifetime=86_400)
    account.client("autoscaling").update_auto_scaling_group(AutoScalingGroupName="web", MaxInstanceLifetime=172_800)
    assert (group(account)["DefaultInstanceWarmup"], group(account)["MaxInstanceLifetime"]) == (90, 172_800)


def test_scaling_in_keeps_the_zones_level(account: Account) -> None:
    fleet(account, 6)
    shrink(account, 3)
    assert Counter(instance["SubnetId"] for instance in instances(account)) == dict.fromkeys(subnets(account), 1)


@pytest.mark.parametrize(("policy", "survivor"), [("OldestInstance", 1), ("NewestInstance", 0)])
def test_scaling_in_follows_the_termination_policy(account: Account, policy: str, survivor: int) -> None:
    fleet(account, 2, TerminationPolicies=[policy])
    account.client("autoscaling").update_auto_scaling_group(
        AutoScalingGroupName="web", VPCZoneIdentifier=subnets(account)[0], DesiredCapacity=0, MinSize=0
    )
    account.client("autoscaling").set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=2)
    before = [row["InstanceId"] for row in group(account)["Instances"]]
    account.client("autoscaling").set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=1)
    assert [row["InstanceId"] for row in group(account)["Instances"]] == [before[survivor]]


def test_the_target_group_follows_the_fleet(account: Account) -> None:
    arn = fleet(account, 3)
    shrink(account, 2)
    assert registered(account, arn) == [row["InstanceId"] for row in group(account)["Instances"]]


def test_the_replacement_of_a_terminated_instance_joins_the_target_group(account: Account) -> None:
    arn = fleet(account, 2)
    account.client("ec2").terminate_instances(InstanceIds=[group(account)["Instances"][0]["InstanceId"]])
    assert sorted(registered(account, arn)) == sorted(row["InstanceId"] for row in group(account)["Instances"])
    assert len(registered(account, arn)) == 2


def test_enabled_metrics_add_up_and_can_be_disabled(account: Account) -> None:
    fleet(account)
    scaling = account.client("autoscaling")
    for name in ("GroupInServiceInstances", "GroupMinSize"):
        scaling.enable_metrics_collection(AutoScalingGroupName="web", Metrics=[name], Granularity="1Minute")
    assert [row["Metric"] for row in group(account)["EnabledMetrics"]] == ["GroupMinSize", "GroupInServiceInstances"]
    scaling.disable_metrics_collection(AutoScalingGroupName="web")
    assert group(account)["EnabledMetrics"] == []


def test_activities_tell_of_launches_and_ends(account: Account) -> None:
    fleet(account, 2)
    shrink(account, 1)
    rows = account.client("autoscaling").describe_scaling_activities(AutoScalingGroupName="web")["Activities"]
    assert [row["Description"].split(":")[0] for row in rows] == [
        "Terminating EC2 instance",
        "Launching a new EC2 instance",
        "Launching a new EC2 instance",
    ]


@pytest.mark.parametrize(
    ("operation", "params", "message"),
    [
        ("set_desired_capacity", {"DesiredCapacity": 10}, "Desired capacity:10 must be between 3 and 9"),
        ("delete_auto_scaling_group", {}, "while there are instances"),
        ("put_scaling_policy", {"PolicyName": "p", "AutoScalingGroupName": "none"}, "AutoScalingGroup none not found"),
    ],
)
def test_what_aws_refuses_is_refused(account: Account, operation: str, params: dict[str, Any], message: str) -> None:
    fleet(account)
    with pytest.raises(ClientError, match=message):
        getattr(account.client("autoscaling"), operation)(**{"AutoScalingGroupName": "web", **params})


def test_a_second_group_of_the_same_name_is_refused(account: Account) -> None:
    fleet(account)
    with pytest.raises(ClientError, match="AutoScalingGroup by this name already exists - web"):
        account.client("autoscaling").create_auto_scaling_group(
            AutoScalingGroupName="web", MinSize=0, MaxSize=1, LaunchTemplate={"LaunchTemplateName": "web"}
        )


def test_moto_still_launches_in_one_subnet_without_the_template(shipped: Account) -> None:
    fleet(shipped, 3)
    made = instances(shipped)
    assert len({instance["SubnetId"] for instance in made}) == 1
    assert "IamInstanceProfile" not in made[0]
    assert made[0]["MetadataOptions"]["HttpTokens"] == "optional"
    assert len(made[0]["BlockDeviceMappings"]) == 2


def test_moto_still_forgets_settings_of_a_group(shipped: Account) -> None:
    fleet(shipped, 1, DefaultInstanceWarmup=90, MaxInstanceLifetime=86_400, HealthCheckGracePeriod=0)
    shown = group(shipped)
    assert "DefaultInstanceWarmup" not in shown
    assert "MaxInstanceLifetime" not in shown
    assert shown["HealthCheckGracePeriod"] == 300


def test_moto_still_leaves_a_terminated_instance_in_the_target_group(shipped: Account) -> None:
    arn = fleet(shipped, 2)
    shrink(shipped, 0)
    assert len(registered(shipped, arn)) == 2


def test_moto_still_fails_on_user_data_of_a_later_version(shipped: Account) -> None:
    fleet(shipped, 1)
    ec2, scaling = shipped.client("ec2"), shipped.client("autoscaling")
    ec2.create_launch_template_version(LaunchTemplateName="web", LaunchTemplateData=server(shipped))
    with pytest.raises(AssertionError):
        scaling.update_auto_scaling_group(
            AutoScalingGroupName="web", LaunchTemplate={"LaunchTemplateName": "web", "Version": "2"}, DesiredCapacity=2
        )
