"""List everything that stands in an account, service by service, as its owner would with boto3."""

from collections.abc import Iterator

REGIONAL = {
    "acm": [("list_certificates", "CertificateSummaryList", "CertificateArn")],
    "autoscaling": [
        ("describe_auto_scaling_groups", "AutoScalingGroups", "AutoScalingGroupName"),
        ("describe_policies", "ScalingPolicies", "PolicyARN"),
        ("describe_scheduled_actions", "ScheduledUpdateGroupActions", "ScheduledActionARN"),
    ],
    "cloudwatch": [
        ("describe_alarms", "MetricAlarms", "AlarmName"),
        ("describe_alarms", "CompositeAlarms", "AlarmName"),
        ("list_dashboards", "DashboardEntries", "DashboardName"),
    ],
    "dynamodb": [("list_tables", "TableNames", None)],
    "ec2": [
        ("describe_vpcs", "Vpcs", "VpcId"),
        ("describe_subnets", "Subnets", "SubnetId"),
        ("describe_route_tables", "RouteTables", "RouteTableId"),
        ("describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
        ("describe_nat_gateways", "NatGateways", "NatGatewayId"),
        ("describe_addresses", "Addresses", "AllocationId"),
        ("describe_security_groups", "SecurityGroups", "GroupId"),
        ("describe_security_group_rules", "SecurityGroupRules", "SecurityGroupRuleId"),
        ("describe_network_acls", "NetworkAcls", "NetworkAclId"),
        ("describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
        ("describe_flow_logs", "FlowLogs", "FlowLogId"),
        ("describe_launch_templates", "LaunchTemplates", "LaunchTemplateId"),
        ("describe_volumes", "Volumes", "VolumeId"),
        ("describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceId"),
    ],
    "elasticache": [
        ("describe_replication_groups", "ReplicationGroups", "ReplicationGroupId"),
        ("describe_cache_clusters", "CacheClusters", "CacheClusterId"),
        ("describe_cache_subnet_groups", "CacheSubnetGroups", "CacheSubnetGroupName"),
        ("describe_cache_parameter_groups", "CacheParameterGroups", "CacheParameterGroupName"),
        ("describe_snapshots", "Snapshots", "SnapshotName"),
    ],
    "elbv2": [
        ("describe_load_balancers", "LoadBalancers", "LoadBalancerArn"),
        ("describe_target_groups", "TargetGroups", "TargetGroupArn"),
    ],
    "kms": [("list_aliases", "Aliases", "AliasName")],
    "logs": [("describe_log_groups", "logGroups", "logGroupName")],
    "rds": [
        ("describe_db_instances", "DBInstances", "DBInstanceIdentifier"),
        ("describe_db_subnet_groups", "DBSubnetGroups", "DBSubnetGroupName"),
        ("describe_db_parameter_groups", "DBParameterGroups", "DBParameterGroupName"),
        ("describe_db_snapshots", "DBSnapshots", "DBSnapshotIdentifier"),
    ],
    "secretsmanager": [("list_secrets", "SecretList", "ARN")],
    "sns": [("list_topics", "Topics", "TopicArn"), ("list_subscriptions", "Subscriptions", "SubscriptionArn")],
    "sqs": [("list_queues", "QueueUrls", None)],
}
"""Service -> the calls that list what it holds, where the answer holds it, and what names one of them."""

GLOBAL = {
    "iam": [
        ("list_roles", "Roles", "RoleName"),
        ("list_instance_profiles", "InstanceProfiles", "InstanceProfileName"),
    ],
    "route53": [("list_hosted_zones", "HostedZones", "Id"), ("list_health_checks", "HealthChecks", "Id")],
    "s3": [("list_buckets", "Buckets", "Name")],
}
GONE = {"deleted", "deleting", "terminated"}
"""States of what AWS still shows for an hour after its end."""


def inventory(account) -> set[str]:
    """Every resource of the account, as `service: name`."""
    return {f"{service}: {name}" for service, name in _everything(account)}


def _everything(account) -> Iterator[tuple[str, str]]:
    for service, calls in {**REGIONAL, **GLOBAL}.items():
        for call, where, key in calls:
            for found in getattr(account.client(service), call)().get(where, []):
                if not key or str(found.get("State")).lower() not in GONE:
                    yield f"{service} {where}", found[key] if key else found
    yield from _servers(account)
    yield from _keys(account)
    yield from _edge(account)
    for policy in account.client("iam").list_policies(Scope="Local")["Policies"]:
        yield "iam Policies", policy["Arn"]
    for budget in account.client("budgets").describe_budgets(AccountId=account.account_id).get("Budgets", []):
        yield "budgets Budgets", budget["BudgetName"]


def _servers(account) -> Iterator[tuple[str, str]]:
    for reservation in account.client("ec2").describe_instances()["Reservations"]:
        for instance in reservation["Instances"]:
            if instance["State"]["Name"] not in GONE:
                yield "ec2 Instances", instance["InstanceId"]


def _keys(account) -> Iterator[tuple[str, str]]:
    """Every key of the customer's: AWS makes its own on first use, as the one that encrypts disks."""
    kms = account.client("kms")
    for found in kms.list_keys()["Keys"]:
        key = kms.describe_key(KeyId=found["KeyId"])["KeyMetadata"]
        if key["KeyState"] != "PendingDeletion" and not key["Description"].startswith("Default master key"):
            yield "kms Keys", key["KeyId"]


def _edge(account) -> Iterator[tuple[str, str]]:
    for scope, region in (("REGIONAL", None), ("CLOUDFRONT", "us-east-1")):
        for acl in account.client("wafv2", region).list_web_acls(Scope=scope)["WebACLs"]:
            yield "wafv2 WebACLs", acl["ARN"]
    cloudfront = account.client("cloudfront")
    for distribution in cloudfront.list_distributions()["DistributionList"].get("Items", []):
        yield "cloudfront Distributions", distribution["Id"]
    for control in cloudfront.list_origin_access_controls()["OriginAccessControlList"].get("Items", []):
        yield "cloudfront OriginAccessControls", control["Id"]
