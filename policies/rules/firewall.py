"""Rules of the web application firewall."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import resource_rule, stack_rule
from policies.rules.cdn import EDGE
from policies.rules.load_balancer import DISTRIBUTION
from policies.stack import Stack
from policies.values import Fault, Properties, of_each

WEB_ACL = "aws:wafv2/webAcl:WebAcl"
ACL_LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
ACL_ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"
WAF = "https://docs.aws.amazon.com/waf/latest/APIReference/API_"


@resource_rule(WEB_ACL, source=f"{WAF}CreateWebACL.html", fix='set region="us-east-1"')
def firewall_region(acl: Resource) -> Iterator[Fault]:
    """A web ACL for CloudFront exists in us-east-1 only."""
    if acl.text("scope") == "CLOUDFRONT" and acl.options.region not in ("", EDGE):
        yield acl.fault("region", EDGE, got=acl.options.region)


@stack_rule(
    ACL_ASSOCIATION, source=f"{WAF}AssociateWebACL.html", fix="set web_acl_id of the distribution to the ACL's ARN"
)
def firewall_association(association: Resource, stack: Stack) -> Iterator[Fault]:
    """A distribution takes its web ACL by web_acl_id; AWS refuses an association."""
    for distribution in stack.referred(association, "resourceArn", DISTRIBUTION):
        yield association.fault("resourceArn", "not a distribution", got=distribution.name)


@resource_rule(
    WEB_ACL, source=f"{WAF}Rule.html", fix="set override_action for a managed group, action for a rule of your own"
)
def firewall_rule_action(acl: Resource) -> Iterator[Fault]:
    """A managed rule group takes an override action, any other rule an action; WAF refuses the wrong one."""
    yield from of_each(acl.parts("rules"), _action)


def _action(rule: Properties) -> Iterator[Fault]:
    managed = "statement.managedRuleGroupStatement" in rule or "statement.ruleGroupReferenceStatement" in rule
    wrong, right = ("action", "overrideAction") if managed else ("overrideAction", "action")
    if wrong in rule or right not in rule:
        yield rule.fault(wrong, f"{right} instead")


@resource_rule(WEB_ACL, source=f"{WAF}RateBasedStatement.html", fix="use a limit within the range")
def firewall_rate(acl: Resource) -> Iterator[Fault]:
    """A rate limit is 10 to 2,000,000,000 requests in its window of 60, 120, 300 or 600 s."""
    yield from of_each(acl.parts("rules"), _rate)


def _rate(rule: Properties) -> Iterator[Fault]:
    rate = rule.part("statement.rateBasedStatement")
    yield from rate.between("limit", 10, 2_000_000_000)
    yield from rate.one_of("evaluationWindowSec", 60, 120, 300, 600)


@resource_rule(WEB_ACL, source=f"{WAF}CreateWebACL.html", fix="name it of letters, digits, - and _")
def firewall_name(acl: Resource) -> Iterator[Fault]:
    """A web ACL's name has at most 128 letters, digits, hyphens and underscores."""
    yield from acl.matching("name", r"[\w-]{1,128}", "1 to 128 of A-Z, a-z, 0-9, - and _")


@stack_rule(ACL_LOGGING, source="https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html",
            fix="begin the log group's name with aws-waf-logs-")  # fmt: skip
def firewall_log_name(logging: Resource, stack: Stack) -> Iterator[Fault]:
    """WAF writes only to log groups, streams and buckets whose names begin with aws-waf-logs-."""
    for group in stack.referred(logging, "logDestinationConfigs", "aws:cloudwatch/logGroup:LogGroup"):
        if group.text("name") and not group.text("name").startswith("aws-waf-logs-"):
            yield logging.fault(
                "logDestinationConfigs", "a name that begins with aws-waf-logs-", got=group.text("name")
            )


@stack_rule(
    DISTRIBUTION,
    source="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html",
    fix='make the ACL with scope="CLOUDFRONT" in us-east-1, and give its ARN',
)
def firewall_of_the_cdn(distribution: Resource, stack: Stack) -> Iterator[Fault]:
    """A distribution takes a web ACL of scope CLOUDFRONT alone, by its ARN."""
    acls = stack.referred(distribution, "webAclId", WEB_ACL)
    for acl in acls:
        if "scope" in acl and acl.text("scope") != "CLOUDFRONT":
            yield distribution.fault("webAclId", "a web ACL of scope CLOUDFRONT", got=f"{acl.name}: {acl.get('scope')}")
    if not acls and ":regional/webacl/" in distribution.text("webAclId"):
        yield distribution.fault("webAclId", "a web ACL of scope CLOUDFRONT")


@stack_rule(ACL_ASSOCIATION, source=f"{WAF}AssociateWebACL.html", fix='make the ACL with scope="REGIONAL"')
def firewall_of_a_region(association: Resource, stack: Stack) -> Iterator[Fault]:
    """What stands in a region takes a web ACL of scope REGIONAL, of that region."""
    for acl in stack.referred(association, "webAclArn", WEB_ACL):
        mine, its = association.options.region, acl.options.region
        if mine and its and mine != its:
            yield association.fault("webAclArn", f"a web ACL in {mine}", got=f"{acl.name} in {its}")
        elif acl.text("scope") == "CLOUDFRONT":
            yield association.fault("webAclArn", "a web ACL of scope REGIONAL", got=f"{acl.name}: CLOUDFRONT")


@resource_rule(WEB_ACL, source=f"{WAF}Rule.html", fix="give each rule a name and a priority of its own")
def firewall_rules_differ(acl: Resource) -> Iterator[Fault]:
    """The rules of a web ACL have each a name and a priority of their own."""
    for name in ("priority", "name"):
        counted = Counter(text for each in acl.parts("rules") for text in each.known_texts(name))
        twice = sorted(text for text, count in counted.items() if count > 1)
        if twice:
            yield acl.fault("rules", f"a {name} of its own for each rule", got=f"{name} {', '.join(twice)} twice")
