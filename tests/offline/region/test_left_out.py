"""Whatever is set and does nothing in the region is named, and nothing else is."""

import pytest

from offline.account import open_account
from offline.region.left_out import left_out
from offline.region.left_out.servers import attributes, of_group, of_target_group
from offline.region.left_out.stores import of_cache, of_database, parameters
from tests.offline.servers import fleet, subnets

WEB = {"AutoScalingGroupName": "web"}
PLAIN_GROUP = {"Protocol": "HTTP", "HealthCheckProtocol": "HTTP", "HealthCheckPort": "traffic-port", "Port": 80}
STEP = {
    "AdjustmentType": "ChangeInCapacity",
    "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}],
}
OF_A_FLEET = ["machines", "security groups and routes"]
OF_A_DATABASE = ["TLS to databases", "version of databases"]
OF_A_CACHE = ["memory of caches", "version of caches"]


def names(found):
    return sorted({each.partition(":")[0] for each in found})


@pytest.fixture(scope="module")
def account():
    """A fleet behind a load balancer, as the account makes both where nothing is asked for."""
    opened = open_account("us-east-1", "left out")
    arn, elbv2 = fleet(opened, 1), opened.client("elbv2")
    [made] = elbv2.create_load_balancer(Name="front", Subnets=subnets(opened)[:2])["LoadBalancers"]
    forward = [{"Type": "forward", "TargetGroupArn": arn}]
    elbv2.create_listener(LoadBalancerArn=made["LoadBalancerArn"], Port=80, Protocol="HTTP", DefaultActions=forward)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def asked(account):
    """What is left out where nothing more is asked for, and once a policy, an action, an attribute and HTTPS are."""
    before, scaling, elbv2 = names(left_out(account)), account.client("autoscaling"), account.client("elbv2")
    scaling.put_scaling_policy(AutoScalingGroupName="web", PolicyName="step", PolicyType="StepScaling", **STEP)
    scaling.put_scheduled_update_group_action(
        AutoScalingGroupName="web", ScheduledActionName="night", Recurrence="0 22 * * *", MinSize=1
    )
    [balancer] = elbv2.describe_load_balancers()["LoadBalancers"]
    dropping = {"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "true"}
    elbv2.modify_load_balancer_attributes(LoadBalancerArn=balancer["LoadBalancerArn"], Attributes=[dropping])
    [group] = elbv2.describe_target_groups()["TargetGroups"]
    sticky = [{"Key": "stickiness.enabled", "Value": "true"}, {"Key": "stickiness.type", "Value": "lb_cookie"}]
    elbv2.modify_target_group_attributes(TargetGroupArn=group["TargetGroupArn"], Attributes=sticky)
    return before, names(left_out(account))


def test_what_stands_at_its_default_asks_for_nothing(asked):
    assert asked[0] == OF_A_FLEET


def test_what_is_asked_for_and_left_out_is_named_once(asked):
    more = ["routing.http.drop_invalid_header_fields", "scheduled scaling", "step scaling", "stickiness"]
    assert asked[1] == sorted([*OF_A_FLEET, *more])


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        ("access_logs.s3.enabled", "true", ["access_logs"]),
        ("access_logs.s3.bucket", "logs", []),
        ("client_keep_alive.seconds", "3600", []),
        ("client_keep_alive.seconds", "60", ["client_keep_alive.seconds"]),
        ("load_balancing.algorithm.type", "least_outstanding_requests", ["load_balancing.algorithm.type"]),
        ("load_balancing.cross_zone.enabled", "use_load_balancer_configuration", []),
        ("slow_start.duration_seconds", "30", []),
        ("a_switch_of_tomorrow.enabled", "true", ["a_switch_of_tomorrow"]),
    ],
)
def test_an_attribute_is_left_out_where_it_is_neither_obeyed_nor_at_its_default(key, value, found):
    assert names(attributes([{"Key": key, "Value": value}])) == found


@pytest.mark.parametrize(
    ("of", "plain", "more", "found"),
    [
        (of_target_group, PLAIN_GROUP, {}, []),
        (of_target_group, PLAIN_GROUP, {"HealthCheckPort": "80"}, []),
        (of_target_group, PLAIN_GROUP, {"HealthCheckPort": "81"}, ["port of health checks"]),
        (of_target_group, PLAIN_GROUP, {"Protocol": "HTTPS"}, ["TLS to servers"]),
        (of_target_group, PLAIN_GROUP, {"ProtocolVersion": "GRPC"}, ["protocol version of target groups"]),
        (of_group, WEB, {"MaxInstanceLifetime": 86400}, [*OF_A_FLEET, "maximum lifetime of servers"]),
        (
            of_group,
            WEB,
            {"InstanceMaintenancePolicy": {"MinHealthyPercentage": 100}},
            [*OF_A_FLEET, "maintenance policy"],
        ),
        (of_group, WEB, {"InstanceMaintenancePolicy": {"MinHealthyPercentage": -1}}, OF_A_FLEET),
        (of_group, WEB, {"TerminationPolicies": ["Default"]}, OF_A_FLEET),
        (
            of_group,
            WEB,
            {"TerminationPolicies": ["OldestInstance", "Default"]},
            [*OF_A_FLEET, "second termination policy"],
        ),
        (of_database, {"Engine": "postgres"}, {}, OF_A_DATABASE),
        (of_database, {"Engine": "postgres"}, {"MultiAZ": True}, [*OF_A_DATABASE, "standby of databases"]),
        (of_database, {"Engine": "postgres"}, {"MonitoringInterval": 0, "BackupRetentionPeriod": 0}, OF_A_DATABASE),
        (of_database, {"Engine": "postgres"}, {"MonitoringInterval": 60}, [*OF_A_DATABASE, "monitoring of databases"]),
        (of_database, {"Engine": "mysql"}, {"MultiAZ": True}, ["databases of mysql"]),
        (of_cache, {"ClusterEnabled": True}, {}, OF_A_CACHE),
        (of_cache, {"ClusterEnabled": True}, {"TransitEncryptionEnabled": True}, [*OF_A_CACHE, "TLS to caches"]),
        (of_cache, {"ClusterEnabled": False}, {"SnapshotRetentionLimit": 7}, ["caches without cluster mode"]),
    ],
)
def test_a_field_is_left_out_where_it_asks_for_more_than_the_region_does(of, plain, more, found):
    assert names(of({**plain, **more})) == sorted(found)


def test_a_parameter_is_left_out_where_it_is_no_setting_of_postgresqls():
    given = {"rds.force_ssl": "1", "rds.logical_replication": "1", "work_mem": "{A/2}", "log_lock_waits": "1"}
    assert names(parameters(given)) == ["rds.logical_replication", "work_mem"]
