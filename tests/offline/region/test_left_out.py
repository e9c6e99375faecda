"""Whatever is set and does nothing in the region is named, and nothing else is."""

import contextlib

import pytest

from offline.account import open_account
from offline.region.left_out import edges, left_out
from offline.region.left_out.edges import of_distribution, of_requests, of_response_headers
from offline.region.left_out.servers import attributes, of_group, of_policy, of_rule, of_target_group
from offline.region.left_out.signals import of_queue, of_subscription, of_topic
from offline.region.left_out.stores import of_cache, of_database, parameters
from tests.offline.region.said import names
from tests.offline.servers import fleet, subnets

WEB = {"AutoScalingGroupName": "web"}
PLAIN_GROUP = {"Protocol": "HTTP", "HealthCheckProtocol": "HTTP", "HealthCheckPort": "traffic-port", "Port": 80}
PLAIN_QUEUE = {"SqsManagedSseEnabled": "false"}
FORWARD = {"Actions": [{"Type": "forward", "TargetGroupArn": "web"}]}
STICKY = {"TargetGroupStickinessConfig": {"Enabled": True}}
TRACKING = {"PolicyType": "TargetTrackingScaling"}
BY_NETWORK = {"PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageNetworkOut"}}
STEP = {
    "AdjustmentType": "ChangeInCapacity",
    "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}],
}
OF_A_FLEET = ["machines", "security groups and routes"]
OF_A_DATABASE = ["TLS to databases", "version of databases"]
OF_A_CACHE = ["memory of caches", "version of caches"]

OF_AN_EDGE = ["TLS at the edge", "brotli"]
PLAIN_EDGE = {
    "DefaultCacheBehavior": {"CachePolicyId": "mine"},
    "Restrictions": {"GeoRestriction": {"RestrictionType": "none"}},
}
PLAIN_ORIGIN = {"DomainName": "front.dev", "CustomOriginConfig": {}, "ConnectionAttempts": 1, "ConnectionTimeout": 10}
GERMANS = {"Restrictions": {"GeoRestriction": {"RestrictionType": "whitelist", "Items": ["DE"]}}}
ON, ONE = {"Enabled": True}, {"Quantity": 1}
SECURED = {"SecurityHeadersConfig": {"ContentTypeOptions": {"Override": True}}}
YIELDING = {"SecurityHeadersConfig": {"ContentTypeOptions": {"Override": False}}}


def by(**behavior):
    """A distribution whose behaviour says so."""
    return {"DefaultCacheBehavior": {"CachePolicyId": "mine", **behavior}}


def telling(*headers):
    """A policy that lets these headers through."""
    return {"HeadersConfig": {"Headers": {"Items": [*headers]}}}


def of_origin(origin):
    return edges.of_origin(origin, {"front.dev"})


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


@pytest.fixture(scope="module")
def heard():
    """What is left out of an account that has a queue, a topic with a listener, an alarm, a dashboard and a log."""
    with contextlib.closing(open_account("us-east-1", "left out signals")) as opened:
        opened.client("sqs").create_queue(QueueName="orders")
        sns, watch = opened.client("sns"), opened.client("cloudwatch")
        topic = sns.create_topic(Name="events", Attributes={"KmsMasterKeyId": "alias/aws/sns"})["TopicArn"]
        sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="me@bigpicture.dev")
        watch.put_metric_alarm(AlarmName="age", EvaluationPeriods=1, ComparisonOperator="GreaterThanThreshold")
        watch.put_dashboard(DashboardName="store", DashboardBody='{"widgets": []}')
        opened.client("logs").create_log_group(logGroupName="store")
        return names(left_out(opened))


def test_what_stands_at_its_default_asks_for_nothing(asked):
    assert asked[0] == OF_A_FLEET


def test_what_is_asked_for_and_left_out_is_named_once(asked):
    more = ["routing.http.drop_invalid_header_fields", "scheduled scaling", "step scaling", "stickiness"]
    assert asked[1] == sorted([*OF_A_FLEET, *more])


def test_what_is_said_and_heard_in_an_account_is_looked_at_as_well(heard):
    said = ["alarms", "dashboards", "encryption of queues", "encryption of topics", "log groups", "mail of topics"]
    assert heard == said


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
        (of_rule, FORWARD, {}, []),
        (of_rule, FORWARD, {"Actions": [{}, {}]}, ["authentication by rules"]),
        (of_rule, FORWARD, {"Actions": [{"ForwardConfig": STICKY}]}, ["stickiness of rules"]),
        (of_policy, TRACKING, {}, []),
        (of_policy, TRACKING, {"TargetTrackingConfiguration": BY_NETWORK}, ["scaling by ASGAverageNetworkOut"]),
        (of_policy, {"PolicyType": "PredictiveScaling"}, {}, ["predictive scaling"]),
        (of_distribution, PLAIN_EDGE, {}, OF_AN_EDGE),
        (of_distribution, PLAIN_EDGE, {"WebACLId": "arn"}, [*OF_AN_EDGE, "web application firewall"]),
        (of_distribution, PLAIN_EDGE, {"HttpVersion": "http2and3"}, [*OF_AN_EDGE, "HTTP versions of edges"]),
        (of_distribution, PLAIN_EDGE, {"Logging": {"Enabled": True}}, [*OF_AN_EDGE, "logs of edges"]),
        (of_distribution, PLAIN_EDGE, GERMANS, [*OF_AN_EDGE, "countries of viewers"]),
        (of_distribution, PLAIN_EDGE, by(FunctionAssociations=ONE), [*OF_AN_EDGE, "functions at the edge"]),
        (of_distribution, PLAIN_EDGE, by(LambdaFunctionAssociations=ONE), [*OF_AN_EDGE, "Lambda@Edge"]),
        (of_distribution, PLAIN_EDGE, by(TrustedKeyGroups=ON), [*OF_AN_EDGE, "signed addresses and cookies"]),
        (of_distribution, PLAIN_EDGE, by(CachePolicyId=""), [*OF_AN_EDGE, "caching without a policy"]),
        (of_origin, PLAIN_ORIGIN, {}, []),
        (of_origin, PLAIN_ORIGIN, {"OriginShield": ON}, ["origin shield"]),
        (of_origin, PLAIN_ORIGIN, {"ConnectionAttempts": 3}, ["attempts to connect to origins"]),
        (of_origin, PLAIN_ORIGIN, {"ConnectionTimeout": 5}, ["attempts to connect to origins"]),
        (of_origin, PLAIN_ORIGIN, {"DomainName": "other.dev"}, ["origin other.dev"]),
        (of_response_headers, {"Name": "mine"}, SECURED, []),
        (of_response_headers, {"Name": "mine"}, YIELDING, ["headers that yield to the origin's"]),
        (of_response_headers, {"Name": "mine"}, {"CorsConfig": {"OriginOverride": True}}, ["CORS at the edge"]),
        (of_response_headers, {"Name": "Managed-SimpleCORS"}, {}, ["CORS at the edge"]),
        (of_requests, {"Name": "Managed-AllViewer"}, {}, []),
        (of_requests, {"Name": "mine"}, telling("CloudFront-Viewer-Address", "Accept"), []),
        (of_requests, {"Name": "mine"}, telling("CloudFront-Viewer-Country"), ["headers of CloudFront's own"]),
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
        (of_cache, {"ClusterEnabled": True}, {"AtRestEncryptionEnabled": True}, [*OF_A_CACHE, "encryption of caches"]),
        (of_queue, PLAIN_QUEUE, {"RedriveAllowPolicy": "{}", "VisibilityTimeout": "30"}, []),
        (of_queue, PLAIN_QUEUE, {"SqsManagedSseEnabled": "true"}, ["encryption of queues"]),
        (of_queue, PLAIN_QUEUE, {"KmsMasterKeyId": "alias/aws/sqs"}, ["encryption of queues"]),
        (of_queue, PLAIN_QUEUE, {"Policy": '{"Action": "sqs:SendMessage"}'}, []),
        (of_queue, PLAIN_QUEUE, {"Policy": '{"Bool": {"aws:SecureTransport": "false"}}'}, ["TLS to queues"]),
        (of_topic, {"SignatureVersion": "2"}, {"Policy": '{"Sid": "__default_statement_ID"}'}, []),
        (of_topic, {"SignatureVersion": "2"}, {"Policy": '{"Action": "sns:Publish"}'}, ["policies of topics"]),
        (of_subscription, {}, {"Protocol": "sqs"}, []),
        (of_subscription, {}, {"Protocol": "email-json"}, ["mail of topics"]),
    ],
)
def test_a_field_is_left_out_where_it_asks_for_more_than_the_region_does(of, plain, more, found):
    assert names(of({**plain, **more})) == sorted(found)


def test_a_parameter_is_left_out_where_it_is_no_setting_of_postgresqls():
    given = {"rds.force_ssl": "1", "rds.logical_replication": "1", "work_mem": "{A/2}", "log_lock_waits": "1"}
    assert names(parameters(given)) == ["rds.logical_replication", "work_mem"]
