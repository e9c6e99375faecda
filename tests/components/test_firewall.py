"""The firewall, read back from the account that it was deployed to."""

import pulumi
import pytest

from components.parts.firewall import Firewall, make_firewall
from tests.deploying import deploy


class Site(pulumi.ComponentResource):
    """Something to put a firewall in front of."""

    def __init__(self, name: str, firewall: Firewall) -> None:
        super().__init__("test:index:Site", name)
        self.arn = make_firewall(self, name, firewall)


def program():
    for name, paths in (("plain", ()), ("uploads", ("/catalog", "/feedback"))):
        site = Site(name, Firewall(requests_per_5_minutes=300, log_retention_days=30, upload_paths=paths))
        pulumi.export(name, site.arn)


@pytest.fixture(scope="module")
def deployed():
    return deploy(program, region="eu-west-1")


def acl(deployed, name: str) -> dict:
    *_, physical, id_ = deployed.outputs[name].split("/")
    waf = deployed.client("wafv2", "us-east-1")
    return waf.get_web_acl(Name=physical, Id=id_, Scope="CLOUDFRONT")["WebACL"]


def rules(deployed, name: str) -> dict:
    return {rule["Name"]: rule for rule in acl(deployed, name)["Rules"]}


def log(deployed) -> dict:
    waf = deployed.client("wafv2", "us-east-1")
    return waf.get_logging_configuration(ResourceArn=deployed.outputs["plain"])["LoggingConfiguration"]


def test_whatever_no_rule_stops_may_pass(deployed):
    assert acl(deployed, "plain")["DefaultAction"] == {"Allow": {}}


def test_one_address_that_asks_too_much_is_told_to_wait(deployed):
    rule = rules(deployed, "plain")["rate-per-address"]
    rate = rule["Statement"]["RateBasedStatement"]
    assert (rate["Limit"], rate["EvaluationWindowSec"], rate["AggregateKeyType"]) == (300, 300, "IP")
    assert rule["Action"] == {"Block": {"CustomResponse": {"ResponseCode": 429}}}


def test_amazon_s_core_rules_and_known_bad_inputs_are_obeyed(deployed):
    managed = [rule for rule in acl(deployed, "plain")["Rules"] if "ManagedRuleGroupStatement" in rule["Statement"]]
    assert [rule["Statement"]["ManagedRuleGroupStatement"]["Name"] for rule in managed] == [
        "AWSManagedRulesKnownBadInputsRuleSet",
        "AWSManagedRulesCommonRuleSet",
    ]
    assert [rule["OverrideAction"] for rule in managed] == [{"None": {}}, {"None": {}}]


def test_rules_are_looked_at_in_their_order(deployed):
    priorities = {rule["Priority"]: rule["Name"] for rule in acl(deployed, "uploads")["Rules"]}
    assert priorities == {0: "rate-per-address", 1: "known-bad-inputs", 2: "core-rules", 3: "body-size"}


def test_without_upload_paths_the_core_rules_block_long_bodies_themselves(deployed):
    core = rules(deployed, "plain")["core-rules"]["Statement"]["ManagedRuleGroupStatement"]
    assert ("RuleActionOverrides" in core, "body-size" in rules(deployed, "plain")) == (False, False)


def test_long_bodies_are_only_counted_by_the_core_rules_where_there_are_upload_paths(deployed):
    core = rules(deployed, "uploads")["core-rules"]["Statement"]["ManagedRuleGroupStatement"]
    assert core["RuleActionOverrides"] == [{"Name": "SizeRestrictions_BODY", "ActionToUse": {"Count": {}}}]


def test_long_bodies_pass_on_upload_paths_alone(deployed):
    rule = rules(deployed, "uploads")["body-size"]
    too_long, *elsewhere = rule["Statement"]["AndStatement"]["Statements"]
    key = "awswaf:managed:aws:core-rule-set:SizeRestrictions_Body"
    assert too_long == {"LabelMatchStatement": {"Scope": "LABEL", "Key": key}}
    paths = [each["NotStatement"]["Statement"]["ByteMatchStatement"]["SearchString"] for each in elsewhere]
    assert (paths, rule["Action"]) == (
        [b"/catalog", b"/feedback"],
        {"Block": {"CustomResponse": {"ResponseCode": 413}}},
    )


def test_the_log_has_the_name_the_region_and_the_days_that_it_must(deployed):
    [destination] = log(deployed)["LogDestinationConfigs"]
    groups = deployed.client("logs", "us-east-1").describe_log_groups(logGroupNamePrefix="aws-waf-logs-")["logGroups"]
    held = {group["logGroupArn"]: group["retentionInDays"] for group in groups}
    assert held[destination] == 30


def test_the_log_keeps_what_was_blocked_or_counted(deployed):
    held = log(deployed)["LoggingFilter"]
    actions = [row["ActionCondition"]["Action"] for row in held["Filters"][0]["Conditions"]]
    assert (held["DefaultBehavior"], held["Filters"][0]["Behavior"]) == ("DROP", "KEEP")
    assert actions == ["BLOCK", "COUNT", "EXCLUDED_AS_COUNT"]


def test_the_log_shows_no_session(deployed):
    redacted = [row["SingleHeader"]["Name"] for row in log(deployed)["RedactedFields"]]
    assert redacted == ["authorization", "cookie"]


def test_a_rate_that_waf_does_not_take_is_refused():
    with pytest.raises(ValueError, match="requests_per_5_minutes is 9; allowed: 10 to 2,000,000,000"):
        Firewall(requests_per_5_minutes=9, log_retention_days=30)


@pytest.mark.parametrize("paths", [["catalog"], [f"/{number}" for number in range(10)]])
def test_upload_paths_that_do_not_fit_a_rule_are_refused(paths):
    with pytest.raises(ValueError, match=r"upload_paths is .*; allowed: at most 9 beginnings of paths"):
        Firewall(requests_per_5_minutes=300, log_retention_days=30, upload_paths=paths)
