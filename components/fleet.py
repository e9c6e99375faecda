"""Run one kind of server in as many copies as its load asks for, and roll a change of it through the fleet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components import names
from components.parts import scaling
from components.parts.alarm import Alarm, make_alarm
from components.parts.launch import Credits, Image, Server, make_template
from components.parts.reach import Connection, Reach, accept, connect, make_reach
from components.parts.refusal import refuse
from components.parts.scaling import Target, Targets
from components.parts.server_log import ServerLog, make_log
from components.parts.server_role import ServerRole, make_role

__all__ = ["Connection", "Fleet", "FleetArgs", "Image", "ServerLog", "Target", "Targets"]

HEALTHY_PERCENT = (100, 200)
"""Least and most servers while some are replaced: the new one first, also in a fleet of one. AWS takes both or neither,
at most 100 apart; without the upper one it would end and launch at once (Auto Scaling User Guide, instance refresh)."""

CHECKPOINTS, CHECKPOINT_S = (50, 100), 300
"""Half of the servers, a pause to see how they do, then the rest; a refresh ends at its last checkpoint, hence 100."""

_Metric = aws.autoscaling.Metric
GROUP_METRICS = (
    _Metric.GROUP_MIN_SIZE,
    _Metric.GROUP_MAX_SIZE,
    _Metric.GROUP_DESIRED_CAPACITY,
    _Metric.GROUP_IN_SERVICE_INSTANCES,
    _Metric.GROUP_PENDING_INSTANCES,
    _Metric.GROUP_TERMINATING_INSTANCES,
    _Metric.GROUP_TOTAL_INSTANCES,
)
"""None is on by default; the scaling policies and alarms read GroupInServiceInstances."""

WAIT_MARGIN_S = 300
"""For launching and for the health checks that follow a boot, on top of two boots: a server that never gets healthy
ends with its grace, and the next one may."""

CREATE_MARGIN_S = 300
"""For making the group itself, on top of that wait; the provider's own limit is 20 minutes in all."""

DELETE_MARGIN_S = 900
"""For deleting a group on top of its drain; the provider's limit of 10 minutes in all is too short for both."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FleetArgs:
    """Which server, how many of it, who calls it and what it may use."""

    vpc_id: pulumi.Input[str]
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Private subnets, one in each zone, known once their way out stands: the first boot installs packages."""
    image: Image
    instance_type: str
    """EC2 type of the image's architecture."""
    min_servers: int
    """Floor, 1 to max_servers. Under 2, losing one zone is an outage until the next server has booted."""
    max_servers: int
    """Ceiling, up to 100. There is no desired number: each `up` would undo what the scaler found."""
    user_data: pulumi.Input[str]
    """What a server runs at its first boot: text of at most 16,384 bytes; no secret: every process can read it."""
    port: int
    """TCP port that the servers listen on."""
    root_volume_gb: int
    """Size of the root volume in GiB, at least the image's snapshot (8 for AL2023)."""
    target_cpu_percent: int
    """CPU that the scaler aims at, 10 to 90."""
    boot_grace_s: int
    """Seconds before a red health check counts against a new server: over the slowest boot, else it never gets up. A
    refresh of a fleet that nobody calls goes on after as long: until then a server that does not start must be off."""
    drain_s: int
    """Seconds that a leaving server may take; deleting the fleet waits for it."""
    targets: Targets | None = None
    """Where its requests come from; None for a fleet that nobody calls, whose health is then EC2's own check."""
    connections: Mapping[str, Connection] = field(default_factory=dict)
    """Stores that it talks to, by name."""
    policies: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """What its servers may do: IAM policy documents by meaning, 10,240 characters in all."""
    log: ServerLog | None = None
    """Where user data sends what they log; None leaves it on the server, where it ends with it."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """Tags of the servers, their volumes and network interfaces: a provider's default tags do not reach those."""
    warmup_s: int = 120
    """Seconds after which a new server's load counts in scaling: too short and the fleet overshoots."""
    cpu_credits: Credits = "unlimited"
    """For t types only. `standard` holds a server at its baseline (20 % on a t4g.small) once its credits are used up; a
    new one has none, so that it boots slowly, and its CPU never reaches target_cpu_percent. `unlimited` bills the rest,
    about 0.04 USD per vCPU and hour (EC2 User Guide, "Standard mode concepts for burstable instances")."""
    alarm_topic_arn: pulumi.Input[str] | None = None

    def __post_init__(self) -> None:
        allowed = {
            "min_servers": (1 <= self.min_servers <= self.max_servers, f"1 to max_servers, {self.max_servers}"),
            "max_servers": (self.max_servers <= 100, "at most 100"),
            "port": (1 <= self.port <= 65_535, "1 to 65535"),
            "root_volume_gb": (8 <= self.root_volume_gb <= 16_384, "8 to 16384 (GiB)"),
            "target_cpu_percent": (10 <= self.target_cpu_percent <= 90, "10 to 90"),
            "boot_grace_s": (0 <= self.boot_grace_s <= 7200, "0 to 7200"),
            "drain_s": (0 <= self.drain_s <= 7200, "0 to 7200"),
            "warmup_s": (0 <= self.warmup_s <= 3600, "0 to 3600"),
            "cpu_credits": (self.cpu_credits in ("standard", "unlimited"), "standard, unlimited"),
        }
        refuse(self, allowed)


class Fleet(pulumi.ComponentResource):
    """An Auto Scaling group of identical servers with a role, a security group and the policies that size it.

    In us-east-1 a t4g.small costs 12 USD a month, its metrics each minute 2.10 USD, a GiB of its root volume 0.08 USD.
    """

    group_name: pulumi.Output[str]
    group_arn: pulumi.Output[str]
    role_name: pulumi.Output[str]
    role_arn: pulumi.Output[str]
    security_group_id: pulumi.Output[str]
    launch_template_id: pulumi.Output[str]

    def __init__(self, name: str, args: FleetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("bigpicture:compute:Fleet", name, None, opts)
        role = make_role(self, name, self._policies(name, args))
        reach = self._reach(name, args)
        template = self._template(name, args, role, reach)
        group = self._group(name, args, template, [*role.permissions, *reach.rules])
        self._scale(name, args, group)
        self._watch(name, args, group)
        self.group_name, self.group_arn = group.name, group.arn
        self.role_name, self.role_arn = role.role.name, role.role.arn
        self.security_group_id, self.launch_template_id = reach.group.id, template.id
        self.register_outputs({output: getattr(self, output) for output in Fleet.__annotations__})

    def _policies(self, name: str, args: FleetArgs) -> Mapping[str, pulumi.Input[str]]:
        return {**args.policies, "log": make_log(self, name, args.log)} if args.log else args.policies

    def _reach(self, name: str, args: FleetArgs) -> Reach:
        reach = make_reach(self, name, args.vpc_id)
        connect(self, name, reach, args.connections)
        for source, group_id in args.targets.sources.items() if args.targets else ():
            accept(self, f"{name}-from-{source}", reach, group_id, args.port)
        return reach

    def _template(self, name: str, args: FleetArgs, role: ServerRole, reach: Reach) -> aws.ec2.LaunchTemplate:
        server = Server(
            image=args.image,
            instance_type=args.instance_type,
            user_data=args.user_data,
            root_volume_gb=args.root_volume_gb,
            cpu_credits=args.cpu_credits,
            tags=args.tags,
            profile_arn=role.profile.arn,
            security_group_id=reach.group.id,
        )
        return make_template(self, name, server)

    def _group(
        self, name: str, args: FleetArgs, template: aws.ec2.LaunchTemplate, needs: list[pulumi.Resource]
    ) -> aws.autoscaling.Group:
        version = template.latest_version.apply(lambda number: str(int(number)))  # $Latest starts no refresh
        wait_s = 2 * args.boot_grace_s + WAIT_MARGIN_S
        return aws.autoscaling.Group(
            names.logical(aws.autoscaling.Group, name),
            min_size=args.min_servers,
            max_size=args.max_servers,
            vpc_zone_identifiers=args.subnet_ids,
            launch_template=aws.autoscaling.GroupLaunchTemplateArgs(id=template.id, version=version),
            target_group_arns=[target.arn for target in args.targets.groups.values()] if args.targets else [],
            health_check_type="ELB" if args.targets else "EC2",
            health_check_grace_period=args.boot_grace_s,
            default_instance_warmup=args.warmup_s,
            instance_maintenance_policy=aws.autoscaling.GroupInstanceMaintenancePolicyArgs(
                min_healthy_percentage=HEALTHY_PERCENT[0], max_healthy_percentage=HEALTHY_PERCENT[1]
            ),
            instance_refresh=_refresh(args),
            enabled_metrics=list(GROUP_METRICS),
            metrics_granularity="1Minute",
            termination_policies=["OldestLaunchTemplate", "Default"],
            wait_for_capacity_timeout=_minutes(wait_s),
            # an old fleet goes once the new one stands, which is when it answers ("Waiting for Capacity")
            min_elb_capacity=args.min_servers if args.targets else None,
            tags=_group_tags({**args.tags, "Name": name}),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=needs,  # the first boot fetches the artifact, and the last request still drains
                custom_timeouts=pulumi.CustomTimeouts(
                    create=_minutes(wait_s + CREATE_MARGIN_S), delete=_minutes(args.drain_s + DELETE_MARGIN_S)
                ),
            ),
        )

    def _scale(self, name: str, args: FleetArgs, group: aws.autoscaling.Group) -> None:
        scaling.track(self, name, "cpu", group.name, scaling.cpu(args.target_cpu_percent))
        if args.targets:
            scaling.track(self, name, "requests", group.name, scaling.requests(args.targets, group.name))

    def _watch(self, name: str, args: FleetArgs, group: aws.autoscaling.Group) -> None:
        by_group = {"AutoScalingGroupName": group.name}
        busy = Alarm(
            namespace="AWS/EC2",
            metric="CPUUtilization",
            dimensions=by_group,
            threshold=(100 + args.target_cpu_percent) / 2,
            evaluations=15,
            description=f"{name} is busier than the scaler can mend. Is it at its ceiling, {args.max_servers} servers?",
        )
        few = Alarm(
            namespace="AWS/AutoScaling",
            metric="GroupInServiceInstances",
            dimensions=by_group,
            comparison="LessThanThreshold",
            threshold=args.min_servers,
            evaluations=10,
            description=f"{name} has fewer than {args.min_servers} servers in service. Look at the group's activities.",
        )
        make_alarm(self, name, "busy", busy, args.alarm_topic_arn)
        make_alarm(self, name, "few-servers", few, args.alarm_topic_arn)


def _minutes(seconds: int) -> str:
    return f"{-(-seconds // 60)}m"


def _refresh(args: FleetArgs) -> aws.autoscaling.GroupInstanceRefreshArgs:
    """A changed template replaces the servers, new before old; where new ones do not get healthy, old ones stay."""
    # warm-up: a fleet that nobody calls is asked for its servers' EC2 state alone, so that one that fails must be off
    # by then (https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html)
    # no auto_rollback: the provider sets the group to the new template first, and AWS would go back to that very one
    # (https://github.com/hashicorp/terraform-provider-aws/issues/34189)
    return aws.autoscaling.GroupInstanceRefreshArgs(
        strategy="Rolling",
        preferences=aws.autoscaling.GroupInstanceRefreshPreferencesArgs(
            min_healthy_percentage=HEALTHY_PERCENT[0],
            max_healthy_percentage=HEALTHY_PERCENT[1],
            instance_warmup=str(args.warmup_s if args.targets else max(args.warmup_s, args.boot_grace_s)),
            checkpoint_percentages=list(CHECKPOINTS),
            checkpoint_delay=str(CHECKPOINT_S),
            skip_matching=True,
        ),
    )


def _group_tags(tags: Mapping[str, str]) -> list[aws.autoscaling.GroupTagArgs]:
    return [aws.autoscaling.GroupTagArgs(key=key, value=value, propagate_at_launch=True) for key, value in tags.items()]
