"""List, for every property that changes in place, a value to change it to; `Other` takes it from another resource."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from offline.wire import ASSET_SIGNATURE, SIGNATURE
from tests.deploying import Deployed


@dataclass(frozen=True)
class Made:
    """The id of what `made` makes beside the store."""

    name: str


def made(store: Deployed) -> dict[str, str]:
    """Make, with boto3, what a change needs a second one of, and the store has one."""
    ec2, rds = store.client("ec2"), store.client("rds")
    filters = [{"Name": "prefix-list-name", "Values": [f"com.amazonaws.{store.account.region}.s3"]}]
    [prefixes] = ec2.describe_managed_prefix_lists(Filters=filters)["PrefixLists"]
    rds.create_db_parameter_group(
        DBParameterGroupName="another", DBParameterGroupFamily="postgres17", Description="another"
    )
    subnets = [each["SubnetId"] for each in ec2.describe_subnets()["Subnets"]]
    rds.create_db_subnet_group(DBSubnetGroupName="another", DBSubnetGroupDescription="another", SubnetIds=subnets)
    return {
        "database parameters": "another",
        "database subnets": "another",
        "gateway": ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"],
        "prefix list": prefixes["PrefixListId"],
    }


@dataclass(frozen=True)
class Other:
    """The id, or an output, of the first resource of a type that is not the one in use."""

    token: str
    output: str = "id"
    many: bool = False

    def of(self, store: Deployed, used: Any) -> Any:
        """The value itself, in a list when the property has many."""
        found = [each.id if self.output == "id" else each.outputs[self.output] for each in store.of_type(self.token)]
        value = next(each for each in found if each not in json.dumps(used))
        return [value] if self.many else value


def reworded(document: str) -> str:
    """The same policy with one more statement."""
    policy = json.loads(document)
    refused = {"Sid": "Changed", "Effect": "Deny", "Principal": "*", "Action": policy["Statement"][0]["Action"]}
    return json.dumps({**policy, "Statement": [*policy["Statement"], {**policy["Statement"][0], **refused}]})


def of_identity(document: str) -> str:
    """The same identity policy with one more statement."""
    policy = json.loads(document)
    return json.dumps({**policy, "Statement": [*policy["Statement"], {**policy["Statement"][0], "Effect": "Deny"}]})


def first(**changes: Any) -> Callable[[list[dict[str, Any]]], Any]:
    """Change the first of a list of blocks."""
    return lambda blocks: [{**blocks[0], **changes}, *blocks[1:]]


def merged(**changes: Any) -> Callable[[dict[str, Any]], Any]:
    """Change some members of a block."""
    return lambda block: {**block, **changes}


def fewer(items: list[Any]) -> list[Any]:
    return items[:-1]


def backwards(items: list[Any]) -> list[Any]:
    return items[::-1]


GROUP = "aws:ec2/securityGroup:SecurityGroup"
SUBNET = "aws:ec2/subnet:Subnet"
TAGS = merged(changed="yes", stack="another")

CHANGES: dict[str, dict[str, Any]] = {
    "aws:acm/certificate:Certificate": {"tags": TAGS},
    "aws:autoscaling/group:Group": {
        "capacityRebalance": True,
        "defaultInstanceWarmup": 77,
        "desiredCapacity": 3,
        "enabledMetrics": fewer,
        "healthCheckGracePeriod": 301,
        "healthCheckType": "EC2",
        "instanceMaintenancePolicy": {"maxHealthyPercentage": 150, "minHealthyPercentage": 90},
        "instanceRefresh": merged(strategy="Rolling", triggers=["tag"]),
        "launchTemplate": lambda template: {**template, "version": "$Latest"},
        "maxSize": 9,
        "metricsGranularity": "1Minute",
        "minElbCapacity": 2,
        "minSize": 1,
        "tags": first(value="another"),
        "targetGroupArns": Other("aws:lb/targetGroup:TargetGroup", many=True),
        "terminationPolicies": ["OldestInstance"],
        "vpcZoneIdentifiers": fewer,
        "waitForCapacityTimeout": "11m",
    },
    "aws:autoscaling/lifecycleHook:LifecycleHook": {
        "defaultResult": "ABANDON",
        "heartbeatTimeout": 111,
        "lifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING",
    },
    "aws:autoscaling/policy:Policy": {
        "targetTrackingConfiguration": merged(targetValue=33),
    },
    "aws:budgets/budget:Budget": {
        "budgetType": "USAGE",
        "limitAmount": "123",
        "limitUnit": "EUR",
        "notifications": first(threshold=12),
        "tags": TAGS,
        "timeUnit": "QUARTERLY",
    },
    "aws:cloudfront/distribution:Distribution": {
        "aliases": [],
        "comment": "another",
        "customErrorResponses": first(errorCachingMinTtl=7),
        "defaultCacheBehavior": merged(compress=False),
        "defaultRootObject": "other.html",
        "enabled": False,
        "httpVersion": "http2",
        "isIpv6Enabled": False,
        "orderedCacheBehaviors": backwards,
        "origins": first(connectionAttempts=2),
        "priceClass": "PriceClass_200",
        "restrictions": {"geoRestriction": {"restrictionType": "whitelist", "locations": ["DE"]}},
        "tags": TAGS,
        "viewerCertificate": merged(minimumProtocolVersion="TLSv1.2_2021"),
        "waitForDeployment": True,
        "webAclId": "",
    },
    "aws:cloudfront/originAccessControl:OriginAccessControl": {
        "name": "another",
        "originAccessControlOriginType": "lambda",
        "signingBehavior": "no-override",
        "signingProtocol": "sigv4",
    },
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": {
        "name": "another",
        "removeHeadersConfig": {"items": [{"header": "X-Powered-By"}]},
        "securityHeadersConfig": merged(frameOptions={"frameOption": "SAMEORIGIN", "override": True}),
    },
    "aws:cloudwatch/dashboard:Dashboard": {"dashboardBody": '{"widgets":[]}'},
    "aws:cloudwatch/logGroup:LogGroup": {"retentionInDays": 7, "tags": TAGS},
    "aws:cloudwatch/metricAlarm:MetricAlarm": {
        "alarmActions": [],
        "alarmDescription": "another",
        "comparisonOperator": "LessThanThreshold",
        "dimensions": {"Other": "thing"},
        "evaluationPeriods": 5,
        "datapointsToAlarm": 2,
        "extendedStatistic": "p50",
        "metricName": "Another",
        "metricQueries": first(label="another"),
        "namespace": "Another",
        "okActions": [],
        "period": 120,
        "statistic": "Average",
        "tags": TAGS,
        "threshold": 77,
        "treatMissingData": "breaching",
    },
    "aws:dynamodb/table:Table": {
        "billingMode": {"billingMode": "PROVISIONED", "readCapacity": 5, "writeCapacity": 6},
        "deletionProtectionEnabled": False,
        "pointInTimeRecovery": {"enabled": False},
        "tags": TAGS,
        "ttl": {"attributeName": "other", "enabled": True},
    },
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {"tags": TAGS},
    "aws:ec2/eip:Eip": {"tags": TAGS},
    "aws:ec2/flowLog:FlowLog": {"tags": TAGS},
    "aws:ec2/internetGateway:InternetGateway": {"tags": TAGS},
    "aws:ec2/launchTemplate:LaunchTemplate": {
        "blockDeviceMappings": first(deviceName="/dev/xvdb"),
        "creditSpecification": {"cpuCredits": "unlimited"},
        "iamInstanceProfile": {"arn": Other("aws:iam/instanceProfile:InstanceProfile", "arn")},
        "imageId": "ami-12c6146b",
        "instanceType": "t4g.large",
        "metadataOptions": merged(httpPutResponseHopLimit=2),
        "monitoring": lambda block: {"enabled": not block["enabled"]},
        "tagSpecifications": fewer,
        "tags": TAGS,
        "updateDefaultVersion": False,
        "userData": "I2Nsb3VkLWNvbmZpZwo=",
        "vpcSecurityGroupIds": Other(GROUP, many=True),
    },
    "aws:ec2/natGateway:NatGateway": {"tags": TAGS},
    "aws:ec2/route:Route": {
        "gatewayId": Made("gateway"),
        "natGatewayId": Other("aws:ec2/natGateway:NatGateway"),
    },
    "aws:ec2/routeTable:RouteTable": {"tags": TAGS},
    "aws:ec2/routeTableAssociation:RouteTableAssociation": {"routeTableId": Other("aws:ec2/routeTable:RouteTable")},
    "aws:ec2/securityGroup:SecurityGroup": {"tags": TAGS},
    "aws:ec2/subnet:Subnet": {"mapPublicIpOnLaunch": True, "tags": TAGS},
    "aws:ec2/vpc:Vpc": {
        "enableDnsHostnames": False,
        "enableDnsSupport": False,
        "enableNetworkAddressUsageMetrics": True,
        "tags": TAGS,
    },
    "aws:ec2/vpcEndpoint:VpcEndpoint": {
        "policy": of_identity,
        "routeTableIds": fewer,
        "tags": TAGS,
    },
    "aws:elasticache/parameterGroup:ParameterGroup": {
        "parameters": lambda rows: [{**row, "value": "allkeys-lru"} for row in rows if "policy" in row["name"]],
        "tags": TAGS,
    },
    "aws:elasticache/replicationGroup:ReplicationGroup": {
        "applyImmediately": False,
        "authToken": "another-token-of-enough-length",
        "authTokenUpdateStrategy": "SET",
        "autoMinorVersionUpgrade": True,
        "automaticFailoverEnabled": False,
        "clusterMode": "compatible",
        "description": "another",
        "durability": "another",
        "engineVersion": "9.1",
        "logDeliveryConfigurations": first(logFormat="text"),
        "maintenanceWindow": "mon:03:30-mon:04:30",
        "multiAzEnabled": False,
        "nodeType": "cache.m7g.large",
        "numNodeGroups": 1,
        "parameterGroupName": "default.valkey9.cluster.on",
        "replicasPerNodeGroup": 3,
        "securityGroupIds": Other(GROUP, many=True),
        "snapshotRetentionLimit": 4,
        "snapshotWindow": "04:00-05:00",
        "tags": TAGS,
        "transitEncryptionEnabled": False,
        "transitEncryptionMode": "preferred",
        "finalSnapshotIdentifier": "another",
    },
    "aws:elasticache/subnetGroup:SubnetGroup": {"description": "another", "subnetIds": fewer, "tags": TAGS},
    "aws:iam/instanceProfile:InstanceProfile": {"role": Other("aws:iam/role:Role"), "tags": TAGS},
    "aws:iam/role:Role": {
        "assumeRolePolicy": of_identity,
        "description": "another",
        "maxSessionDuration": 7200,
        "permissionsBoundary": "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "tags": TAGS,
    },
    "aws:iam/rolePolicy:RolePolicy": {"policy": of_identity},
    "aws:kms/key:Key": {
        "deletionWindowInDays": 9,
        "description": "another",
        "enableKeyRotation": False,
        "tags": TAGS,
    },
    "aws:kms/keyPolicy:KeyPolicy": {
        "policy": lambda policy: policy.replace('"Effect"', '"Sid": "Changed", "Effect"', 1)
    },
    "aws:lb/listener:Listener": {
        "certificateArn": {"protocol": "HTTP", "sslPolicy": None, "certificateArn": None},
        "defaultActions": [
            {
                "type": "fixed-response",
                "fixedResponse": {"contentType": "text/plain", "messageBody": "No", "statusCode": "404"},
            }
        ],
        "port": 8443,
        "protocol": {"protocol": "HTTP", "sslPolicy": None, "certificateArn": None},
        "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
        "tags": TAGS,
    },
    "aws:lb/listenerRule:ListenerRule": {
        "actions": Other("aws:lb/targetGroup:TargetGroup"),
        "conditions": [{"pathPattern": {"values": ["/another"]}}],
        "priority": 77,
        "tags": TAGS,
    },
    "aws:lb/loadBalancer:LoadBalancer": {
        "accessLogs": merged(enabled=False),
        "connectionLogs": merged(enabled=False),
        "desyncMitigationMode": "strictest",
        "dropInvalidHeaderFields": False,
        "enableDeletionProtection": lambda protected: not protected,
        "enableHttp2": False,
        "healthCheckLogs": merged(enabled=False),
        "idleTimeout": 77,
        "ipAddressType": "dualstack",
        "preserveHostHeader": True,
        "securityGroups": Other(GROUP, many=True),
        "subnets": fewer,
        "tags": TAGS,
    },
    "aws:lb/targetGroup:TargetGroup": {
        "deregistrationDelay": 77,
        "healthCheck": merged(interval=20, matcher="200-299"),
        "loadBalancingAlgorithmType": "least_outstanding_requests",
        "slowStart": 60,
        "stickiness": {"enabled": True, "type": "lb_cookie", "cookieDuration": 60},
        "tags": TAGS,
    },
    "aws:rds/instance:Instance": {
        "allocatedStorage": 999,
        "allowMajorVersionUpgrade": False,
        "applyImmediately": False,
        "autoMinorVersionUpgrade": False,
        "backupRetentionPeriod": 9,
        "backupWindow": "01:00-01:30",
        "caCertIdentifier": "rds-ca-ecc384-g1",
        "copyTagsToSnapshot": False,
        "databaseInsightsMode": "advanced",
        "dbSubnetGroupName": Made("database subnets"),
        "deleteAutomatedBackups": True,
        "deletionProtection": lambda protected: not protected,
        "enabledCloudwatchLogsExports": ["upgrade"],
        "engineLifecycleSupport": "open-source-rds-extended-support",
        "engineVersion": "18",
        "finalSnapshotIdentifier": "another-final",
        "iamDatabaseAuthenticationEnabled": True,
        "identifier": "another",
        "instanceClass": "db.r8g.2xlarge",
        "iops": 20000,
        "maintenanceWindow": "mon:04:30-mon:05:30",
        "maxAllocatedStorage": 5000,
        "monitoringInterval": 30,
        "monitoringRoleArn": Other("aws:iam/role:Role", "arn"),
        "multiAz": lambda multi: not multi,
        "parameterGroupName": Made("database parameters"),
        "password": "another-password",
        "performanceInsightsEnabled": False,
        "performanceInsightsRetentionPeriod": 31,
        "port": 5433,
        "publiclyAccessible": True,
        "replicateSourceDb": None,
        "skipFinalSnapshot": lambda skip: not skip,
        "storageThroughput": 1000,
        "storageType": "io2",
        "tags": TAGS,
        "vpcSecurityGroupIds": Other(GROUP, many=True),
    },
    "aws:rds/parameterGroup:ParameterGroup": {
        "parameters": lambda rows: [{**rows[0], "value": "0"}, *rows[2:]],
        "tags": TAGS,
    },
    "aws:rds/subnetGroup:SubnetGroup": {
        "description": "another",
        "subnetIds": fewer,
        "tags": TAGS,
    },
    "aws:route53/record:Record": {
        "aliases": first(evaluateTargetHealth=False),
        "allowOverwrite": False,
        "records": ["another.example.com"],
        "ttl": 77,
    },
    "aws:route53/zone:Zone": {"comment": "another", "forceDestroy": True, "tags": TAGS},
    "aws:s3/bucket:Bucket": {"forceDestroy": lambda force: not force, "tags": TAGS},
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": {"corsRules": first(allowedMethods=["GET"])},
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {"rules": first(status="Disabled")},
    "aws:s3/bucketObjectv2:BucketObjectv2": {
        "cacheControl": "no-store",
        "contentType": "text/plain",
        "source": {SIGNATURE: ASSET_SIGNATURE, "text": "another"},
        "sourceHash": "another",
        "tags": TAGS,
    },
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {"rule": {"objectOwnership": "ObjectWriter"}},
    "aws:s3/bucketPolicy:BucketPolicy": {"policy": reworded},
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
        "blockPublicAcls": False,
        "blockPublicPolicy": False,
        "ignorePublicAcls": False,
        "restrictPublicBuckets": False,
        "skipDestroy": False,
    },
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
        "rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}}]
    },
    "aws:s3/bucketVersioning:BucketVersioning": {"versioningConfiguration": {"status": "Suspended"}},
    "aws:secretsmanager/secret:Secret": {"description": "another", "recoveryWindowInDays": 8, "tags": TAGS},
    "aws:secretsmanager/secretVersion:SecretVersion": {"versionStages": ["AWSCURRENT", "another"]},
    "aws:sns/topic:Topic": {
        "displayName": "another",
        "kmsMasterKeyId": "alias/another",
        "signatureVersion": 1,
        "tracingConfig": "Active",
        "tags": TAGS,
    },
    "aws:sns/topicPolicy:TopicPolicy": {"policy": reworded},
    "aws:sns/topicSubscription:TopicSubscription": {
        "filterPolicy": '{"type": ["Another"]}',
        "filterPolicyScope": "MessageBody",
        "rawMessageDelivery": False,
        "redrivePolicy": lambda policy: policy.replace("dead-letters", "other-dead-letters"),
    },
    "aws:sqs/queue:Queue": {
        "delaySeconds": 7,
        "kmsMasterKeyId": {"kmsMasterKeyId": "alias/another", "sqsManagedSseEnabled": False},
        "maxMessageSize": 2048,
        "messageRetentionSeconds": 777,
        "receiveWaitTimeSeconds": 7,
        "redrivePolicy": lambda policy: policy.replace('"maxReceiveCount": 5', '"maxReceiveCount": 7'),
        "sqsManagedSseEnabled": False,
        "tags": TAGS,
        "visibilityTimeoutSeconds": 77,
    },
    "aws:sqs/queuePolicy:QueuePolicy": {"policy": reworded},
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": {"redriveAllowPolicy": '{"redrivePermission": "denyAll"}'},
    **{
        f"aws:vpc/{name}": {
            "description": "another",
            "fromPort": 77,
            "ipProtocol": "udp",
            "referencedSecurityGroupId": Other(GROUP),
            "tags": TAGS,
            "toPort": 7777,
            **peer,
        }
        for name, peer in (
            ("securityGroupEgressRule:SecurityGroupEgressRule", {"cidrIpv4": "192.0.2.0/24"}),
            ("securityGroupIngressRule:SecurityGroupIngressRule", {"prefixListId": Made("prefix list")}),
        )
    },
    "aws:wafv2/webAcl:WebAcl": {
        "defaultAction": {"block": {}},
        "description": "another",
        "rules": fewer,
        "tags": TAGS,
        "visibilityConfig": merged(metricName="another"),
    },
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": {
        "loggingFilter": merged(defaultBehavior="KEEP"),
        "redactedFields": fewer,
    },
}
"""Type -> property -> the new value, a function of the old one, or (as a dictionary with its own name in it) all the
properties that must change together."""
