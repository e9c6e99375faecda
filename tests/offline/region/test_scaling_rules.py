"""What Auto Scaling decides from numbers alone: metric math, target tracking, and the steps of an instance refresh."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.parts.scaling import expression
from offline.region.process import RegionError
from offline.region.scaling.expression import evaluate
from offline.region.scaling.policies import unseen
from offline.region.scaling.refreshing import Progress, limit, step
from offline.region.scaling.tracking import Size, Tracked, wanted

SIZE = Size(desired=4, minimum=1, maximum=10)
BUSY, QUIET = (200.0,) * 15, (40.0,) * 15


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({"servers": 4.0, "load0": 10.0, "load1": 6.0}, 7.0),
        ({"servers": 4.0, "load0": None, "load1": 8.0}, 6.0),
        ({"servers": 0.0, "load0": 10.0, "load1": 6.0}, 28.0),
        ({"servers": None, "load0": 10.0, "load1": 6.0}, None),
    ],
)
def test_the_stores_own_metric_math_is_evaluated(values, wanted):
    assert evaluate(expression([1, 3]), values) == wanted


@pytest.mark.parametrize("text", ["RATE(load0)", "IF(load0 > 0, 1, RATE(load0))", "FILL(load0, RATE(load0))"])
def test_metric_math_that_is_not_known_is_refused_by_name_whatever_the_values(text):
    with pytest.raises(RegionError, match=r"with 'RATE\(load0\)'; allowed offline: IF, FILL"):
        evaluate(text, {"load0": 1.0})


def metric(name, namespace="AWS/SQS", **dimensions):
    named = [{"Name": key, "Value": value} for key, value in dimensions.items()]
    return {"MetricName": name, "Namespace": namespace, "Dimensions": named}


def math_over(expression, of):
    queries = [{"Id": "m", "MetricStat": {"Metric": of, "Stat": "Sum"}, "ReturnData": False}]
    return {"CustomizedMetricSpecification": {"Metrics": [*queries, {"Id": "e", "Expression": expression}]}}


WAITING = metric("ApproximateNumberOfMessagesVisible", QueueName="mail")


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ({"PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"}}, ""),
        ({"PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageNetworkIn"}}, "ASGAverageNetworkIn"),
        ({"CustomizedMetricSpecification": WAITING}, ""),
        ({"CustomizedMetricSpecification": metric("Age", QueueName="mail")}, "AWS/SQS Age"),
        ({"CustomizedMetricSpecification": metric("CPUUtilization", "AWS/EC2")}, "AWS/EC2 CPUUtilization"),
        (math_over("m / 2", WAITING), ""),
        (math_over("m / 2", metric("Depth", "Mine")), "Mine Depth"),
        (math_over("RATE(m)", WAITING), "metric math beyond IF, FILL, + - * / and comparisons"),
        (math_over("SELECT AVG(m)", WAITING), "metric math beyond IF, FILL, + - * / and comparisons"),
    ],
)
def test_what_a_policy_tracks_is_seen_or_named(config, found):
    assert unseen(config) == found


def policy(target, values, warm=4, **more):
    return Tracked(target=target, values=values, warm=warm, **more)


@pytest.mark.parametrize(
    ("policies", "servers"),
    [
        ([policy(target=100, values=BUSY)], 8),
        ([policy(target=100, values=BUSY), policy(target=100, values=QUIET)], 8),
        ([policy(target=100, values=QUIET), policy(target=100, values=QUIET)], 2),
        ([policy(target=100, values=QUIET), policy(target=100, values=(95.0,) * 15)], 4),
        ([policy(target=100, values=QUIET), policy(target=50, values=QUIET, scales_in=False)], 2),
        ([policy(target=100, values=QUIET, scales_in=False)], 4),
        ([policy(target=100, values=(*QUIET[:-1], None))], 4),
        ([policy(target=100, values=(*BUSY[:-1], 90.0))], 4),
        ([policy(target=100, values=BUSY, warm=3)], 6),
        ([policy(target=100, values=QUIET), policy(target=100, values=QUIET, warm=3)], 4),
        ([policy(target=100, values=QUIET), policy(target=100, values=())], 4),
    ],
)
def test_one_policy_grows_a_group_and_all_of_them_shrink_it(policies, servers):
    assert wanted(SIZE, policies) == servers


def test_a_group_shrinks_no_further_than_its_minimum():
    size = Size(desired=4, minimum=3, maximum=10)
    assert wanted(size, [policy(target=100, values=QUIET)]) == 3


@given(
    desired=st.integers(1, 12),
    least=st.integers(0, 100),
    room=st.integers(0, 100),
    checkpoint=st.integers(1, 100),
    matching=st.integers(0, 11),
)
def test_a_refresh_replaces_all_and_never_goes_below_the_healthy_percentage(desired, least, room, checkpoint, matching):
    preferences = {
        "MinHealthyPercentage": least,
        "MaxHealthyPercentage": 100 + room,
        "CheckpointPercentages": [checkpoint, 100],
    }
    total = max(desired - matching, 0)
    old, young, passed, floor = total, desired - total, 0, math.ceil(desired * least / 100)
    if not room:
        floor = min(floor, desired - 1)  # with no room for a new one first, one old goes first
    for _ in range(4 * desired + 4):
        bound = limit(total, passed, preferences)
        now = Progress(desired=desired, total=total, old=old, young=young, warm=young, limit=bound)
        next_ = step(now, preferences)
        if next_.done:
            break
        passed += next_.checkpoint
        old, young = old - next_.leave, young + next_.launch
        assert old + now.young >= floor
    assert (old, young) == (0, desired)


def test_a_refresh_stops_at_a_checkpoint():
    preferences = {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 200}
    now = Progress(desired=4, total=4, old=2, young=2, warm=2, limit=2)
    assert (step(now, preferences).checkpoint, step(now, preferences).launch, step(now, preferences).leave) == (
        True,
        0,
        0,
    )
