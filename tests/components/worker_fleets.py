"""Two fleets of workers for tests, and how to look their way out up."""

from dataclasses import replace

import pulumi_aws as aws

from components.workers import Backlog, Workers, WorkersArgs
from tests.components.fleets import group_named
from tests.surroundings import fleet_args, surroundings


def program():
    found = surroundings()
    queues = {kind: aws.sqs.Queue(kind).name for kind in ("pictures", "mail")}
    fleet = fleet_args(found, min_servers=2, max_servers=4)
    both = Backlog(queue_names=queues, max_job_s={"pictures": 45, "mail": 20}, mean_job_s={"mail": 0.5}, latency_s=120)
    one = Backlog(queue_names={"mail": queues["mail"]}, max_job_s={"mail": 30}, latency_s=60)
    Workers("both", WorkersArgs(fleet=fleet, backlog=both, drain_s=70))
    Workers("one", WorkersArgs(fleet=replace(fleet, min_servers=1), backlog=one, drain_s=60))


def hook(deployed, name):
    group = group_named(deployed, name)["AutoScalingGroupName"]
    [found] = deployed.client("autoscaling").describe_lifecycle_hooks(AutoScalingGroupName=group)["LifecycleHooks"]
    return found
