"""Empty queues with a fleet that grows with the work that waits, and lets each server finish its job before it goes."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import names
from components.fleet import Fleet, FleetArgs
from components.parts import scaling
from components.parts.refusal import refuse
from components.policy import allow, document

HOOK_S = (30, 7200)
"""Heartbeat time-out of a lifecycle hook, in seconds (Auto Scaling API, PutLifecycleHook)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Backlog:
    """The queues of one fleet, and how long a message may wait in them."""

    queue_names: Mapping[str, pulumi.Input[str]]
    """Queue names by kind of work, 1 to 9: one metric each and one for the servers fill an alarm."""
    max_job_s: Mapping[str, int]
    """Kind of work -> seconds that one job may take, 1 and more."""
    latency_s: int
    """Seconds that a message may wait, 1 and more. A server that works off one job at a time gets that much work."""
    mean_job_s: Mapping[str, float] = dataclasses.field(default_factory=dict)
    """Kind of work -> seconds that one job takes on average; max_job_s stands in until that is measured, which wants
    more servers than needed, never fewer."""

    def __post_init__(self) -> None:
        kinds = set(self.queue_names)
        allowed = {
            "queue_names": (
                1 <= len(kinds) < scaling.METRICS_PER_ALARM,
                f"1 to {scaling.METRICS_PER_ALARM - 1} queues",
            ),
            "max_job_s": (
                set(self.max_job_s) == kinds and min(self.max_job_s.values(), default=0) > 0,
                f"1 s and more for each of {', '.join(sorted(kinds))}",
            ),
            "latency_s": (self.latency_s >= 1, "1 and more"),
            "mean_job_s": (
                all(0 < seconds <= self.max_job_s.get(kind, 0) for kind, seconds in self.mean_job_s.items()),
                "over 0 and up to max_job_s",
            ),
        }
        refuse(self, allowed)

    def job_s(self, kind: str) -> float:
        """Seconds of work that one message of *kind* stands for."""
        return self.mean_job_s.get(kind, self.max_job_s[kind])


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkersArgs:
    """The servers and their queues."""

    fleet: FleetArgs
    """At least one server: an idle queue emits no metric, so a fleet of none may never start."""
    backlog: Backlog
    drain_s: int
    """Seconds from SIGTERM to the end of a process."""

    def __post_init__(self) -> None:
        if not HOOK_S[0] <= self.heartbeat_s <= HOOK_S[1]:
            raise ValueError(
                f"the longest job and drain_s make {self.heartbeat_s} s; allowed: {HOOK_S[0]} to {HOOK_S[1]} in all"
                " (heartbeat of a lifecycle hook). Fix: backlog.max_job_s or drain_s"
            )

    @property
    def heartbeat_s(self) -> int:
        """Seconds for which a leaving server is left alone: its longest job, then the end of its process."""
        return max(self.backlog.max_job_s.values()) + self.drain_s


class Workers(pulumi.ComponentResource):
    """A fleet whose size follows seconds of waiting work, and whose servers leave only when their job is done.

    Its floor stands while nothing waits: a server costs 12 USD a month as a t4g.small in us-east-1.
    """

    fleet: Fleet
    hook_name: pulumi.Output[str]
    """Lifecycle hook that a leaving worker completes; without its word the server goes when the heartbeat is over."""

    def __init__(self, name: str, args: WorkersArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("bigpicture:compute:Workers", name, None, opts)
        self.fleet = self._fleet(name, args)
        self._scale(name, args.backlog)
        hook = self._hook(name, args)
        self._permission(name)
        self.hook_name = hook.name
        self.register_outputs({"fleet": self.fleet.group_name, "hook_name": self.hook_name})

    def _fleet(self, name: str, args: WorkersArgs) -> Fleet:
        """Deleting the group waits for its hook as well."""
        patient = dataclasses.replace(args.fleet, drain_s=max(args.fleet.drain_s, args.heartbeat_s))
        return Fleet(name, patient, pulumi.ResourceOptions(parent=self))

    def _scale(self, name: str, backlog: Backlog) -> None:
        """Hold the seconds of work per server at the latency.

        For one kind of work that is the rule `messages per server = latency / seconds per job`, both sides times the
        latter (Auto Scaling User Guide, "Scaling policy based on Amazon SQS"); said in seconds, kinds can be added up.
        """
        terms = [
            scaling.Term(
                namespace="AWS/SQS",
                metric="ApproximateNumberOfMessagesVisible",
                dimensions={"QueueName": queue_name},
                weight=backlog.job_s(kind),
            )
            for kind, queue_name in backlog.queue_names.items()
        ]
        policy = scaling.load_per_server(terms, self.fleet.group_name, float(backlog.latency_s))
        scaling.track(self, name, "backlog", self.fleet.group_name, policy)

    def _hook(self, name: str, args: WorkersArgs) -> aws.autoscaling.LifecycleHook:
        """Its own resource: a hook inside the group would replace the group when it comes or goes."""
        return aws.autoscaling.LifecycleHook(
            names.logical(aws.autoscaling.LifecycleHook, name, "drain"),
            autoscaling_group_name=self.fleet.group_name,
            lifecycle_transition="autoscaling:EC2_INSTANCE_TERMINATING",
            heartbeat_timeout=args.heartbeat_s,
            default_result="CONTINUE",
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _permission(self, name: str) -> None:
        """Let a worker find and end its own drain, or prolong it; made after the group, because it names it.

        What it asks by knows no narrower resource than all (Service Authorization Reference, EC2 Auto Scaling).
        """
        actions = ["autoscaling:CompleteLifecycleAction", "autoscaling:RecordLifecycleActionHeartbeat"]
        asking = ["autoscaling:DescribeAutoScalingInstances", "autoscaling:DescribeLifecycleHooks"]
        aws.iam.RolePolicy(
            names.logical(aws.iam.RolePolicy, name, "drain"),
            role=self.fleet.role_name,
            policy=document(allow(actions, self.fleet.group_arn), allow(asking, "*")),
            opts=pulumi.ResourceOptions(parent=self),
        )
