"""Fragments about which web ACL protects what, and about the rules inside of one."""

import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps

SEEN = {"cloudwatch_metrics_enabled": True, "metric_name": "acl", "sampled_requests_enabled": True}


def rule(name, priority):
    limit = aws.wafv2.WebAclRuleStatementRateBasedStatementArgs(limit=1000, aggregate_key_type="IP")
    return aws.wafv2.WebAclRuleArgs(
        name=name,
        priority=priority,
        action=aws.wafv2.WebAclRuleActionArgs(block=aws.wafv2.WebAclRuleActionBlockArgs()),
        statement=aws.wafv2.WebAclRuleStatementArgs(rate_based_statement=limit),
        visibility_config=aws.wafv2.WebAclRuleVisibilityConfigArgs(**SEEN),
    )


def acl(scope, *rules, **more):
    return aws.wafv2.WebAcl(
        "acl",
        scope=scope,
        default_action=aws.wafv2.WebAclDefaultActionArgs(allow=aws.wafv2.WebAclDefaultActionAllowArgs()),
        visibility_config=aws.wafv2.WebAclVisibilityConfigArgs(**SEEN),
        rules=list(rules),
        **more,
    )


def of_a_balancer(scope, **more):
    within = parts.vpc()
    lb = parts.balancer(within=within)
    parts.listener(lb, parts.target_group(within=within))
    aws.wafv2.WebAclAssociation("acl", resource_arn=lb.arn, web_acl_arn=acl(scope, **more).arn)


@breaks(
    "firewall-of-the-cdn",
    "aws:cloudfront/distribution:Distribution 'cdn': webAclId is \"acl: REGIONAL\"; allowed: a web ACL of "
    "scope CLOUDFRONT.",
)
def regional_firewall_of_the_cdn():
    parts.distribution(web_acl_id=acl("REGIONAL").arn)


@breaks(
    "firewall-of-the-cdn",
    "aws:cloudfront/distribution:Distribution 'cdn': webAclId is "
    '"arn:aws:wafv2:us-east-1:123456789012:regional/webacl/shop/0123"; allowed: a web ACL of scope '
    "CLOUDFRONT.",
)
def regional_firewall_of_another_program():
    parts.distribution(web_acl_id="arn:aws:wafv2:us-east-1:123456789012:regional/webacl/shop/0123")


@keeps("firewall-of-the-cdn")
def global_firewall_of_the_cdn():
    parts.distribution(web_acl_id=acl("CLOUDFRONT").arn)


@breaks(
    "firewall-of-a-region",
    "aws:wafv2/webAclAssociation:WebAclAssociation 'acl': webAclArn is \"acl: CLOUDFRONT\"; allowed: a web "
    "ACL of scope REGIONAL.",
)
def global_firewall_of_a_balancer():
    of_a_balancer("CLOUDFRONT")


@breaks(
    "firewall-of-a-region",
    "aws:wafv2/webAclAssociation:WebAclAssociation 'acl': webAclArn is \"acl in eu-west-1\"; allowed: a "
    "web ACL in us-east-1.",
)
def firewall_of_another_region():
    of_a_balancer("REGIONAL", region="eu-west-1")


@keeps("firewall-of-a-region")
def regional_firewall_of_a_balancer():
    of_a_balancer("REGIONAL")


@breaks(
    "firewall-rules-differ",
    "aws:wafv2/webAcl:WebAcl 'acl': rules is \"priority 1 twice\"; allowed: a priority of its own for each rule.",
)
def two_rules_of_one_priority():
    acl("REGIONAL", rule("a", 1), rule("b", 1))


@breaks(
    "firewall-rules-differ",
    "aws:wafv2/webAcl:WebAcl 'acl': rules is \"name a twice\"; allowed: a name of its own for each rule.",
)
def two_rules_of_one_name():
    acl("REGIONAL", rule("a", 1), rule("a", 2))


@keeps("firewall-rules-differ")
def two_rules_that_differ():
    acl("REGIONAL", rule("a", 0), rule("b", 1))
