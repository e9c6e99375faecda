"""What watches the store as a whole: the dashboard's name and body, the error budget, and the money budget."""

import json

import pulumi
import pytest

from components.observability import Observability, ObservabilityArgs
from tests.deploying import deploy

ALARMS = "arn:aws:sns:eu-west-1:123456789012:alarms"
ACCOUNT = "123456789012"
KNOWN = {
    "region": "eu-west-1",
    "distribution_id": "E2EXAMPLE",
    "load_balancer": "app/balancer/1",
    "target_groups": {"orders": "app/balancer/1/targetgroup/orders/2"},
    "fleets": {"app-orders": "app-orders-1"},
    "tables": {"shard-00": "customers-shard-00"},
    "queues": {"mail": "work-mail"},
    "dead_letter_queues": {"mail": "work-mail-dead-letters"},
}


def args(**more):
    held = {"cache_node_ids": ["sessions-0001-001"], "databases": ["primary"], "monthly_budget_usd": 250}
    return ObservabilityArgs(**{**KNOWN, **held, **more})


def _program():
    nodes, databases = [pulumi.Output.from_input("sessions-0001-001")], [pulumi.Output.from_input("primary")]
    known_later = {"cache_node_ids": nodes, "databases": databases}
    Observability("observability", args(alarm_topic_arn=ALARMS, **known_later))
    Observability("unheard", args(monthly_budget_usd=7))


@pytest.fixture(scope="module")
def deployed():
    return deploy(_program, region="eu-west-1")


def outputs(deployed, name="observability"):
    return deployed.one("bigpicture:watch:Observability", name).outputs


def test_the_dashboard_is_named_after_project_and_stack(deployed):
    assert outputs(deployed)["dashboard_name"] == "bigpicture-test-observability"


def test_the_dashboard_stands_and_draws_nodes_and_databases_by_name(deployed):
    name = outputs(deployed)["dashboard_name"]
    body = json.loads(deployed.client("cloudwatch").get_dashboard(DashboardName=name)["DashboardBody"])
    drawn = {line[-2] for widget in body["widgets"] for line in widget["properties"]["metrics"]}
    assert {"sessions-0001-001", "primary", "customers-shard-00", "work-mail"} <= drawn


def alarm(deployed, pace):
    prefix = f"observability-{pace}-burn"
    [found] = deployed.client("cloudwatch").describe_alarms(AlarmNamePrefix=prefix)["MetricAlarms"]
    return found


@pytest.mark.parametrize(("pace", "share", "seconds", "times"), [("fast", 0.0144, 300, 3), ("slow", 0.006, 3600, 6)])
def test_an_error_budget_that_burns_too_fast_raises_an_alarm(deployed, pace, share, seconds, times):
    found = alarm(deployed, pace)
    periods = {query["MetricStat"]["Period"] for query in found["Metrics"] if "MetricStat" in query}
    assert (found["Threshold"], periods, found["EvaluationPeriods"]) == (share, {seconds}, times)


def test_failed_requests_are_counted_against_all_requests_of_the_balancer(deployed):
    metrics = [query["MetricStat"]["Metric"] for query in alarm(deployed, "fast")["Metrics"] if "MetricStat" in query]
    balancer = [{"Name": "LoadBalancer", "Value": "app/balancer/1"}]
    assert [(each["MetricName"], each["Dimensions"]) for each in metrics] == [
        ("RequestCount", balancer),
        ("HTTPCode_ELB_5XX_Count", balancer),
        ("HTTPCode_Target_5XX_Count", balancer),
    ]


def test_one_answer_is_returned_and_a_quiet_hour_is_a_good_one(deployed):
    answers = [query["Expression"] for query in alarm(deployed, "slow")["Metrics"] if query["ReturnData"]]
    assert answers == ["IF(requests > 50, (FILL(own, 0) + FILL(servers, 0)) / requests, 0)"]


def test_a_burning_budget_is_told_when_it_begins_and_ends_and_silence_is_good(deployed):
    found = alarm(deployed, "fast")
    said = (found["AlarmActions"], found["OKActions"], found["TreatMissingData"])
    assert said == ([ALARMS], [ALARMS], "notBreaching")


def budget(deployed, name="observability"):
    named = outputs(deployed, name)["budget_name"]
    return deployed.client("budgets").describe_budget(AccountId=ACCOUNT, BudgetName=named)["Budget"]


@pytest.mark.parametrize(("name", "usd"), [("observability", "250"), ("unheard", "7")])
def test_the_month_has_a_budget(deployed, name, usd):
    found = budget(deployed, name)
    limit = {"Amount": usd, "Unit": "USD"}
    assert (found["BudgetType"], found["TimeUnit"], found["BudgetLimit"]) == ("COST", "MONTHLY", limit)


def test_the_budget_has_no_filter_that_a_fresh_account_could_not_match(deployed):
    assert "CostFilters" not in budget(deployed)


def warnings(deployed, name):
    named = {"AccountId": ACCOUNT, "BudgetName": outputs(deployed, name)["budget_name"]}
    budgets = deployed.client("budgets")
    return [
        (
            notification["NotificationType"],
            notification["Threshold"],
            notification["ThresholdType"],
            budgets.describe_subscribers_for_notification(**named, Notification=notification)["Subscribers"],
        )
        for notification in budgets.describe_notifications_for_budget(**named)["Notifications"]
    ]


def test_the_alarm_topic_hears_when_the_budget_is_and_will_be_passed(deployed):
    heard = [{"SubscriptionType": "SNS", "Address": ALARMS}]
    assert warnings(deployed, "observability") == [
        ("ACTUAL", 100.0, "PERCENTAGE", heard),
        ("FORECASTED", 100.0, "PERCENTAGE", heard),
    ]


def test_without_a_topic_nobody_is_warned_and_there_is_no_alarm(deployed):
    alarms = deployed.client("cloudwatch").describe_alarms(AlarmNamePrefix="unheard")["MetricAlarms"]
    assert (warnings(deployed, "unheard"), alarms) == ([], [])


def test_a_budget_of_nothing_is_refused():
    with pytest.raises(ValueError, match="monthly_budget_usd is 0; allowed: 1 or more"):
        args(monthly_budget_usd=0)


def test_what_is_declared_is_registered(deployed):
    assert set(outputs(deployed)) == set(Observability.__annotations__)
