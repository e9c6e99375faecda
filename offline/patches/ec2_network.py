"""EC2: what security-group rules say of themselves, when two are one, and to which log group a flow log writes."""

import re
from collections.abc import Iterator
from typing import Any

from moto.ec2.models.flow_logs import FlowLogsBackend
from moto.ec2.models.security_groups import SecurityGroupBackend, SecurityGroupRule

from offline.patches.overlay import Call, Refusal, checks
from offline.patches.swap import replaces

WORDS = r"a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*"
"""Characters of a description: an apostrophe is none of them (https://github.com/aws-cloudformation/cfn-lint/issues/173)."""


@checks("ec2", "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "CreateSecurityGroup")
def descriptions_have_few_characters(call: Call) -> None:
    """Moto takes any description of a rule or a group."""
    for kind, text in (("security group", call.params.get("Description", "")), *_of_rules(call.params)):
        if not re.fullmatch(f"[{WORDS}]{{0,255}}", text):
            allowed = "Valid descriptions are strings less than 256 characters from the following set: "
            raise Refusal(
                "InvalidParameterValue", f"Invalid {kind} description. {allowed} a-zA-Z0-9. _-:/()#,@[]+=&;{{}}!$*"
            )


def _of_rules(request: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for permission in request.get("IpPermissions", []):
        for kind in ("IpRanges", "Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs"):
            yield from (("rule", peer["Description"]) for peer in permission.get(kind, []) if "Description" in peer)


@replaces(SecurityGroupRule, "__init__")
def rules_keep_their_description(original: Any, rule: SecurityGroupRule, *args: Any, **kwargs: Any) -> None:
    """Keep the description of a rule from a group or a prefix list; moto reads it from address ranges only."""
    original(rule, *args, **kwargs)
    given = [argument for argument in (*args, *kwargs.values()) if isinstance(argument, dict)]
    texts = [argument["Description"] for argument in given if "Description" in argument and "CidrIp" not in argument]
    if texts and not rule.ip_range:
        rule.ip_range = {"Description": texts[0]}  # lists of address ranges leave out what has no address


@replaces(SecurityGroupRule, "__eq__")
def rules_that_differ_in_words_are_one(original: Any, rule: SecurityGroupRule, other: SecurityGroupRule) -> bool:
    """Compare groups without their description: AWS refuses the second rule as a duplicate, moto takes both."""
    described = rule.source_group, other.source_group
    bare = [{key: value for key, value in group.items() if key != "Description"} for group in described]
    rule.source_group, other.source_group = bare
    try:
        return original(rule, other)
    finally:
        rule.source_group, other.source_group = described


@replaces(SecurityGroupBackend, "modify_security_group_rules")
def peers_of_a_rule_can_be_changed(
    original: Any, backend: SecurityGroupBackend, group_id: str, rules: dict[str, dict[str, Any]]
) -> None:
    """Moto changes an address range, and leaves another group or prefix list as it was."""
    original(backend, group_id, rules)
    group: Any = backend.get_security_group_by_name_or_id(group_id)
    for rule_id, asked in rules.items():
        rule = group.get_rule(rule_id)
        if "ReferencedGroupId" in asked:
            rule.source_group = {**rule.source_group, "GroupId": asked["ReferencedGroupId"]}
        if "PrefixListId" in asked:
            rule.prefix_list_id = asked["PrefixListId"]
        if "CidrIpv6" in asked:
            rule.ip_range = {**rule.ip_range, "CidrIpv6": asked["CidrIpv6"]}


@replaces(FlowLogsBackend, "create_flow_logs")
def flow_logs_find_their_group(original: Any, backend: FlowLogsBackend, **request: Any) -> Any:
    """Take the log group from the destination's ARN; moto looks for a name only and calls the delivery failed."""
    destination = request["log_destination"] or ""
    if request["log_group_name"] is None and destination.split(":")[2:3] == ["logs"]:
        request["log_group_name"] = destination.split(":")[6]
    return original(backend, **request)
