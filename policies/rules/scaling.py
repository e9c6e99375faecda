"""Rules of how fleets scale and drain."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from policies.resource import Resource
from policies.rule import Severity, resource_rule, stack_rule
from policies.rules.fleets import API, GROUP, GUIDE, HOOK, LISTENER, LISTENER_RULE, POLICY, TARGET_GROUP, TRACKED
from policies.stack import Stack
from policies.values import Fault, Properties

REQUESTS = "ALBRequestCountPerTarget"
QUEUE_POLICY_SOURCE = f"{GUIDE}ec2-auto-scaling-target-tracking-metric-math.html"
HOOKS = f"{GUIDE}lifecycle-hooks-overview.html"


@resource_rule(
    POLICY,
    source=f"{API}PredefinedMetricSpecification.html",
    fix="join the two: lb.arn_suffix + '/' + group.arn_suffix",
)
def scaling_resource_label(policy: Resource) -> Iterator[Fault]:
    """Scaling on requests names load balancer and target group by the ends of their ARNs."""
    metric = policy.part(f"{TRACKED}.predefinedMetricSpecification")
    form = r"app/[^/]+/[0-9a-f]+/targetgroup/[^/]+/[0-9a-f]+"
    if metric.text("predefinedMetricType") == REQUESTS and not re.fullmatch(form, metric.text("resourceLabel")):
        yield metric.fault("resourceLabel", "app/NAME/ID/targetgroup/NAME/ID")


@stack_rule(
    POLICY,
    source=f"{API}PredefinedMetricSpecification.html",
    fix="make the policy depend on the ListenerRule that leads to the target group",
)
def scaling_waits_for_the_rule(policy: Resource, stack: Stack) -> Iterator[Fault]:
    """Auto Scaling refuses a policy on requests until the load balancer routes to the target group."""
    metric = policy.part(f"{TRACKED}.predefinedMetricSpecification")
    if metric.text("predefinedMetricType") != REQUESTS:
        return
    fleets = stack.referred(policy, "autoscalingGroupName", GROUP)
    groups = [each for fleet in fleets for each in stack.referred(fleet, "targetGroupArns", TARGET_GROUP)]
    leading = [each.urn for group in groups for each in stack.referring(LISTENER_RULE, "actions", group)]
    leading += [each.urn for group in groups for each in stack.referring(LISTENER, "defaultActions", group)]
    if leading and not set(leading) & _ancestors(policy, stack):
        yield policy.fault("dependsOn", "the rule that leads to the target group", got=None)


@stack_rule(
    POLICY,
    source=QUEUE_POLICY_SOURCE,
    fix="add up RequestCount of every group by metric math, and divide by GroupInServiceInstances",
    severity=Severity.ADVISORY,
)
def scaling_counts_every_group(policy: Resource, stack: Stack) -> Iterator[Fault]:
    """Requests are counted of one target group: a fleet that serves several does not see the others' load."""
    path = f"{TRACKED}.predefinedMetricSpecification.predefinedMetricType"
    for fleet in stack.referred(policy, "autoscalingGroupName", GROUP) if policy.text(path) == REQUESTS else []:
        if len(fleet.get("targetGroupArns") or []) > 1:
            groups = stack.referred(fleet, "targetGroupArns", TARGET_GROUP)
            yield policy.fault(path, "a sum over the fleet's target groups", got=sorted(each.name for each in groups))


@stack_rule(POLICY, source=f"{GUIDE}as-scaling-target-tracking.html", fix="track a metric once a fleet")
def scaling_metric_once(policy: Resource, stack: Stack) -> Iterator[Fault]:
    """A fleet has one target-tracking policy for each predefined metric; AWS refuses the second."""
    path = f"{TRACKED}.predefinedMetricSpecification.predefinedMetricType"
    for group in stack.referred(policy, "autoscalingGroupName", GROUP):
        others = [each for each in stack.referring(POLICY, "autoscalingGroupName", group) if each is not policy]
        if policy.text(path) and policy.text(path) in [each.text(path) for each in others]:
            yield policy.fault(path, f"a metric that no other policy of {group.name} tracks")


@resource_rule(POLICY, source=f"{GUIDE}as-scaling-target-tracking.html", fix="set disable_scale_in=False")
def scaling_in_is_on(policy: Resource) -> Iterator[Fault]:
    """A fleet that never scales in pays for its busiest minute until somebody notices."""
    if policy.flag(f"{TRACKED}.disableScaleIn"):
        yield policy.fault(f"{TRACKED}.disableScaleIn", "false")


@resource_rule(POLICY, source=QUEUE_POLICY_SOURCE, fix="set return_data=False on every metric but the expression")
def scaling_math_returns_one(policy: Resource) -> Iterator[Fault]:
    """Of the entries of a metric expression exactly one returns data: the expression."""
    metrics = policy.all_parts(f"{TRACKED}.customizedMetricSpecification.metrics")
    returning = [each for each in metrics if each.get("returnData") is not False]
    if metrics and (len(returning) != 1 or "expression" not in returning[0]):
        got = [each.text("id") for each in returning]
        yield policy.fault(
            f"{TRACKED}.customizedMetricSpecification.metrics", "one expression that returns data", got=got
        )


@resource_rule(POLICY, source=QUEUE_POLICY_SOURCE, fix="guard the division: IF(m2>0, m1/m2, m1)")
def scaling_math_divides_by_servers(policy: Resource) -> Iterator[Fault]:
    """An empty fleet has zero servers in service: a division by them has no result, and nothing is ever launched."""
    for metric in policy.parts(f"{TRACKED}.customizedMetricSpecification.metrics"):
        for expression in metric.known_texts("expression"):
            if "/" in expression and "IF(" not in expression.upper():
                yield metric.fault("expression", "a division that is guarded by IF")


@stack_rule(
    POLICY,
    source=QUEUE_POLICY_SOURCE,
    fix='add "GroupInServiceInstances" to enabled_metrics, with metrics_granularity "1Minute"',
)
def scaling_metric_is_measured(policy: Resource, stack: Stack) -> Iterator[Fault]:
    """A fleet reports how many servers it has only when that metric is enabled."""
    metrics = policy.parts(f"{TRACKED}.customizedMetricSpecification.metrics")
    used = {each.text("metricStat.metric.metricName") for each in metrics}
    for group in stack.referred(policy, "autoscalingGroupName", GROUP):
        if "GroupInServiceInstances" in used and "GroupInServiceInstances" not in group.texts("enabledMetrics"):
            yield policy.fault(
                TRACKED, "a metric that the fleet reports", got=f"{group.name} without GroupInServiceInstances"
            )


@resource_rule(
    POLICY, source=f"{GUIDE}as-scaling-simple-step.html", fix="let each step begin where the one before ends"
)
def scaling_steps_meet(policy: Resource) -> Iterator[Fault]:
    """The intervals of a step policy meet without a gap and without an overlap."""
    steps = policy.parts("stepAdjustments")
    bounds = [(each.number("metricIntervalLowerBound"), each.number("metricIntervalUpperBound")) for each in steps]
    ordered = sorted(bounds, key=lambda pair: float("-inf") if pair[0] is None else pair[0])
    if any(before[1] != after[0] for before, after in pairwise(ordered)):
        yield policy.fault("stepAdjustments", "intervals that meet", got=ordered)


@resource_rule(HOOK, source=HOOKS, fix="use autoscaling:EC2_INSTANCE_LAUNCHING or autoscaling:EC2_INSTANCE_TERMINATING")
def hook_transition(hook: Resource) -> Iterator[Fault]:
    """A hook holds a server at its launch or at its end."""
    transitions = ("autoscaling:EC2_INSTANCE_LAUNCHING", "autoscaling:EC2_INSTANCE_TERMINATING")
    yield from hook.one_of("lifecycleTransition", *transitions)
    yield from hook.one_of("defaultResult", "CONTINUE", "ABANDON")


@resource_rule(HOOK, source=HOOKS, fix="use 30 to 7200 s; a longer job renews it by heartbeats")
def hook_heartbeat(hook: Resource) -> Iterator[Fault]:
    """A hook waits 30 s to 2 hours for a heartbeat."""
    yield from hook.between("heartbeatTimeout", 30, 7200)


@resource_rule(HOOK, source=HOOKS, fix='set default_result="CONTINUE"')
def hook_lets_go(hook: Resource) -> Iterator[Fault]:
    """ABANDON at the end of a server skips the hooks that are left; at a launch it ends the server again and again."""
    if hook.text("lifecycleTransition").endswith("TERMINATING") and hook.text("defaultResult") != "CONTINUE":
        yield hook.fault("defaultResult", "CONTINUE for a terminating server")


@resource_rule(
    GROUP,
    source=HOOKS,
    fix="make a LifecycleHook of its own",
)
def hook_stands_alone(group: Resource) -> Iterator[Fault]:
    """A hook inside of the group replaces the whole group when it changes."""
    hooks = group.parts("initialLifecycleHooks")
    if hooks:
        yield group.fault(
            "initialLifecycleHooks", "not set", got=[n for each in hooks for n in each.known_texts("name")]
        )


@stack_rule(HOOK, source=HOOKS, fix="set min_size to 1 or more")
def worker_never_sleeps(hook: Resource, stack: Stack) -> Iterator[Fault]:
    """An idle queue reports nothing: a fleet that scaled to zero on its backlog may never wake."""
    for group in stack.referred(hook, "autoscalingGroupName", GROUP):
        policies = stack.referring(POLICY, "autoscalingGroupName", group)
        by_backlog = any(_uses_queue(each) for each in policies)
        if by_backlog and group.number("minSize") == 0:
            yield hook.fault("autoscalingGroupName", "a fleet of 1 or more", got=f"{group.name}: minSize 0")


@stack_rule(
    POLICY,
    source=f"{API}PredefinedMetricSpecification.html",
    fix="attach the target group to the fleet, or name the fleet's own",
)
def scaling_label_of_its_group(policy: Resource, stack: Stack) -> Iterator[Fault]:
    """A fleet scales on the requests of a target group that it serves."""
    metric = policy.part(f"{TRACKED}.predefinedMetricSpecification")
    if metric.text("predefinedMetricType") != REQUESTS:
        return
    for fleet in stack.referred(policy, "autoscalingGroupName", GROUP):
        if not fleet.get("targetGroupArns"):
            yield metric.fault("resourceLabel", f"a target group of {fleet.name}, which has none")


def _uses_queue(policy: Properties) -> bool:
    metrics = policy.parts(f"{TRACKED}.customizedMetricSpecification.metrics")
    return any(each.text("metricStat.metric.namespace") == "AWS/SQS" for each in metrics)


def _ancestors(resource: Resource, stack: Stack) -> set[str]:
    """Every URN that *resource* waits for."""
    seen: set[str] = set()
    waiting = Counter(resource.options.depends_on)
    while waiting:
        urn, _ = waiting.popitem()
        if urn not in seen:
            seen.add(urn)
            found = stack.by_urn(urn)
            waiting.update(found.options.depends_on if found else ())
    return seen
