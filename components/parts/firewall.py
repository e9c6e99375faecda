"""Put a web application firewall in front of a CloudFront distribution."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components import names
from components.parts.refusal import refuse

EDGE_REGION = "us-east-1"
"""Web ACLs of scope CLOUDFRONT, and their logs, are in this region alone (AWS WAF API, CreateWebACL Scope)."""
LOG_GROUP_PREFIX = "aws-waf-logs-"
"""What a log group's name must begin with (AWS WAF Developer Guide, "Sending web ACL traffic logs")."""
RATE_WINDOW_S = 300
BODY_RULE = "SizeRestrictions_BODY"
BODY_LABEL = "awswaf:managed:aws:core-rule-set:SizeRestrictions_Body"
"""Rule that blocks bodies over 8 KB, and its label (AWS WAF Developer Guide, "Baseline rule groups", core rule set)."""
TOO_MANY_REQUESTS, CONTENT_TOO_LARGE = 429, 413


@dataclass(frozen=True, kw_only=True, slots=True)
class Firewall:
    """What the firewall lets pass. It costs about 5 USD a month, 1 USD per rule and 0.60 USD per million requests."""

    requests_per_5_minutes: int
    """Requests of one address in any 5 minutes before it gets 429, 10 to 2,000,000,000."""
    log_retention_days: int
    """Days for which blocked and counted requests are kept; CloudWatch Logs takes 1, 3, 5, 7, 14, 30, 60, 90, ..."""
    upload_paths: Sequence[str] = ()
    """Beginnings of paths, at most 9, where a request may carry more than 8 KB, e.g. /catalog; elsewhere none may."""

    def __post_init__(self) -> None:
        paths = len(self.upload_paths) <= 9 and all(path.startswith("/") for path in self.upload_paths)
        allowed = {
            "requests_per_5_minutes": (
                10 <= self.requests_per_5_minutes <= 2_000_000_000,
                "10 to 2,000,000,000 (AWS WAF API, RateBasedStatement)",
            ),
            "upload_paths": (
                paths,
                "at most 9 beginnings of paths, '/' first (10 statements can be nested in one rule)",
            ),
        }
        refuse(self, allowed)


def make_firewall(parent: pulumi.Resource, name: str, firewall: Firewall) -> pulumi.Output[str]:
    """Make the web ACL as a child of *parent*; its ARN is handed out once its log is written."""
    acl = aws.wafv2.WebAcl(
        names.logical(aws.wafv2.WebAcl, name, "firewall"),
        scope="CLOUDFRONT",
        region=EDGE_REGION,
        default_action={"allow": {}},
        rules=_rules(firewall),
        visibility_config=_visible("firewall"),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    log = _log(parent, name, firewall, acl)
    return pulumi.Output.all(acl.arn, log.id).apply(lambda known: known[0])


def _log(
    parent: pulumi.Resource, name: str, firewall: Firewall, acl: aws.wafv2.WebAcl
) -> aws.wafv2.WebAclLoggingConfiguration:
    """Keep what was blocked or counted, without the headers that let their reader act as the customer."""
    group = aws.cloudwatch.LogGroup(
        names.logical(aws.cloudwatch.LogGroup, name, "firewall"),
        name=pulumi.Output.concat(LOG_GROUP_PREFIX, acl.name),  # as unique as the ACL's own, and replaced with it
        region=EDGE_REGION,
        retention_in_days=firewall.log_retention_days,
        opts=pulumi.ResourceOptions(parent=parent),
    )
    kept: list[aws.wafv2.WebAclLoggingConfigurationLoggingFilterFilterConditionArgsDict] = [
        {"action_condition": {"action": action}} for action in ("BLOCK", "COUNT", "EXCLUDED_AS_COUNT")
    ]
    return aws.wafv2.WebAclLoggingConfiguration(
        names.logical(aws.wafv2.WebAclLoggingConfiguration, name, "firewall-log"),
        region=EDGE_REGION,
        resource_arn=acl.arn,
        log_destination_configs=[group.arn],
        logging_filter={
            "default_behavior": "DROP",
            "filters": [{"behavior": "KEEP", "requirement": "MEETS_ANY", "conditions": kept}],
        },
        redacted_fields=[{"single_header": {"name": header}} for header in ("authorization", "cookie")],
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _rules(firewall: Firewall) -> list[aws.wafv2.WebAclRuleArgsDict]:
    """The cheapest first: a request that is blocked is not looked at by the rules behind."""
    rate = {
        "aggregate_key_type": "IP",
        "limit": firewall.requests_per_5_minutes,
        "evaluation_window_sec": RATE_WINDOW_S,
    }
    refuse = {"block": {"custom_response": {"response_code": TOO_MANY_REQUESTS}}}
    counted = [{"name": BODY_RULE, "action_to_use": {"count": {}}}] if firewall.upload_paths else []
    rules = [
        {"name": "rate-per-address", "statement": {"rate_based_statement": rate}, "action": refuse},
        _managed("known-bad-inputs", "AWSManagedRulesKnownBadInputsRuleSet", []),
        _managed("core-rules", "AWSManagedRulesCommonRuleSet", counted),
        *([_body_size(firewall.upload_paths)] if firewall.upload_paths else []),
    ]
    return [
        aws.wafv2.WebAclRuleArgsDict(priority=priority, visibility_config=_visible(rule["name"]), **rule)
        for priority, rule in enumerate(rules)
    ]


def _managed(name: str, group: str, overrides: list[dict[str, Any]]) -> dict[str, Any]:
    statement = {"name": group, "vendor_name": "AWS", **({"rule_action_overrides": overrides} if overrides else {})}
    return {
        "name": name,
        "statement": {"managed_rule_group_statement": statement},
        "override_action": {"none": {}},
    }


def _body_size(upload_paths: Sequence[str]) -> dict[str, Any]:
    """Block what the core rules only counted, but for the upload paths: a managed rule cannot be told of a path."""
    too_long = {"label_match_statement": {"scope": "LABEL", "key": BODY_LABEL}}
    elsewhere = [{"not_statement": {"statement": _path_begins(path)}} for path in upload_paths]
    return {
        "name": "body-size",
        "statement": {"and_statement": {"statements": [too_long, *elsewhere]}},
        "action": {"block": {"custom_response": {"response_code": CONTENT_TOO_LARGE}}},
    }


def _path_begins(path: str) -> dict[str, Any]:
    return {
        "byte_match_statement": {
            "field_to_match": {"uri_path": {}},
            "positional_constraint": "STARTS_WITH",
            "search_string": path,
            "text_transformations": [{"priority": 0, "type": "NONE"}],
        }
    }


def _visible(metric: str) -> aws.wafv2.WebAclRuleVisibilityConfigArgsDict:
    return {"cloudwatch_metrics_enabled": True, "metric_name": metric, "sampled_requests_enabled": True}
