"""Fragments about the limits that AWS's own models publish."""

import json

import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps


def certificate(count):
    names = [f"x{number}.bigpicture.dev" for number in range(count)]
    aws.acm.Certificate("c", domain_name=names[0], validation_method="DNS", subject_alternative_names=names)


@breaks(
    "service-model",
    "aws:acm/certificate:Certificate 'c': validationMethod is \"PIGEON\"; allowed: one of DNS, EMAIL, HTTP.",
)
def unknown_validation():
    aws.acm.Certificate("c", domain_name="x.bigpicture.dev", validation_method="PIGEON")


@breaks(
    "service-model",
    "aws:acm/certificate:Certificate 'c': subjectAlternativeNames is \"101 entries\"; allowed: 1 to 100 entries.",
)
def names_101():
    certificate(101)


@keeps("service-model")
def names_100():
    certificate(100)


@breaks(
    "service-model",
    "aws:iam/role:Role 'r': description is \"1001 characters\"; allowed: 0 to 1000 characters.",
)
def description_of_1001():
    aws.iam.Role("r", assume_role_policy=json.dumps({}), description="a" * 1001)


@keeps("service-model")
def description_of_1000():
    aws.iam.Role("r", assume_role_policy=json.dumps({}), description="a" * 1000)


@breaks(
    "service-model",
    "aws:cloudwatch/metricAlarm:MetricAlarm 'a': comparisonOperator is \"MoreThan\"; allowed: one of "
    "GreaterThanOrEqualToThreshold, GreaterThanThreshold, GreaterThanUpperThreshold, "
    "LessThanLowerOrGreaterThanUpperThreshold, LessThanLowerThreshold, LessThanOrEqualToThreshold, "
    "LessThanThreshold.",
)
def unknown_comparison():
    aws.cloudwatch.MetricAlarm(
        "a", comparison_operator="MoreThan", evaluation_periods=1, metric_name="m", namespace="n", period=60,
        statistic="Sum", threshold=1,
    )  # fmt: skip


@breaks(
    "service-model",
    "aws:dynamodb/table:Table 't': billingMode is \"FREE\"; allowed: one of PAY_PER_REQUEST, PROVISIONED.",
)
def unknown_billing():
    key = aws.dynamodb.TableAttributeArgs(name="id", type="S")
    aws.dynamodb.Table("t", billing_mode="FREE", hash_key="id", attributes=[key])


@breaks(
    "service-model",
    "aws:cloudfront/distribution:Distribution 'cdn': httpVersion is \"http4\"; allowed: one of http1.1, "
    "http2, http2and3, http3.",
)
def unknown_http_version():
    parts.distribution(http_version="http4")


@keeps("service-model")
def newest_http_version():
    parts.distribution(http_version="http2and3")


@breaks(
    "service-model",
    "aws:ec2/launchTemplate:LaunchTemplate 't': metadataOptions.httpEndpoint is \"maybe\"; allowed: one of "
    "disabled, enabled.",
)
def unknown_tokens():
    options = aws.ec2.LaunchTemplateMetadataOptionsArgs(http_tokens="required", http_endpoint="maybe")
    aws.ec2.LaunchTemplate("t", metadata_options=options)


@breaks(
    "service-model",
    "aws:ec2/launchTemplate:LaunchTemplate 't': instanceType is \"t9z.large\"; allowed: one of 1437 values,"
    " nearest: t3.large, t2.large, z1d.large.",
)
def unknown_type_of_a_server():
    tokens = aws.ec2.LaunchTemplateMetadataOptionsArgs(http_tokens="required")
    aws.ec2.LaunchTemplate("t", metadata_options=tokens, instance_type="t9z.large")


@breaks(
    "service-model",
    "aws:route53/record:Record 'r': type is \"B\"; allowed: one of A, AAAA, CAA, CNAME, DS, HTTPS, MX, "
    "NAPTR, NS, PTR, SOA, SPF, SRV, SSHFP, SVCB, TLSA, TXT.",
)
def unknown_record():
    aws.route53.Record("r", zone_id="Z1", name="x.bigpicture.dev", type="B", records=["x"], ttl=60)


@breaks(
    "service-model",
    "aws:ec2/flowLog:FlowLog 'f': trafficType is \"SOME\"; allowed: one of ACCEPT, ALL, REJECT.",
)
def unknown_traffic():
    aws.ec2.FlowLog("f", traffic_type="SOME", vpc_id="vpc-1", log_destination="arn:aws:s3:::b")


@breaks(
    "service-model",
    "aws:cloudfront/originAccessControl:OriginAccessControl 'o': signingBehavior is \"sometimes\"; "
    "allowed: one of always, always-amz-auth, never, no-override.",
)
def unknown_signing():
    aws.cloudfront.OriginAccessControl(
        "o", origin_access_control_origin_type="s3", signing_behavior="sometimes", signing_protocol="sigv4"
    )


def told(event):
    """A bucket that tells a topic of another program."""
    topic = aws.s3.BucketNotificationTopicArgs(topic_arn="arn:aws:sns:us-east-1:123456789012:t", events=[event])
    aws.s3.BucketNotification("n", bucket="made-elsewhere", topics=[topic])


@breaks(
    "service-model",
    "aws:s3/bucketNotification:BucketNotification 'n': topics[0].events[0] is \"s3:ObjectCreate:*\"; "
    "allowed: one of 31 values, nearest: s3:ObjectCreated:*, s3:ObjectCreated:Put, s3:ObjectCreated:Post.",
)
def misspelt_event_of_a_bucket():
    told("s3:ObjectCreate:*")


@keeps("service-model")
def event_of_a_bucket():
    told("s3:ObjectCreated:*")


@breaks(
    "service-model",
    "aws:lambda/function:Function 'f': runtime is \"cobol85\"; allowed: one of 52 values, nearest: custom.",
)
def function_of_an_unknown_runtime():
    role = "arn:aws:iam::123456789012:role/function"
    aws.lambda_.Function("f", role=role, runtime="cobol85", handler="index.handler")


@breaks(
    "service-model",
    "aws:lambda/eventSourceMapping:EventSourceMapping 'm': startingPosition is \"FIRST\"; allowed: one of "
    "AT_TIMESTAMP, LATEST, TRIM_HORIZON.",
)
def mapping_that_reads_from_nowhere():
    aws.lambda_.EventSourceMapping(
        "m", function_name="f", event_source_arn="arn:aws:sqs:us-east-1:123456789012:q", starting_position="FIRST"
    )


@keeps("service-model")
def mapping_of_a_stream():
    stream = "arn:aws:kinesis:us-east-1:123456789012:stream/orders"
    aws.lambda_.EventSourceMapping("m", function_name="f", event_source_arn=stream, starting_position="LATEST")
