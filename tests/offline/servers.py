"""A fleet of servers in the offline account: launch template, group and target group, and what is read back of them."""

import base64
from typing import Any

from offline.account import Account

IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"


def server(account: Account, **more: Any) -> dict[str, Any]:
    """The template data of a server of the store."""
    image = account.client("ssm").get_parameter(Name=IMAGE)["Parameter"]["Value"]
    return {
        "ImageId": image,
        "InstanceType": "t4g.micro",
        "IamInstanceProfile": {"Name": "server"},
        "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
        "Monitoring": {"Enabled": True},
        "UserData": base64.b64encode(b"#cloud-config").decode(),
        "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 12, "Encrypted": True}}],
        "TagSpecifications": [
            {"ResourceType": "instance", "Tags": [{"Key": "box", "Value": "fleet"}, {"Key": "service", "Value": "-"}]},
            {"ResourceType": "volume", "Tags": [{"Key": "box", "Value": "fleet"}]},
        ],
        **more,
    }


def template(account: Account) -> dict[str, Any]:
    account.client("iam").create_instance_profile(InstanceProfileName="server")
    made = account.client("ec2").create_launch_template(LaunchTemplateName="web", LaunchTemplateData=server(account))
    return made["LaunchTemplate"]


def subnets(account: Account) -> list[str]:
    return [subnet["SubnetId"] for subnet in account.client("ec2").describe_subnets()["Subnets"][:3]]


def target_group(account: Account) -> str:
    vpc = account.client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    made = account.client("elbv2").create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=vpc)
    return made["TargetGroups"][0]["TargetGroupArn"]


def fleet(account: Account, size: int = 3, **more: Any) -> str:
    """A group of *size* servers over three subnets; returns its target group."""
    arn = target_group(account)
    account.client("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName="web",
        MinSize=size,
        MaxSize=9,
        VPCZoneIdentifier=",".join(subnets(account)),
        LaunchTemplate={"LaunchTemplateId": template(account)["LaunchTemplateId"], "Version": "1"},
        TargetGroupARNs=[arn],
        Tags=[{"Key": "service", "Value": "catalog", "PropagateAtLaunch": True}],
        **more,
    )
    return arn


def group(account: Account) -> dict[str, Any]:
    return account.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"][0]


def instances(account: Account) -> list[dict[str, Any]]:
    ids = [instance["InstanceId"] for instance in group(account)["Instances"]]
    found = account.client("ec2").describe_instances(InstanceIds=ids)["Reservations"]
    return [instance for reservation in found for instance in reservation["Instances"]]


def registered(account: Account, arn: str) -> list[str]:
    health = account.client("elbv2").describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
    return [row["Target"]["Id"] for row in health]


def hook(account: Account, **more: Any) -> None:
    account.client("autoscaling").put_lifecycle_hook(
        AutoScalingGroupName="web",
        LifecycleHookName="drain",
        **{"LifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING", "HeartbeatTimeout": 120, **more},
    )


def shrink(account: Account, size: int = 2) -> None:
    account.client("autoscaling").update_auto_scaling_group(AutoScalingGroupName="web", MinSize=0, DesiredCapacity=size)


def ids(account: Account) -> list[str]:
    """Of the group's servers that are in service."""
    return [each["InstanceId"] for each in group(account)["Instances"] if each["LifecycleState"] == "InService"]
