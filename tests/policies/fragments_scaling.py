"""Fragments about how fleets scale and drain."""

import pulumi
import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps

LABEL = "app/lb/0123456789abcdef/targetgroup/tg/0123456789abcdef"
TRACK = aws.autoscaling.PolicyTargetTrackingConfigurationArgs
QUERY = aws.autoscaling.PolicyTargetTrackingConfigurationCustomizedMetricSpecificationMetricArgs


def tracking(name="policy", *, fleet=None, kind="ASGAverageCPUUtilization", label=None, opts=None, **more):
    spec = aws.autoscaling.PolicyTargetTrackingConfigurationPredefinedMetricSpecificationArgs(
        predefined_metric_type=kind, resource_label=label
    )
    aws.autoscaling.Policy(
        name,
        autoscaling_group_name=(fleet or parts.fleet()).name,
        policy_type="TargetTrackingScaling",
        target_tracking_configuration=TRACK(target_value=50, predefined_metric_specification=spec, **more),
        opts=opts,
    )


def expression(text, **more):
    return QUERY(id="e1", expression=text, **more)


def stat(id_, namespace, name, **more):
    metric_stat = aws.autoscaling.PolicyTargetTrackingConfigurationCustomizedMetricSpecificationMetricMetricStatArgs
    metric = aws.autoscaling.PolicyTargetTrackingConfigurationCustomizedMetricSpecificationMetricMetricStatMetricArgs
    found = metric(namespace=namespace, metric_name=name)
    return QUERY(id=id_, metric_stat=metric_stat(stat="Average", metric=found), **{"return_data": False, **more})


BACKLOG = stat("m1", "AWS/SQS", "ApproximateNumberOfMessagesVisible")
SERVERS = stat("m2", "AWS/AutoScaling", "GroupInServiceInstances")
GUARDED = "IF(m2>0, m1/m2, m1)"


def backlog(*metrics, fleet=None):
    spec = aws.autoscaling.PolicyTargetTrackingConfigurationCustomizedMetricSpecificationArgs(metrics=list(metrics))
    aws.autoscaling.Policy(
        "backlog",
        autoscaling_group_name=(fleet or parts.fleet(enabled_metrics=["GroupInServiceInstances"])).name,
        policy_type="TargetTrackingScaling",
        target_tracking_configuration=TRACK(target_value=10, customized_metric_specification=spec),
    )


def steps(*bounds):
    step = aws.autoscaling.PolicyStepAdjustmentArgs
    aws.autoscaling.Policy(
        "steps",
        autoscaling_group_name=parts.fleet().name,
        policy_type="StepScaling",
        adjustment_type="ChangeInCapacity",
        step_adjustments=[
            step(scaling_adjustment=1, metric_interval_lower_bound=low, metric_interval_upper_bound=high)
            for low, high in bounds
        ],
    )


def hook(fleet=None, **more):
    given = {
        "lifecycle_transition": "autoscaling:EC2_INSTANCE_TERMINATING",
        "default_result": "CONTINUE",
        "heartbeat_timeout": 60,
    }
    aws.autoscaling.LifecycleHook("hook", autoscaling_group_name=(fleet or parts.fleet()).name, **{**given, **more})


def on_requests(*, waits):
    within = parts.vpc()
    target, lb = parts.target_group(within=within), parts.balancer(within=within)
    listener = parts.listener(lb, target)
    fleet = parts.fleet(target_group_arns=[target.arn], health_check_type="ELB")
    opts = pulumi.ResourceOptions(depends_on=[listener] if waits else [])
    tracking(fleet=fleet, kind="ALBRequestCountPerTarget", label=LABEL, opts=opts)


def by_its_ends(joined):
    """A fleet that scales on the requests of its only target group, named by what *joined* makes of two suffixes."""
    within = parts.vpc()
    lb, target = parts.balancer(within=within), parts.target_group(within=within)
    waits = pulumi.ResourceOptions(depends_on=[parts.listener(lb, target)])
    fleet = parts.fleet(target_group_arns=[target.arn], health_check_type="ELB")
    label = pulumi.Output.concat(*joined(lb.arn_suffix, target.arn_suffix))
    tracking(fleet=fleet, kind="ALBRequestCountPerTarget", label=label, opts=waits)


@breaks(
    "scaling-resource-label",
    "aws:autoscaling/policy:Policy 'policy': "
    "targetTrackingConfiguration.predefinedMetricSpecification.resourceLabel is "
    '"arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/lb/0"; allowed: '
    "app/NAME/ID/targetgroup/NAME/ID.",
)
def label_of_whole_arns():
    tracking(kind="ALBRequestCountPerTarget", label="arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/lb/0")


@breaks(
    "scaling-resource-label",
    "aws:autoscaling/policy:Policy 'policy': "
    "targetTrackingConfiguration.predefinedMetricSpecification.resourceLabel is "
    '"targetgroup/tg/0123456789abcdef/app/lb/0123456789abcdef"; allowed: app/NAME/ID/targetgroup/NAME/ID.',
)
def label_of_two_ends_the_wrong_way_round():
    by_its_ends(lambda lb, group: (group, "/", lb))


@keeps("scaling-resource-label")
def label_of_a_balancers_end_and_its_groups():
    by_its_ends(lambda lb, group: (lb, "/", group))


@keeps("scaling-resource-label")
def label_of_two_ends():
    fleet = parts.fleet(target_group_arns=["arn:aws:elasticloadbalancing:us-east-1:1:x"], health_check_type="ELB")
    tracking(fleet=fleet, kind="ALBRequestCountPerTarget", label=LABEL)


@breaks(
    "scaling-waits-for-the-rule",
    "aws:autoscaling/policy:Policy 'policy': dependsOn is not set; allowed: the rule that leads to the target group.",
)
def policy_before_its_rule():
    on_requests(waits=False)


@keeps("scaling-waits-for-the-rule")
def policy_after_its_rule():
    on_requests(waits=True)


@breaks(
    "scaling-metric-once",
    "aws:autoscaling/policy:Policy 'a': "
    "targetTrackingConfiguration.predefinedMetricSpecification.predefinedMetricType is "
    '"ASGAverageCPUUtilization"; allowed: a metric that no other policy of fleet tracks.',
    "aws:autoscaling/policy:Policy 'b': "
    "targetTrackingConfiguration.predefinedMetricSpecification.predefinedMetricType is "
    '"ASGAverageCPUUtilization"; allowed: a metric that no other policy of fleet tracks.',
)
def cpu_tracked_twice():
    fleet = parts.fleet()
    tracking("a", fleet=fleet)
    tracking("b", fleet=fleet)


@keeps("scaling-metric-once")
def two_metrics():
    fleet = parts.fleet()
    tracking("a", fleet=fleet)
    tracking("b", fleet=fleet, kind="ASGAverageNetworkIn")


@breaks(
    "scaling-in-is-on",
    "aws:autoscaling/policy:Policy 'policy': targetTrackingConfiguration.disableScaleIn is true; allowed: false.",
)
def never_smaller():
    tracking(disable_scale_in=True)


@breaks(
    "scaling-math-returns-one",
    "aws:autoscaling/policy:Policy 'backlog': "
    'targetTrackingConfiguration.customizedMetricSpecification.metrics is ["e1", "m1"]; allowed: one '
    "expression that returns data.",
)
def everything_returned():
    backlog(expression(GUARDED), stat("m1", "AWS/SQS", "x", return_data=True), SERVERS)


@breaks(
    "scaling-math-returns-one",
    "aws:autoscaling/policy:Policy 'backlog': "
    'targetTrackingConfiguration.customizedMetricSpecification.metrics is ["m2"]; allowed: one '
    "expression that returns data.",
)
def size_of_the_fleet_returned():
    backlog(expression(GUARDED, return_data=False), BACKLOG, stat("m2", "AWS/AutoScaling", "x", return_data=True))


@keeps("scaling-math-returns-one")
def backlog_for_each_server():
    backlog(expression(GUARDED), BACKLOG, SERVERS)


@breaks(
    "scaling-math-divides-by-servers",
    "aws:autoscaling/policy:Policy 'backlog': "
    'targetTrackingConfiguration.customizedMetricSpecification.metrics[0].expression is "m1/m2"; '
    "allowed: a division that is guarded by IF.",
)
def division_by_nobody():
    backlog(expression("m1/m2"), BACKLOG, SERVERS)


@breaks(
    "scaling-metric-is-measured",
    "aws:autoscaling/policy:Policy 'backlog': targetTrackingConfiguration is \"fleet without "
    'GroupInServiceInstances"; allowed: a metric that the fleet reports.',
)
def servers_not_measured():
    backlog(expression(GUARDED), BACKLOG, SERVERS, fleet=parts.fleet())


@breaks(
    "scaling-steps-meet",
    "aws:autoscaling/policy:Policy 'steps': stepAdjustments is [[0, 10], [20, null]]; allowed: intervals that meet.",
)
def gap_between_steps():
    steps((0, 10), (20, None))


@keeps("scaling-steps-meet")
def steps_without_a_gap():
    steps((10, None), (0, 10))


@breaks(
    "hook-transition",
    "aws:autoscaling/lifecycleHook:LifecycleHook 'hook': lifecycleTransition is "
    '"autoscaling:EC2_INSTANCE_REBOOTING"; allowed: autoscaling:EC2_INSTANCE_LAUNCHING or '
    "autoscaling:EC2_INSTANCE_TERMINATING.",
    "aws:autoscaling/lifecycleHook:LifecycleHook 'hook': defaultResult is \"STOP\"; allowed: CONTINUE or ABANDON.",
)
def hook_at_reboot():
    hook(lifecycle_transition="autoscaling:EC2_INSTANCE_REBOOTING", default_result="STOP")


@keeps("hook-transition")
def hook_at_launch():
    hook(lifecycle_transition="autoscaling:EC2_INSTANCE_LAUNCHING", default_result="ABANDON")


@breaks(
    "hook-heartbeat",
    "aws:autoscaling/lifecycleHook:LifecycleHook 'hook': heartbeatTimeout is 29; allowed: 30 to 7200.",
)
def heartbeat_of_29():
    hook(heartbeat_timeout=29)


@keeps("hook-heartbeat")
def heartbeat_of_2_hours():
    hook(parts.fleet(force_delete=True), heartbeat_timeout=7200)


@breaks(
    "hook-lets-go",
    "aws:autoscaling/lifecycleHook:LifecycleHook 'hook': defaultResult is \"ABANDON\"; allowed: CONTINUE "
    "for a terminating server.",
)
def end_abandoned():
    hook(default_result="ABANDON")


@breaks(
    "hook-stands-alone",
    "aws:autoscaling/group:Group 'fleet': initialLifecycleHooks is [\"drain\"]; allowed: not set.",
)
def hook_inside():
    inside = aws.autoscaling.GroupInitialLifecycleHookArgs(
        name="drain", lifecycle_transition="autoscaling:EC2_INSTANCE_TERMINATING"
    )
    parts.fleet(initial_lifecycle_hooks=[inside])


@breaks(
    "worker-never-sleeps",
    "aws:autoscaling/lifecycleHook:LifecycleHook 'hook': autoscalingGroupName is \"fleet: minSize 0\"; "
    "allowed: a fleet of 1 or more.",
)
def worker_that_sleeps():
    fleet = parts.fleet(min_size=0, enabled_metrics=["GroupInServiceInstances"])
    backlog(expression(GUARDED), BACKLOG, SERVERS, fleet=fleet)
    hook(fleet)


@keeps("worker-never-sleeps")
def worker_that_is_awake():
    fleet = parts.fleet(enabled_metrics=["GroupInServiceInstances"])
    backlog(expression(GUARDED), BACKLOG, SERVERS, fleet=fleet)
    hook(fleet)
