"""Groups of servers: their templates, their sizes, how they scale, how they come and go."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws

from tests.policies.examples import example
from tests.policies.examples.networks import network, zones
from tests.policies.examples.web import IMAGE, SCALING, balancer, fleet, listening, opened, targets, template, to

GUIDE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide"


def plain(**more):
    """Servers that nobody calls."""
    vpc = network()
    return fleet(vpc, template(vpc, opened("callers", vpc, 443)), **more)


@example(f"{SCALING}/policy/")
def tracking_the_processor():
    group = plain(min_size=0, max_size=0)
    aws.autoscaling.Policy("cpu", autoscaling_group_name=group.name, policy_type="TargetTrackingScaling",
                           target_tracking_configuration={
                               "predefined_metric_specification": {
                                   "predefined_metric_type": "ASGAverageCPUUtilization"},
                               "target_value": 40.0,
                           })  # fmt: skip


@example(f"{GUIDE}/as-scaling-target-tracking.html")
def tracking_requests_of_a_target():
    vpc = network()
    lb, callers = balancer(vpc, 443)
    group = targets(vpc)
    https = listening(lb, to(group))
    servers = fleet(vpc, template(vpc, callers), group)
    label = pulumi.Output.concat(lb.arn_suffix, "/", group.arn_suffix)
    specification: Any = {"predefined_metric_type": "ALBRequestCountPerTarget", "resource_label": label}
    aws.autoscaling.Policy(
        "requests",
        autoscaling_group_name=servers.name,
        policy_type="TargetTrackingScaling",
        estimated_instance_warmup=300,
        target_tracking_configuration={"predefined_metric_specification": specification, "target_value": 1000},
        opts=pulumi.ResourceOptions(depends_on=[https]),
    )


@example(f"{GUIDE}/ec2-auto-scaling-target-tracking-metric-math.html")
def tracking_the_backlog_of_a_queue():
    dead = aws.sqs.Queue("dead", message_retention_seconds=1209600)
    queue = aws.sqs.Queue("work", redrive_policy=pulumi.Output.json_dumps(
        {"deadLetterTargetArn": dead.arn, "maxReceiveCount": 4}))  # fmt: skip
    group = plain(enabled_metrics=["GroupInServiceInstances"], metrics_granularity="1Minute")
    waiting = {"namespace": "AWS/SQS", "metric_name": "ApproximateNumberOfMessagesVisible",
               "dimensions": [{"name": "QueueName", "value": queue.name}]}  # fmt: skip
    serving = {"namespace": "AWS/AutoScaling", "metric_name": "GroupInServiceInstances",
               "dimensions": [{"name": "AutoScalingGroupName", "value": group.name}]}  # fmt: skip
    metrics = [
        {"id": "m1", "return_data": False, "metric_stat": {"stat": "Sum", "metric": waiting}},
        {"id": "m2", "return_data": False, "metric_stat": {"stat": "Average", "metric": serving}},
        {"id": "e1", "return_data": True, "label": "backlog per instance", "expression": "IF(m2 > 0, m1 / m2, m1)"},
    ]
    tracked: Any = {"target_value": 100, "customized_metric_specification": {"metrics": metrics}}
    aws.autoscaling.Policy("backlog", autoscaling_group_name=group.name, policy_type="TargetTrackingScaling",
                           target_tracking_configuration=tracked)  # fmt: skip


@example(f"{GUIDE}/as-scaling-simple-step.html")
def steps_above_an_alarm():
    group = plain()
    steps: Any = [
        {"metric_interval_lower_bound": "0", "metric_interval_upper_bound": "10", "scaling_adjustment": 0},
        {"metric_interval_lower_bound": "10", "metric_interval_upper_bound": "20", "scaling_adjustment": 10},
        {"metric_interval_lower_bound": "20", "scaling_adjustment": 30},
    ]
    out = aws.autoscaling.Policy("out", autoscaling_group_name=group.name, policy_type="StepScaling",
                                 adjustment_type="PercentChangeInCapacity", min_adjustment_magnitude=1,
                                 metric_aggregation_type="Average", step_adjustments=steps)  # fmt: skip
    aws.cloudwatch.MetricAlarm("busy", comparison_operator="GreaterThanOrEqualToThreshold", evaluation_periods=2,
                               metric_name="CPUUtilization", namespace="AWS/EC2", period=120, statistic="Average",
                               threshold=60, dimensions={"AutoScalingGroupName": group.name},
                               treat_missing_data="missing", alarm_actions=[out.arn])  # fmt: skip


@example(f"{SCALING}/group/", "fleet-rolls", "fleet-template-version")
def newest_template_whatever_it_is():
    vpc = network()
    launched = template(vpc, opened("callers", vpc, 443))
    aws.autoscaling.Group("bar", availability_zones=["us-east-1a"], desired_capacity=1, max_size=1, min_size=1,
                          launch_template={"id": launched.id, "version": "$Latest"})  # fmt: skip


@example(f"{SCALING}/schedule/")
def larger_by_day():
    group = plain(min_size=1, desired_capacity=1, max_size=4,
                  opts=pulumi.ResourceOptions(ignore_changes=["desiredCapacity"]))  # fmt: skip
    for name, hour, size in (("day", 8, 3), ("night", 20, 1)):
        aws.autoscaling.Schedule(name, scheduled_action_name=name, autoscaling_group_name=group.name, min_size=size,
                                 max_size=4, desired_capacity=size, recurrence=f"0 {hour} * * MON-FRI")  # fmt: skip


@example(f"{GUIDE}/ec2-auto-scaling-mixed-instances-groups.html", "fleet-rolls")
def spot_and_on_demand_servers():
    vpc = network()
    launched = template(vpc, opened("callers", vpc, 443))
    types: Any = [{"instance_type": name, "weighted_capacity": "1"} for name in ("m5.large", "m5a.large", "m6i.large")]
    aws.autoscaling.Group(
        "mixed",
        min_size=0,
        max_size=10,
        capacity_rebalance=True,
        vpc_zone_identifiers=[each.id for each in zones(vpc)],
        mixed_instances_policy={  # pyright: ignore[reportArgumentType]
            "instances_distribution": {
                "on_demand_base_capacity": 1,
                "on_demand_percentage_above_base_capacity": 25,
                "spot_allocation_strategy": "price-capacity-optimized",
            },
            "launch_template": {
                "launch_template_specification": {
                    "launch_template_id": launched.id,
                    "version": launched.latest_version,
                },
                "overrides": types,
            },
        },
    )


@example(f"{GUIDE}/lifecycle-hooks.html")
def hooks_at_the_limits():
    timeouts = pulumi.CustomTimeouts(delete="7500s")
    group = plain(opts=pulumi.ResourceOptions(custom_timeouts=timeouts))
    for name, transition, seconds in (("in", "LAUNCHING", 30), ("out", "TERMINATING", 7200)):
        aws.autoscaling.LifecycleHook(name, autoscaling_group_name=group.name, heartbeat_timeout=seconds,
                                      default_result="CONTINUE" if name == "out" else "ABANDON",
                                      lifecycle_transition=f"autoscaling:EC2_INSTANCE_{transition}")  # fmt: skip


@example(f"{SCALING}/group/")
def group_at_its_limits():
    plain(
        name="a" * 255,
        max_instance_lifetime=86400,
        default_cooldown=0,
        default_instance_warmup=0,
        termination_policies=["OldestLaunchTemplate", "OldestInstance"],
        health_check_type="EC2",
        tags=[{"key": "foo", "value": "bar", "propagate_at_launch": True}],
        instance_refresh={
            "strategy": "Rolling",
            "preferences": {"min_healthy_percentage": 100, "max_healthy_percentage": 200,
                            "checkpoint_percentages": [20, 50, 100], "checkpoint_delay": "172800"},
        },
    )  # fmt: skip


@example("https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-launch-templates.html", "template-credits-chosen")
def template_that_chooses_everything():
    vpc = network()
    group = opened("servers", vpc, 443)
    disk: Any = {"device_name": "/dev/xvda", "ebs": {"volume_size": 20, "volume_type": "gp3", "iops": 3000,
                                                "throughput": 125, "encrypted": "true"}}  # fmt: skip
    aws.ec2.LaunchTemplate(
        "t" * 100,
        image_id=IMAGE,
        instance_type="t3.micro",
        block_device_mappings=[disk],
        network_interfaces=[{"associate_public_ip_address": "false", "security_groups": [group.id]}],
        metadata_options={"http_tokens": "required", "http_put_response_hop_limit": 2},
        monitoring={"enabled": True},
        update_default_version=True,
        tag_specifications=[{"resource_type": kind, "tags": {"Name": "test"}} for kind in ("instance", "volume")],
    )


@example("https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html")
def servers_that_are_entered_by_session_manager():
    trust = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ]})  # fmt: skip
    role = aws.iam.Role("servers", assume_role_policy=trust)
    aws.iam.RolePolicyAttachment("ssm", role=role.name,
                                 policy_arn="arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore")  # fmt: skip
    profile = aws.iam.InstanceProfile("servers", role=role.name)
    vpc = network()
    launched = template(vpc, opened("callers", vpc, 443), iam_instance_profile={"arn": profile.arn})
    fleet(vpc, launched)


@example("https://docs.aws.amazon.com/autoscaling/ec2/userguide/create-launch-template.html")
def image_by_its_public_parameter():
    vpc = network()
    name = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
    fleet(vpc, template(vpc, opened("callers", vpc, 443), image_id=name))
