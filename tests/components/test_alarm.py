"""An alarm over several metrics: what CloudWatch takes, and what is refused before it is asked."""

import pulumi
import pytest

from components.parts.alarm import Alarm, MathAlarm, Metric, make_alarm, make_math_alarm
from tests.deploying import deploy

TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms"
SOLD = Metric(namespace="Shop", metric="Sold", dimensions={"Shop": "one"})


def of(metrics, **more):
    return MathAlarm(label="sold", expression="m0", metrics=metrics, threshold=1, description="Sold out.", **more)


def _program():
    parent = pulumi.ComponentResource("bigpicture:test:Parent", "parent")
    make_math_alarm(parent, "shop", "sold", of({"m0": SOLD}, period_s=300), TOPIC)
    one = {"namespace": "Shop", "metric": "Latency", "dimensions": {}, "threshold": 2, "description": "Slow."}
    make_alarm(parent, "shop", "slow", Alarm(**one, statistic="p99"), TOPIC)


@pytest.fixture(scope="module")
def deployed():
    return deploy(_program)


def alarm(deployed, name):
    [found] = deployed.client("cloudwatch").describe_alarms(AlarmNamePrefix=name)["MetricAlarms"]
    return found


def test_exactly_one_query_returns_data_and_it_is_the_expression(deployed):
    queries = alarm(deployed, "shop-sold")["Metrics"]
    assert [(query["Id"], query["ReturnData"]) for query in queries] == [("answer", True), ("m0", False)]


def test_every_metric_of_an_expression_is_read_over_the_same_period(deployed):
    [stat] = [query["MetricStat"] for query in alarm(deployed, "shop-sold")["Metrics"] if "MetricStat" in query]
    assert (stat["Period"], stat["Stat"]) == (300, "Sum")


def test_a_percentile_is_an_extended_statistic(deployed):
    found = alarm(deployed, "shop-slow")
    assert (found["ExtendedStatistic"], "Statistic" in found) == ("p99", False)


@pytest.mark.parametrize("count", [0, 11])
def test_an_alarm_over_too_many_metrics_is_refused(count):
    with pytest.raises(ValueError, match=f"metrics of 'sold' are {count}; allowed: 1 to 10 in one alarm"):
        of({f"m{number}": SOLD for number in range(count)})
