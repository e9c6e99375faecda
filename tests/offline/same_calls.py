"""Makes one of everything that the store is made of, and prints every answer: run twice, it must print the same."""

import json
import re
import sys
from typing import Any

from offline.account import Account, open_account

TRUST = json.dumps({"Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "*"}]})
CHANGING = re.compile(
    r"x-amz-crc32\": \"\d+|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[^\"]*|\d{10,13}(\.\d+)?|\w{3}, \d\d \w{3} \d{4} [\d:]+ GMT"
)
OFTEN = 2
"""Each is made so many times, so that answers which list things in a set's order are seen."""


def make(account: Account) -> list[Any]:
    """Call every service, in one order."""
    ec2, elb, scaling = account.client("ec2"), account.client("elbv2"), account.client("autoscaling")
    subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"][:3]]
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    image = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
    image = account.client("ssm").get_parameter(Name=image)["Parameter"]["Value"]
    template = ec2.create_launch_template(
        LaunchTemplateName="web", LaunchTemplateData={"ImageId": image, "InstanceType": "t4g.micro"}
    )
    targets = elb.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=vpc)["TargetGroups"][0]
    balancer = elb.create_load_balancer(Name="store", Subnets=subnets)["LoadBalancers"][0]
    forward = [{"Type": "forward", "TargetGroupArn": targets["TargetGroupArn"]}]
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="web",
        MinSize=3,
        MaxSize=6,
        VPCZoneIdentifier=",".join(subnets),
        LaunchTemplate={"LaunchTemplateName": "web"},
        TargetGroupARNs=[targets["TargetGroupArn"]],
    )
    scaling.update_auto_scaling_group(AutoScalingGroupName="web", MinSize=1, DesiredCapacity=2)
    return [
        vpc,
        template,
        targets,
        balancer,
        elb.create_listener(
            LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="HTTP", Port=80, DefaultActions=forward
        ),
        scaling.describe_auto_scaling_groups()["AutoScalingGroups"],
        scaling.describe_scaling_activities()["Activities"],
        elb.describe_target_health(TargetGroupArn=targets["TargetGroupArn"])["TargetHealthDescriptions"],
        ec2.describe_network_interfaces()["NetworkInterfaces"],
        [*network(ec2, vpc, subnets), *data(account, subnets), *edge(account), *watch(account), *identity(account)],
    ]


def network(ec2: Any, vpc: str, subnets: list[str]) -> list[Any]:
    """Routes, addresses, endpoints."""
    gateway = ec2.create_internet_gateway()["InternetGateway"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"], VpcId=vpc)
    address = ec2.allocate_address(Domain="vpc")
    return [
        gateway,
        ec2.create_nat_gateway(SubnetId=subnets[0], AllocationId=address["AllocationId"]),
        ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3"),
        ec2.describe_managed_prefix_lists()["PrefixLists"],
        ec2.describe_route_tables()["RouteTables"],
        ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc),
    ]


def data(account: Account, subnets: list[str]) -> list[Any]:
    """Databases, cache, tables, buckets, queues, topics."""
    rds, cache, sqs, sns = (account.client(name) for name in ("rds", "elasticache", "sqs", "sns"))
    table, bucket = account.client("dynamodb"), account.client("s3")
    rds.create_db_subnet_group(DBSubnetGroupName="data", DBSubnetGroupDescription="-", SubnetIds=subnets)
    cache.create_cache_subnet_group(CacheSubnetGroupName="data", CacheSubnetGroupDescription="-", SubnetIds=subnets)
    bucket.create_bucket(Bucket="pages")
    bucket.put_bucket_versioning(Bucket="pages", VersioningConfiguration={"Status": "Enabled"})
    topic = sns.create_topic(Name="events")["TopicArn"]
    queue = sqs.create_queue(QueueName="orders")["QueueUrl"]
    keys = [{"AttributeName": "id", "KeyType": "HASH"}]
    return [
        rds.create_db_instance(
            DBInstanceIdentifier="store",
            DBInstanceClass="db.t4g.micro",
            Engine="postgres",
            AllocatedStorage=20,
            MasterUsername="store",
            MasterUserPassword="not-a-secret",
            DBSubnetGroupName="data",
        ),
        cache.create_replication_group(ReplicationGroupId="cart", ReplicationGroupDescription="-"),
        table.create_table(
            TableName="orders",
            KeySchema=keys,
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        ),
        table.update_time_to_live(
            TableName="orders", TimeToLiveSpecification={"Enabled": True, "AttributeName": "until"}
        ),
        bucket.put_object(Bucket="pages", Key="index.html", Body=b"-"),
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:123456789012:orders"),
        sqs.send_message(QueueUrl=queue, MessageBody="-"),
        sqs.receive_message(QueueUrl=queue),
    ]


def edge(account: Account) -> list[Any]:
    """Distribution, zone, certificate, firewall."""
    domains, acm, waf = account.client("route53"), account.client("acm"), account.client("wafv2")
    cdn = account.client("cloudfront")
    origin = {"Id": "s3", "DomainName": "pages.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}
    config = {
        "CallerReference": "-",
        "Comment": "-",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": {"TargetOriginId": "s3", "ViewerProtocolPolicy": "https-only"},
    }
    names = ["api.example.net", "*.example.net", "www.example.net"]
    arn = acm.request_certificate(
        DomainName="example.net", SubjectAlternativeNames=names, ValidationMethod="DNS"
    )["CertificateArn"]  # fmt: skip
    seen = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "store"}
    return [
        cdn.create_distribution(DistributionConfig=config),
        domains.create_hosted_zone(Name="example.net", CallerReference="-"),
        acm.describe_certificate(CertificateArn=arn),
        waf.create_web_acl(Name="store", Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig=seen),
    ]


def watch(account: Account) -> list[Any]:
    """Alarms, logs, budget."""
    alarms, logs = account.client("cloudwatch"), account.client("logs")
    budgets = account.client("budgets")
    alarms.put_metric_alarm(
        AlarmName="cpu",
        Namespace="AWS/EC2",
        MetricName="CPUUtilization",
        Statistic="Average",
        Period=60,
        EvaluationPeriods=1,
        Threshold=80,
        ComparisonOperator="GreaterThanThreshold",
    )
    logs.create_log_group(logGroupName="web")
    limit = {"Amount": "100", "Unit": "USD"}
    budget = {"BudgetName": "store", "BudgetLimit": limit, "TimeUnit": "MONTHLY", "BudgetType": "COST"}
    budgets.create_budget(AccountId=account.account_id, Budget=budget)
    return [
        alarms.describe_alarms()["MetricAlarms"],
        logs.describe_log_groups()["logGroups"],
        budgets.describe_budgets(AccountId=account.account_id)["Budgets"],
    ]


def identity(account: Account) -> list[Any]:
    """Roles, keys, secrets."""
    iam, kms, secrets = account.client("iam"), account.client("kms"), account.client("secretsmanager")
    return [
        [iam.create_role(RoleName=f"server-{number}", AssumeRolePolicyDocument=TRUST) for number in range(OFTEN)],
        iam.create_instance_profile(InstanceProfileName="server"),
        iam.get_policy(PolicyArn="arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"),
        kms.create_key(),
        secrets.create_secret(Name="database", SecretString="-"),
        account.client("sts").assume_role(RoleArn="arn:aws:iam::123456789012:role/server-0", RoleSessionName="web"),
    ]


def text(account: Account) -> str:
    """Write the answers without the moments in them, and without checksums over moments."""
    return CHANGING.sub("<moment>", json.dumps(make(account), default=str, indent=1))


if __name__ == "__main__":
    for _ in range(OFTEN):
        print(text(open_account("us-east-1", sys.argv[1])))  # noqa: T201  the answer of this program
        print("=" * 80)  # noqa: T201
