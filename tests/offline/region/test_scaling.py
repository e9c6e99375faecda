"""Auto Scaling decides as the account's own groups and policies say, minute by minute on a clock of the test's own."""

import pytest

from offline.account import open_account
from offline.region.scaling.groups import Scaling
from offline.region.scaling.readings import Observed
from tests.offline.region.standing_clock import Clock
from tests.offline.servers import fleet, group, hook, ids

LABEL = "app/shop/50dc6c495c0c9188"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def account():
    opened = open_account("us-east-1", "scaling")
    yield opened
    opened.close()


def track(account, name="track", more=None, **specification):
    account.client("autoscaling").put_scaling_policy(
        AutoScalingGroupName="web",
        PolicyName=name,
        PolicyType="TargetTrackingScaling",
        TargetTrackingConfiguration={"TargetValue": 100.0, **specification},
        **(more or {}),
    )


def track_requests(account, arn, **more):
    predefined = {
        "PredefinedMetricType": "ALBRequestCountPerTarget",
        "ResourceLabel": f"{LABEL}/{arn.rpartition(':')[2]}",
    }
    track(account, more=more, PredefinedMetricSpecification=predefined)


def well(account, arn):
    return {arn: dict.fromkeys(ids(account), "healthy")}


def minutes(account, clock, scaling, arn, per_minute):
    """Let minutes pass, each with so many requests; returns the desired capacity after each."""
    total, desired = 0, []
    for count in per_minute:
        clock.now, total = clock.now + 60, total + count
        scaling.step(Observed(health=well(account, arn), requests={arn: total}))
        desired.append(group(account)["DesiredCapacity"])
    return desired


def test_a_lost_machine_is_replaced_at_once(account, clock):
    fleet(account, 2, HealthCheckGracePeriod=300)
    gone, stays = ids(account)
    Scaling(account, clock).step(Observed(lost=frozenset({gone})))
    assert (len(ids(account)), stays in ids(account), gone in ids(account)) == (2, True, False)


def test_a_server_that_fails_the_balancers_checks_is_replaced_after_its_grace(account, clock):
    arn = fleet(account, 2, HealthCheckType="ELB", HealthCheckGracePeriod=300)
    sick, well_one = ids(account)
    scaling, seen = Scaling(account, clock), Observed(health={arn: {sick: "unhealthy", well_one: "healthy"}})
    scaling.step(seen)
    before = ids(account)
    clock.now += 301
    scaling.step(seen)
    assert (before, sick in ids(account), len(ids(account))) == ([sick, well_one], False, 2)


def test_a_group_with_ec2s_checks_alone_does_not_ask_the_balancer(account, clock):
    arn = fleet(account, 1, HealthCheckType="EC2", HealthCheckGracePeriod=0)
    before = ids(account)
    Scaling(account, clock).step(Observed(health={arn: {before[0]: "unhealthy"}}))
    assert ids(account) == before


def test_an_instance_that_somebody_set_to_unhealthy_is_replaced(account, clock):
    fleet(account, 1, HealthCheckGracePeriod=0)
    [before] = ids(account)
    account.client("autoscaling").set_instance_health(InstanceId=before, HealthStatus="Unhealthy")
    Scaling(account, clock).step(Observed())
    assert before not in ids(account)


def test_a_lost_worker_waits_for_its_hook_beside_its_successor(account, clock):
    fleet(account, 1)
    hook(account)
    [gone] = ids(account)
    Scaling(account, clock).step(Observed(lost=frozenset({gone})))
    states = {each["InstanceId"]: each["LifecycleState"] for each in group(account)["Instances"]}
    assert (states.pop(gone), [*states.values()]) == ("Terminating:Wait", ["InService"])


def test_three_minutes_over_the_target_bring_as_many_servers_as_the_load_asks_for(account, clock):
    arn = fleet(account, 2, DefaultInstanceWarmup=0)
    track_requests(account, arn)
    scaling = Scaling(account, clock)
    assert minutes(account, clock, scaling, arn, [500, 500, 500]) == [2, 2, 5]


def test_a_group_never_grows_over_its_maximum(account, clock):
    arn = fleet(account, 2, DefaultInstanceWarmup=0)
    track_requests(account, arn)
    assert minutes(account, clock, Scaling(account, clock), arn, [9000] * 3)[-1] == 9


def test_fifteen_quiet_minutes_take_servers_away(account, clock):
    arn = fleet(account, 2, DefaultInstanceWarmup=0)
    track_requests(account, arn)
    account.client("autoscaling").update_auto_scaling_group(AutoScalingGroupName="web", MinSize=1, DesiredCapacity=4)
    assert minutes(account, clock, Scaling(account, clock), arn, [120] * 15)[-2:] == [4, 2]


def test_minutes_without_a_request_take_nothing_away(account, clock):
    arn = fleet(account, 2, DefaultInstanceWarmup=0)
    track_requests(account, arn)
    account.client("autoscaling").update_auto_scaling_group(AutoScalingGroupName="web", MinSize=1, DesiredCapacity=4)
    assert minutes(account, clock, Scaling(account, clock), arn, [0] * 16)[-1] == 4


def test_a_server_that_warms_up_keeps_its_group_from_shrinking(account, clock):
    arn = fleet(account, 2, DefaultInstanceWarmup=3600)
    track_requests(account, arn)
    account.client("autoscaling").update_auto_scaling_group(AutoScalingGroupName="web", MinSize=1, DesiredCapacity=4)
    assert minutes(account, clock, Scaling(account, clock), arn, [120] * 16)[-1] == 4


def test_a_policys_own_warm_up_is_that_of_its_servers(account, clock):
    arn = fleet(account, 2, DefaultInstanceWarmup=3600)
    track_requests(account, arn, EstimatedInstanceWarmup=60)
    account.client("autoscaling").update_auto_scaling_group(AutoScalingGroupName="web", MinSize=1, DesiredCapacity=4)
    assert minutes(account, clock, Scaling(account, clock), arn, [120] * 16)[-1] == 2


def test_waiting_messages_bring_workers(account, clock):
    fleet(account, 1, DefaultInstanceWarmup=0)
    queue = account.client("sqs").create_queue(QueueName="mail")["QueueUrl"]
    waiting = {
        "Namespace": "AWS/SQS",
        "MetricName": "ApproximateNumberOfMessagesVisible",
        "Dimensions": [{"Name": "QueueName", "Value": "mail"}],
    }
    serving = {
        "Namespace": "AWS/AutoScaling",
        "MetricName": "GroupInServiceInstances",
        "Dimensions": [{"Name": "AutoScalingGroupName", "Value": "web"}],
    }
    queries = [
        {"Id": "load0", "MetricStat": {"Metric": waiting, "Stat": "Sum"}, "ReturnData": False},
        {"Id": "servers", "MetricStat": {"Metric": serving, "Stat": "Average"}, "ReturnData": False},
        {"Id": "per_server", "Expression": "IF(servers > 0, (FILL(load0, 0) * 30) / servers, 0)", "ReturnData": True},
    ]
    track(account, CustomizedMetricSpecification={"Metrics": queries})
    for number in range(10):
        account.client("sqs").send_message(QueueUrl=queue, MessageBody=str(number))
    [arn] = group(account)["TargetGroupARNs"]
    assert minutes(account, clock, Scaling(account, clock), arn, [0] * 3) == [1, 1, 3]


def test_processor_time_is_measured_over_the_processors_of_the_type(account, clock):
    arn = fleet(account, 1, DefaultInstanceWarmup=0)
    track(account, PredefinedMetricSpecification={"PredefinedMetricType": "ASGAverageCPUUtilization"}, TargetValue=40.0)
    scaling, [name] = Scaling(account, clock), ids(account)
    for minute in range(4):  # 60 of the 120 s that two processors have in a minute
        clock.now += 60
        scaling.step(Observed(health=well(account, arn), cpu_s={name: 60.0 * minute}))
    assert group(account)["DesiredCapacity"] == 2


def test_a_metric_that_the_region_does_not_see_neither_grows_a_group_nor_lets_another_shrink_it(account, clock):
    arn = fleet(account, 1, DefaultInstanceWarmup=0)
    track_requests(account, arn)
    track(account, "network", PredefinedMetricSpecification={"PredefinedMetricType": "ASGAverageNetworkIn"})
    account.client("autoscaling").update_auto_scaling_group(AutoScalingGroupName="web", MinSize=1, DesiredCapacity=3)
    assert {*minutes(account, clock, Scaling(account, clock), arn, [30] * 16)} == {3}
