"""Fragments about texts that are not what they look like."""

import json

import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps
from tests.policies.fragments_watch import record


def origin(domain, path=None):
    config = aws.cloudfront.DistributionOriginCustomOriginConfigArgs(
        http_port=80, https_port=443, origin_protocol_policy="https-only", origin_ssl_protocols=["TLSv1.2"]
    )
    parts.distribution(
        origins=[
            aws.cloudfront.DistributionOriginArgs(
                origin_id="balancer", domain_name=domain, origin_path=path, custom_origin_config=config
            )
        ]
    )


def shared(*methods):
    rule = aws.s3.BucketCorsConfigurationCorsRuleArgs(allowed_methods=list(methods), allowed_origins=["*"])
    aws.s3.BucketCorsConfiguration("cors", bucket="made-elsewhere", cors_rules=[rule])


def trusting(service):
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    aws.iam.Role("role", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


@breaks(
    "cdn-origin-form",
    "aws:cloudfront/distribution:Distribution 'cdn': origins[0].domainName is "
    '"https://origin.bigpicture.dev"; allowed: a host\'s name, without https:// and without a path.',
    "aws:cloudfront/distribution:Distribution 'cdn': origins[0].originPath is \"app/\"; allowed: a path "
    "that begins with /, and does not end in one.",
)
def origin_with_its_protocol():
    origin("https://origin.bigpicture.dev", "app/")


@keeps("cdn-origin-form")
def origin_with_a_path():
    origin("origin.bigpicture.dev", "/app")


@breaks(
    "cdn-root-object",
    "aws:cloudfront/distribution:Distribution 'cdn': defaultRootObject is \"/index.html\"; allowed: a name "
    "without / before it.",
)
def root_object_with_a_slash():
    parts.distribution(default_root_object="/index.html")


@keeps("cdn-root-object")
def root_object_by_its_name():
    parts.distribution(default_root_object="index.html")


@breaks(
    "bucket-cors-methods",
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration 'cors': corsRules[0].allowedMethods is "
    '["OPTIONS"]; allowed: GET or PUT or POST or DELETE or HEAD.',
)
def options_across_origins():
    shared("GET", "OPTIONS")


@keeps("bucket-cors-methods")
def all_methods_across_origins():
    shared("GET", "PUT", "POST", "DELETE", "HEAD")


@breaks(
    "role-trusts-a-service-by-its-name",
    "aws:iam/role:Role 'role': assumeRolePolicy is [\"ec2\"]; allowed: services such as ec2.amazonaws.com.",
)
def service_by_a_short_name():
    trusting("ec2")


@breaks(
    "role-trusts-a-service-by-its-name",
    "aws:iam/role:Role 'role': assumeRolePolicy is [\"lambda.amazon.com\"]; allowed: services such as "
    "ec2.amazonaws.com.",
)
def service_of_a_misspelt_domain():
    trusting("lambda.amazon.com")


@keeps("role-trusts-a-service-by-its-name")
def service_by_its_name():
    trusting("ec2.amazonaws.com")


@breaks(
    "record-mail",
    "aws:route53/record:Record 'record': records is [\"mail.bigpicture.dev\"]; allowed: a priority of 0 to "
    "65535 and a name.",
)
def mail_server_without_a_priority():
    record(type="MX", records=["mail.bigpicture.dev"])


@keeps("record-mail")
def mail_server_with_a_priority():
    record(type="MX", records=["10 mail.bigpicture.dev"])
