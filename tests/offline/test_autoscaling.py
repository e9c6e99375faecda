"""Launch templates, groups, policies and hooks read back from the offline account."""

import pulumi_aws as aws
import pytest

from tests.deploying import deploy
from tests.surroundings import surroundings


def program():
    found = surroundings()
    template = aws.ec2.LaunchTemplate(
        "template", image_id=found.image.id, instance_type="t4g.small", description="first", tags={"project": "x"}
    )
    group = aws.autoscaling.Group(
        "group",
        min_size=1,
        max_size=3,
        desired_capacity=2,
        max_instance_lifetime=86_400,
        vpc_zone_identifiers=found.subnet_ids,
        launch_template=aws.autoscaling.GroupLaunchTemplateArgs(name=template.name, version="1"),
    )
    tracking = aws.autoscaling.PolicyTargetTrackingConfigurationArgs(
        target_value=42.5,
        disable_scale_in=False,
        predefined_metric_specification=aws.autoscaling.PolicyTargetTrackingConfigurationPredefinedMetricSpecificationArgs(
            predefined_metric_type="ASGAverageNetworkIn"
        ),
    )
    aws.autoscaling.Policy(
        "policy",
        autoscaling_group_name=group.name,
        policy_type="TargetTrackingScaling",
        estimated_instance_warmup=30,
        target_tracking_configuration=tracking,
    )
    aws.autoscaling.LifecycleHook(
        "hook",
        autoscaling_group_name=group.name,
        lifecycle_transition="autoscaling:EC2_INSTANCE_LAUNCHING",
        notification_metadata="x",
    )


@pytest.fixture(scope="module")
def deployed():
    return deploy(program)


def test_a_launch_template_says_its_versions(deployed):
    outputs = deployed.one("aws:ec2/launchTemplate:LaunchTemplate").outputs
    assert (outputs["latestVersion"], outputs["defaultVersion"], outputs["description"]) == (1, 1, "first")
    assert outputs["tagsAll"] == {"project": "x"}


def test_a_group_launches_what_it_desires(deployed):
    group = deployed.one("aws:autoscaling/group:Group")
    found = deployed.client("autoscaling").describe_auto_scaling_instances()["AutoScalingInstances"]
    assert [row["AutoScalingGroupName"] for row in found] == [group.id, group.id]


def test_a_group_names_its_template_as_the_program_does(deployed):
    template = deployed.one("aws:ec2/launchTemplate:LaunchTemplate").outputs["name"]
    outputs = deployed.one("aws:autoscaling/group:Group").outputs
    assert (outputs["launchTemplate"], outputs["maxInstanceLifetime"]) == ({"name": template, "version": "1"}, 86_400)


def test_a_policy_reads_back_whole(deployed):
    policy = deployed.one("aws:autoscaling/policy:Policy")
    live = deployed.monitor.live[policy.urn]
    held = live.handler.read(live.aws, live.id, {"autoscalingGroupName": live.inputs["autoscalingGroupName"]})
    assert {name: held[name] for name in live.inputs} == live.inputs
    assert held["enabled"] is True


def test_a_hook_has_the_services_defaults(deployed):
    outputs = deployed.one("aws:autoscaling/lifecycleHook:LifecycleHook").outputs
    assert (outputs["heartbeatTimeout"], outputs["defaultResult"], outputs["notificationMetadata"]) == (
        3600,
        "ABANDON",
        "x",
    )
