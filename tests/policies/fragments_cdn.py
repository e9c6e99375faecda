"""Fragments about distributions and their firewall."""

import json

import pulumi
import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps

EDGE = "arn:aws:acm:us-east-1:123456789012:certificate/made-elsewhere"
ALL = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]


def viewer(**more):
    given = {"acm_certificate_arn": EDGE, "ssl_support_method": "sni-only", "minimum_protocol_version": "TLSv1.2_2021"}
    return aws.cloudfront.DistributionViewerCertificateArgs(**{**given, **more})


def behaving(**more):
    parts.distribution(default_cache_behavior=parts.behavior(**more))


def acl(rule=None, **more):
    aws.wafv2.WebAcl(
        "acl",
        scope="CLOUDFRONT",
        default_action=aws.wafv2.WebAclDefaultActionArgs(allow=aws.wafv2.WebAclDefaultActionAllowArgs()),
        visibility_config=aws.wafv2.WebAclVisibilityConfigArgs(**SEEN),
        rules=[rule] if rule else [],
        **more,
    )


SEEN = {"cloudwatch_metrics_enabled": True, "metric_name": "acl", "sampled_requests_enabled": True}


def rate(limit, window=300):
    return aws.wafv2.WebAclRuleArgs(
        name="rate",
        priority=1,
        action=aws.wafv2.WebAclRuleActionArgs(block=aws.wafv2.WebAclRuleActionBlockArgs()),
        statement=aws.wafv2.WebAclRuleStatementArgs(
            rate_based_statement=aws.wafv2.WebAclRuleStatementRateBasedStatementArgs(
                limit=limit, evaluation_window_sec=window, aggregate_key_type="IP"
            )
        ),
        visibility_config=aws.wafv2.WebAclRuleVisibilityConfigArgs(**SEEN),
    )


def managed(**action):
    return aws.wafv2.WebAclRuleArgs(
        name="core",
        priority=1,
        statement=aws.wafv2.WebAclRuleStatementArgs(
            managed_rule_group_statement=aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementArgs(
                name="AWSManagedRulesCommonRuleSet", vendor_name="AWS"
            )
        ),
        visibility_config=aws.wafv2.WebAclRuleVisibilityConfigArgs(**SEEN),
        **action,
    )


def over_a_bucket(condition=True, control=True):
    bucket = aws.s3.Bucket("pages")
    aws.s3.BucketPublicAccessBlock("pages", bucket=bucket.id, block_public_acls=True, block_public_policy=True,
                                   ignore_public_acls=True, restrict_public_buckets=True)  # fmt: skip
    access = aws.cloudfront.OriginAccessControl(
        "oac", origin_access_control_origin_type="s3", signing_behavior="always", signing_protocol="sigv4"
    )
    origin = aws.cloudfront.DistributionOriginArgs(
        origin_id="balancer",
        domain_name=bucket.bucket_regional_domain_name,
        origin_access_control_id=access.id if control else None,
    )
    cdn = parts.distribution(origins=[origin])
    document = pulumi.Output.all(bucket.arn, cdn.arn).apply(lambda arns: json.dumps({"Statement": [{
        "Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"}, "Action": "s3:GetObject",
        "Resource": f"{arns[0]}/*",
        **({"Condition": {"StringEquals": {"AWS:SourceArn": arns[1]}}} if condition else {}),
    }]}))  # fmt: skip
    aws.s3.BucketPolicy("pages", bucket=bucket.id, policy=document)


@breaks(
    "cdn-certificate-region",
    "aws:cloudfront/distribution:Distribution 'cdn': viewerCertificate.acmCertificateArn is "
    '"arn:aws:acm:eu-west-1:123456789012:certificate/made-elsewhere"; allowed: a certificate in '
    "us-east-1.",
)
def edge_certificate_in_ireland():
    parts.distribution(viewer_certificate=viewer(acm_certificate_arn=EDGE.replace("us-east-1", "eu-west-1")))


@breaks(
    "cdn-certificate-region",
    "aws:cloudfront/distribution:Distribution 'cdn': viewerCertificate is \"c in eu-west-1\"; allowed: a "
    "certificate in us-east-1.",
)
def edge_certificate_made_in_ireland():
    made = aws.acm.Certificate("c", domain_name="x.bigpicture.dev", validation_method="DNS", region="eu-west-1")
    valid = aws.acm.CertificateValidation("c", certificate_arn=made.arn, region="eu-west-1")
    parts.distribution(viewer_certificate=viewer(acm_certificate_arn=valid.certificate_arn))


@keeps("cdn-certificate-region")
def edge_certificate_in_virginia():
    parts.distribution(aliases=["x.bigpicture.dev"], viewer_certificate=viewer())


@breaks(
    "firewall-region",
    "aws:wafv2/webAcl:WebAcl 'acl': region is \"eu-west-1\"; allowed: us-east-1.",
)
def edge_firewall_in_ireland():
    acl(region="eu-west-1")


@keeps("firewall-region")
def edge_firewall_in_virginia():
    acl(region="us-east-1")


@breaks(
    "cdn-aliases-and-certificate",
    "aws:cloudfront/distribution:Distribution 'cdn': aliases is [\"shop.bigpicture.dev\"]; allowed: none "
    "with CloudFront's own certificate.",
)
def alias_under_cloudfronts_certificate():
    parts.distribution(aliases=["shop.bigpicture.dev"])


@breaks(
    "cdn-certificate-by-sni",
    "aws:cloudfront/distribution:Distribution 'cdn': viewerCertificate.sslSupportMethod is \"vip\"; "
    'allowed: "sni-only".',
)
def dedicated_address():
    parts.distribution(viewer_certificate=viewer(ssl_support_method="vip"))


@breaks(
    "cdn-tls-version",
    "aws:cloudfront/distribution:Distribution 'cdn': viewerCertificate.minimumProtocolVersion is "
    '"TLSv1.1_2016"; allowed: TLSv1.2_2021, TLSv1.2_2025 or TLSv1.3_2025.',
)
def old_tls_at_the_edge():
    parts.distribution(viewer_certificate=viewer(minimum_protocol_version="TLSv1.1_2016"))


@breaks(
    "cdn-tls-version",
    "aws:cloudfront/distribution:Distribution 'cdn': viewerCertificate.minimumProtocolVersion is "
    '"TLSv1.2_2021"; allowed: not set with CloudFront\'s own certificate.',
)
def new_tls_under_cloudfronts_certificate():
    own = viewer(
        acm_certificate_arn=None,
        ssl_support_method=None,
        cloudfront_default_certificate=True,
        minimum_protocol_version="TLSv1.2_2021",
    )
    parts.distribution(viewer_certificate=own)


@keeps("cdn-tls-version")
def newest_tls():
    parts.distribution(viewer_certificate=viewer(minimum_protocol_version="TLSv1.3_2025"))


@breaks(
    "cdn-policy-or-forwarding",
    "aws:cloudfront/distribution:Distribution 'cdn': defaultCacheBehavior.maxTtl is 60; allowed: not set "
    "beside cachePolicyId.",
)
def policy_and_ttl():
    behaving(max_ttl=60)


@breaks(
    "cdn-has-a-cache-policy",
    "aws:cloudfront/distribution:Distribution 'cdn': defaultCacheBehavior.cachePolicyId is not set; "
    "allowed: the id of a cache policy.",
)
def neither_policy_nor_forwarding():
    behaving(cache_policy_id=None)


@breaks(
    "cdn-origin-exists",
    "aws:cloudfront/distribution:Distribution 'cdn': defaultCacheBehavior.targetOriginId is \"elsewhere\"; "
    "allowed: balancer.",
)
def origin_that_is_not_there():
    behaving(target_origin_id="elsewhere")


@breaks(
    "cdn-methods",
    "aws:cloudfront/distribution:Distribution 'cdn': defaultCacheBehavior.allowedMethods is [\"GET\", "
    '"HEAD", "POST"]; allowed: GET, HEAD; or OPTIONS too; or all seven.',
    "aws:cloudfront/distribution:Distribution 'cdn': defaultCacheBehavior.cachedMethods is [\"GET\", "
    '"HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]; allowed: GET, HEAD; or OPTIONS too.',
)
def post_alone():
    behaving(allowed_methods=["GET", "HEAD", "POST"], cached_methods=ALL)


@keeps("cdn-methods")
def three_methods():
    behaving(allowed_methods=ALL[:3], cached_methods=ALL[:3])


@breaks(
    "cdn-price-class",
    "aws:cloudfront/distribution:Distribution 'cdn': priceClass is \"PriceClass_300\"; allowed: "
    "PriceClass_100 or PriceClass_200 or PriceClass_All.",
)
def price_class_of_300():
    parts.distribution(price_class="PriceClass_300")


@keeps("cdn-price-class")
def cheapest_price_class():
    parts.distribution(price_class="PriceClass_100")


@breaks(
    "cdn-errors-are-not-cached",
    "aws:cloudfront/distribution:Distribution 'cdn': customErrorResponses is \"cached: [503, 504]\"; "
    "allowed: no caching of any error.",
)
def cached_errors():
    parts.distribution(custom_error_responses=parts.NEVER_CACHED[:9])


@breaks(
    "cdn-dynamic-requests-are-whole",
    "aws:cloudfront/distribution:Distribution 'cdn': defaultCacheBehavior.originRequestPolicyId is not "
    "set; allowed: a policy that forwards cookies and query.",
)
def cookies_lost():
    behaving(origin_request_policy_id=None)


@breaks(
    "cdn-origin-port",
    "aws:cloudfront/distribution:Distribution 'cdn': origins[0].customOriginConfig is \"port 443\"; "
    "allowed: a port that lb listens on.",
)
def nobody_listens():
    within = parts.vpc()
    lb = parts.balancer(within=within)
    parts.listener(lb, parts.target_group(within=within), port=8443)
    parts.distribution(origins=[parts.custom_origin(lb.dns_name)])


@keeps("cdn-origin-port")
def somebody_listens():
    within = parts.vpc()
    lb = parts.balancer(within=within)
    parts.listener(lb, parts.target_group(within=within))
    parts.distribution(origins=[parts.custom_origin(lb.dns_name)])


@breaks(
    "cdn-bucket-by-access-control",
    "aws:cloudfront/distribution:Distribution 'cdn': origins[0].originAccessControlId is not set; "
    "allowed: the id of an OriginAccessControl.",
)
def bucket_without_access_control():
    over_a_bucket(control=False)


@breaks(
    "cdn-bucket-lets-it-in",
    "aws:cloudfront/distribution:Distribution 'cdn': origins[0].domainName is \"pages\"; allowed: a bucket "
    "whose policy lets this distribution read.",
)
def bucket_open_to_every_distribution():
    over_a_bucket(condition=False)


@keeps("cdn-bucket-lets-it-in")
def bucket_of_its_distribution():
    over_a_bucket()


@breaks(
    "firewall-association",
    "aws:wafv2/webAclAssociation:WebAclAssociation 'a': resourceArn is \"cdn\"; allowed: not a distribution.",
)
def association_with_a_distribution():
    aws.wafv2.WebAclAssociation("a", resource_arn=parts.distribution().arn, web_acl_arn="arn:aws:wafv2:::acl")


@breaks(
    "firewall-rule-action",
    "aws:wafv2/webAcl:WebAcl 'acl': rules[0].action is {\"block\": {}}; allowed: overrideAction instead.",
)
def action_on_a_managed_group():
    acl(managed(action=aws.wafv2.WebAclRuleActionArgs(block=aws.wafv2.WebAclRuleActionBlockArgs())))


@keeps("firewall-rule-action")
def override_on_a_managed_group():
    none = aws.wafv2.WebAclRuleOverrideActionNoneArgs()
    acl(managed(override_action=aws.wafv2.WebAclRuleOverrideActionArgs(none=none)))


@breaks(
    "firewall-rate",
    "aws:wafv2/webAcl:WebAcl 'acl': rules[0].statement.rateBasedStatement.limit is 5; allowed: 10 to 2000000000.",
    "aws:wafv2/webAcl:WebAcl 'acl': rules[0].statement.rateBasedStatement.evaluationWindowSec is 30; "
    "allowed: 60 or 120 or 300 or 600.",
)
def rate_of_5():
    acl(rate(5, 30))


@keeps("firewall-rate")
def rate_of_10():
    acl(rate(10, 60))


@breaks(
    "firewall-name",
    "aws:wafv2/webAcl:WebAcl 'acl': name is \"my acl\"; allowed: 1 to 128 of A-Z, a-z, 0-9, - and _.",
)
def blank_in_a_firewalls_name():
    acl(name="my acl")


@keeps("firewall-name")
def firewall_name_of_128():
    acl(name="a" * 128)


@breaks(
    "firewall-log-name",
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration 'l': logDestinationConfigs is "
    '"waf-logs"; allowed: a name that begins with aws-waf-logs-.',
)
def log_of_another_name():
    group = aws.cloudwatch.LogGroup("log", name="waf-logs", retention_in_days=30)
    aws.wafv2.WebAclLoggingConfiguration(
        "l",
        log_destination_configs=[group.arn],
        resource_arn="arn:aws:wafv2:us-east-1:123456789012:global/webacl/shop/1",
    )


@keeps("firewall-log-name")
def log_of_the_right_name():
    group = aws.cloudwatch.LogGroup("log", name="aws-waf-logs-shop", retention_in_days=30)
    aws.wafv2.WebAclLoggingConfiguration(
        "l",
        log_destination_configs=[group.arn],
        resource_arn="arn:aws:wafv2:us-east-1:123456789012:global/webacl/shop/1",
    )


@breaks(
    "cdn-alias-records",
    "aws:cloudfront/distribution:Distribution 'cdn': aliases is \"x.bigpicture.dev\"; allowed: with "
    "records of type A and AAAA.",
)
def alias_without_ipv6():
    cdn = parts.distribution(aliases=["x.bigpicture.dev"], viewer_certificate=viewer(), is_ipv6_enabled=True)
    alias = aws.route53.RecordAliasArgs(name=cdn.domain_name, zone_id=cdn.hosted_zone_id, evaluate_target_health=False)
    aws.route53.Record("a", zone_id="Z1", name="x.bigpicture.dev", type="A", aliases=[alias])
