"""The group of a fleet: how big it may get, how it is replaced, scaled and watched."""

import pytest

from tests.components.fleets import TOPIC, group_named, program, tracking
from tests.deploying import deploy


@pytest.fixture(scope="module")
def deployed():
    return deploy(program)


def test_the_scaler_owns_the_number_of_servers(deployed):
    inputs = deployed.one("aws:autoscaling/group:Group", "web").inputs
    assert (inputs["minSize"], inputs["maxSize"]) == (3, 6)
    assert "desiredCapacity" not in inputs


def test_no_choice_moves_a_group_to_another_name(deployed):
    assert [group.name for group in deployed.of_type("aws:autoscaling/group:Group")] == ["lone", "web", "single"]


def test_the_group_runs_a_numbered_version_of_the_template(deployed):
    assert group_named(deployed, "web")["LaunchTemplate"]["Version"] == "1"


def test_a_fleet_behind_a_load_balancer_believes_its_health_checks_after_the_boot(deployed):
    held = [(group["HealthCheckType"], group["HealthCheckGracePeriod"]) for group in (
        group_named(deployed, "web"), group_named(deployed, "lone"))]  # fmt: skip
    assert held == [("ELB", 200), ("EC2", 200)]


def test_a_new_server_comes_before_an_old_one_goes(deployed):
    assert group_named(deployed, "lone")["InstanceMaintenancePolicy"] == {
        "MinHealthyPercentage": 100,
        "MaxHealthyPercentage": 200,
    }


def test_a_new_servers_load_counts_after_its_warm_up(deployed):
    assert group_named(deployed, "web")["DefaultInstanceWarmup"] == 120


def test_a_changed_template_rolls_through_the_fleet_and_ends_where_new_servers_do_not_get_healthy(deployed):
    refresh = deployed.one("aws:autoscaling/group:Group", "web").inputs["instanceRefresh"]
    assert refresh == {
        "strategy": "Rolling",
        "preferences": {
            "minHealthyPercentage": 100,
            "maxHealthyPercentage": 200,
            "instanceWarmup": "120",
            "checkpointPercentages": [50, 100],
            "checkpointDelay": "300",
            "skipMatching": True,
        },
    }


def test_a_refresh_of_a_fleet_that_nobody_calls_goes_on_after_the_boot_of_a_server_not_its_warm_up(deployed):
    refresh = deployed.one("aws:autoscaling/group:Group", "lone").inputs["instanceRefresh"]
    assert refresh["preferences"]["instanceWarmup"] == "200"


def test_the_group_emits_the_metrics_that_its_policies_read(deployed):
    metrics = {row["Metric"] for row in group_named(deployed, "web")["EnabledMetrics"]}
    assert metrics >= {"GroupInServiceInstances", "GroupDesiredCapacity", "GroupTotalInstances"}


def test_the_oldest_template_goes_first(deployed):
    assert group_named(deployed, "web")["TerminationPolicies"] == ["OldestLaunchTemplate", "Default"]


def test_a_fleet_stands_once_its_least_servers_answer_behind_the_load_balancer(deployed):
    groups = deployed.of_type("aws:autoscaling/group:Group")
    assert {group.name: group.inputs.get("minElbCapacity") for group in groups} == {"lone": None, "web": 3, "single": 1}


def test_waiting_for_capacity_lasts_two_boots_and_a_margin(deployed):
    assert deployed.one("aws:autoscaling/group:Group", "web").inputs["waitForCapacityTimeout"] == "12m"


def test_making_a_group_outlasts_its_wait_and_deleting_it_its_drain(deployed):
    timeouts = deployed.one("aws:autoscaling/group:Group", "lone").options.custom_timeouts
    assert timeouts == {"create": "17m", "delete": "17m"}


def test_the_first_server_boots_after_its_permissions(deployed):
    group = deployed.one("aws:autoscaling/group:Group", "web")
    login = deployed.one("aws:iam/rolePolicy:RolePolicy", "web-session-manager")
    assert login.urn in group.options.depends_on


def test_cpu_is_held_at_its_target_outwards_and_inwards(deployed):
    assert tracking(deployed, "lone-cpu") == {
        "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"},
        "TargetValue": 55.0,
        "DisableScaleIn": False,
    }


def test_one_target_groups_requests_are_counted_by_its_label(deployed):
    assert tracking(deployed, "single-requests") == {
        "PredefinedMetricSpecification": {
            "PredefinedMetricType": "ALBRequestCountPerTarget",
            "ResourceLabel": deployed.outputs["labels"]["orders"],
        },
        "TargetValue": 1200.0,
        "DisableScaleIn": False,
    }


def test_several_target_groups_requests_are_added_up(deployed):
    metrics = tracking(deployed, "web-requests")["CustomizedMetricSpecification"]["Metrics"]
    stats = [row["MetricStat"] for row in metrics if row["Id"].startswith("load")]
    named = [{row["Name"]: row["Value"] for row in stat["Metric"]["Dimensions"]} for stat in stats]
    labels = deployed.outputs["labels"]
    assert [f"{row['LoadBalancer']}/{row['TargetGroup']}" for row in named] == [labels["orders"], labels["catalog"]]
    assert {(stat["Metric"]["MetricName"], stat["Stat"], stat["Period"]) for stat in stats} == {
        ("RequestCount", "Sum", 60)
    }


def test_the_scaler_sees_requests_per_server_and_nothing_else(deployed):
    metrics = tracking(deployed, "web-requests")["CustomizedMetricSpecification"]["Metrics"]
    assert [row.get("Expression") for row in metrics if row["ReturnData"]] == [
        "IF(servers > 0, (FILL(load0, 0) + FILL(load1, 0)) / servers, FILL(load0, 0) + FILL(load1, 0))"
    ]


def test_the_divisor_is_the_fleets_own_servers_in_service(deployed):
    metrics = tracking(deployed, "web-requests")["CustomizedMetricSpecification"]["Metrics"]
    [stat] = [row["MetricStat"] for row in metrics if row["Id"] == "servers"]
    own = {"Name": "AutoScalingGroupName", "Value": group_named(deployed, "web")["AutoScalingGroupName"]}
    assert (stat["Metric"]["MetricName"], stat["Metric"]["Dimensions"]) == ("GroupInServiceInstances", [own])


def test_requests_are_tracked_once_a_rule_leads_to_the_target_group(deployed):
    policy = deployed.one("aws:autoscaling/policy:Policy", "single-requests")
    rule = deployed.one("aws:lb/listenerRule:ListenerRule", "balancer-orders")
    assert rule.urn in policy.property_dependencies["targetTrackingConfiguration"]


def test_a_renamed_policy_goes_before_the_new_one_comes(deployed):
    policies = deployed.of_type("aws:autoscaling/policy:Policy")
    assert {policy.options.delete_before_replace for policy in policies} == {True}


def test_a_fleet_has_one_policy_for_each_metric(deployed):
    names = [policy.name for policy in deployed.of_type("aws:autoscaling/policy:Policy")]
    assert sorted(names) == ["lone-cpu", "single-cpu", "single-requests", "web-cpu", "web-requests"]


def test_a_fleet_that_is_too_small_or_too_busy_raises_an_alarm(deployed):
    found = deployed.client("cloudwatch").describe_alarms()["MetricAlarms"]
    alarms = {row["AlarmName"].rsplit("-", 1)[0]: row for row in found}
    shown = ("MetricName", "ComparisonOperator", "Threshold", "OKActions")
    held = {name: tuple(row[field] for field in shown) for name, row in alarms.items()}
    assert held["web-busy"] == ("CPUUtilization", "GreaterThanThreshold", 77.5, [TOPIC])
    assert held["web-few-servers"] == ("GroupInServiceInstances", "LessThanThreshold", 3.0, [TOPIC])


def test_a_fleet_without_a_topic_has_no_alarm(deployed):
    names = [row["AlarmName"] for row in deployed.client("cloudwatch").describe_alarms()["MetricAlarms"]]
    assert [name for name in names if name.startswith("lone")] == []
