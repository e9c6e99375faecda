"""Workers, read back from the account: how they grow with the work that waits, and how they leave."""

import pytest

from tests.components.fleets import group_named
from tests.components.worker_fleets import hook, program
from tests.deploying import deploy


@pytest.fixture(scope="module")
def deployed():
    return deploy(program)


def backlog(deployed, name):
    policy = deployed.one("aws:autoscaling/policy:Policy", f"{name}-backlog")
    found = deployed.client("autoscaling").describe_policies(PolicyNames=[policy.id])["ScalingPolicies"]
    return found[0]["TargetTrackingConfiguration"]


def metrics(deployed, name):
    return {row["Id"]: row for row in backlog(deployed, name)["CustomizedMetricSpecification"]["Metrics"]}


def test_workers_are_wanted_by_the_seconds_of_work_that_wait_for_each_server(deployed):
    assert backlog(deployed, "both")["TargetValue"] == 120.0
    work = "FILL(load0, 0) * 45 + FILL(load1, 0) * 0.5"
    assert metrics(deployed, "both")["per_server"]["Expression"] == f"IF(servers > 0, ({work}) / servers, {work})"


def test_a_latency_of_60_s_gives_a_server_two_messages_of_30_s(deployed):
    work = "FILL(load0, 0) * 30"
    assert metrics(deployed, "one")["per_server"]["Expression"] == f"IF(servers > 0, ({work}) / servers, {work})"
    assert backlog(deployed, "one")["TargetValue"] == 2 * 30


def test_the_scaler_sees_the_backlog_and_not_the_size_of_the_group(deployed):
    returned = [id_ for id_, row in metrics(deployed, "both").items() if row["ReturnData"]]
    assert returned == ["per_server"]


def test_each_queue_of_the_fleet_counts_with_its_waiting_messages(deployed):
    found = metrics(deployed, "both")
    stats = [found[id_]["MetricStat"]["Metric"] for id_ in ("load0", "load1")]
    queues = [deployed.one("aws:sqs/queue:Queue", kind).outputs["name"] for kind in ("pictures", "mail")]
    assert [stat["Dimensions"] for stat in stats] == [[{"Name": "QueueName", "Value": name}] for name in queues]
    assert {stat["MetricName"] for stat in stats} == {"ApproximateNumberOfMessagesVisible"}


def test_the_group_counts_the_servers_that_divide_the_backlog(deployed):
    group = group_named(deployed, "both")
    stat = metrics(deployed, "both")["servers"]["MetricStat"]["Metric"]
    assert stat["Dimensions"] == [{"Name": "AutoScalingGroupName", "Value": group["AutoScalingGroupName"]}]
    assert stat["MetricName"] in {row["Metric"] for row in group["EnabledMetrics"]}


def test_a_leaving_worker_is_left_alone_for_its_longest_job_and_its_end(deployed):
    held = hook(deployed, "both")
    assert held["LifecycleTransition"] == "autoscaling:EC2_INSTANCE_TERMINATING"
    assert (held["HeartbeatTimeout"], held["DefaultResult"]) == (45 + 70, "CONTINUE")


def test_the_hook_is_a_resource_of_its_own(deployed):
    hooks = [resource.name for resource in deployed.of_type("aws:autoscaling/lifecycleHook:LifecycleHook")]
    assert hooks == ["both-drain", "one-drain"]


def test_a_worker_may_end_or_prolong_the_drain_of_its_own_group_alone(deployed):
    policy = deployed.one("aws:iam/rolePolicy:RolePolicy", "both-drain")
    role, name = policy.id.split(":")
    held = deployed.client("iam").get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    assert role == deployed.one("aws:iam/role:Role", "both").id
    assert held["Statement"] == [
        {
            "Effect": "Allow",
            "Action": ["autoscaling:CompleteLifecycleAction", "autoscaling:RecordLifecycleActionHeartbeat"],
            "Resource": group_named(deployed, "both")["AutoScalingGroupARN"],
        },
        {
            "Effect": "Allow",
            "Action": ["autoscaling:DescribeAutoScalingInstances", "autoscaling:DescribeLifecycleHooks"],
            "Resource": "*",
        },
    ]


def test_deleting_the_group_outlasts_the_heartbeat_of_its_hook(deployed):
    timeouts = [deployed.one("aws:autoscaling/group:Group", name).options.custom_timeouts for name in ("both", "one")]
    assert [each["delete"] for each in timeouts] == ["17m", "17m"]


def test_workers_answer_to_nobody_and_are_judged_by_ec2(deployed):
    group = group_named(deployed, "both")
    assert (group["HealthCheckType"], group["TargetGroupARNs"]) == ("EC2", [])
