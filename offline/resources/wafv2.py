"""Carry web ACLs and their logs into the offline account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from offline.absence import unless_gone
from offline.handler import Aws, Handler, Properties, Put, change_tags, fields, given, import_id, tag_list, tag_map
from offline.words import from_aws, to_aws

WORDS = {"cloudwatchMetricsEnabled": "CloudWatchMetricsEnabled"}

T = TypeVar("T")


def _text(value: Any, change: Callable[[Any], Any]) -> Any:
    """Apply *change* to what is to be found in a request, at every depth: text to the provider, bytes to AWS."""
    if isinstance(value, dict):
        return {key: change(item) if key == "SearchString" else _text(item, change) for key, item in value.items()}
    return [_text(item, change) for item in value] if isinstance(value, list) else value


def _rules_to_aws(rules: list[Properties]) -> list[dict[str, Any]]:
    return _text(to_aws(rules, WORDS), str.encode)


def _rules_from_aws(rules: list[dict[str, Any]]) -> list[Properties]:
    return from_aws(_text(rules, bytes.decode), WORDS)


def _found(ask: Callable[[], T]) -> T | None:
    """Answer of *ask*, or None when AWS WAF says that there is no such thing."""
    return unless_gone(ask, "WAFNonexistentItemException")


class WebAcl(Handler):
    """`aws.wafv2.WebAcl`; its id is AWS's, a UUID. AWS names an ACL by id, name and scope together."""

    token = "aws:wafv2/webAcl:WebAcl"
    emulates = fields("defaultAction description name rules scope tags visibilityConfig")

    def create(self, aws: Aws, inputs: Properties) -> str:
        made = aws("wafv2").create_web_acl(
            Name=inputs["name"],
            Scope=inputs["scope"],
            DefaultAction=to_aws(inputs["defaultAction"], WORDS),
            Rules=_rules_to_aws(inputs.get("rules", [])),
            VisibilityConfig=to_aws(inputs["visibilityConfig"], WORDS),
            **given(Description=inputs.get("description"), Tags=tag_list(inputs.get("tags")) or None),
        )
        return made["Summary"]["Id"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        which = {"Id": id_, "Name": state["name"], "Scope": state["scope"]}
        answer = _found(lambda: aws("wafv2").get_web_acl(**which))
        if answer is None:
            return None
        acl = answer["WebACL"]
        tags = aws("wafv2").list_tags_for_resource(ResourceARN=acl["ARN"])["TagInfoForResource"]["TagList"]
        return {
            "name": acl["Name"],
            "scope": "CLOUDFRONT" if ":global/" in acl["ARN"] else "REGIONAL",
            "defaultAction": from_aws(acl["DefaultAction"], WORDS),
            "description": acl.get("Description"),
            "rules": _rules_from_aws(acl["Rules"]),
            "visibilityConfig": from_aws(acl["VisibilityConfig"], WORDS),
            "arn": acl["ARN"],
            "capacity": acl["Capacity"],
            "lockToken": answer["LockToken"],
            "tags": tag_map(tags),
            "tagsAll": tag_map(tags),
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        which = {"Id": id_, "Name": state["name"], "Scope": state["scope"]}
        lock = aws("wafv2").get_web_acl(**which)["LockToken"]
        aws("wafv2").delete_web_acl(**which, LockToken=lock)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        which = {"Id": id_, "Name": new["name"], "Scope": new["scope"]}
        held = aws("wafv2").get_web_acl(**which)
        aws("wafv2").update_web_acl(
            **which,
            LockToken=held["LockToken"],
            DefaultAction=to_aws(new["defaultAction"], WORDS),
            Rules=_rules_to_aws(new.get("rules", [])),
            VisibilityConfig=to_aws(new["visibilityConfig"], WORDS),
            **given(Description=new.get("description")),
        )
        waf = aws("wafv2")
        change_tags(old, new, waf.tag_resource, waf.untag_resource, ResourceARN=held["WebACL"]["ARN"])

    def found(self, aws: Aws, id_: str) -> tuple[str, Properties]:
        uuid, name, scope = import_id(self.token, id_, "id/name/scope")
        return uuid, {"name": name, "scope": scope}


class WebAclLoggingConfiguration(Put):
    """`aws.wafv2.WebAclLoggingConfiguration`; its id is the web ACL's ARN."""

    token = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
    emulates = fields("logDestinationConfigs loggingFilter redactedFields resourceArn")

    def create(self, aws: Aws, inputs: Properties) -> str:
        wanted = {name: inputs[name] for name in self.emulates if name in inputs}
        aws("wafv2").put_logging_configuration(LoggingConfiguration=to_aws(wanted, WORDS))
        return inputs["resourceArn"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        answer = _found(lambda: aws("wafv2").get_logging_configuration(ResourceArn=id_))
        if answer is None:
            return None
        held = from_aws(answer["LoggingConfiguration"], WORDS)
        return {name: held[name] for name in self.emulates if name in held}

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("wafv2").delete_logging_configuration(ResourceArn=id_)


HANDLERS: tuple[Handler, ...] = (WebAcl(), WebAclLoggingConfiguration())
INVOKES: dict[str, Any] = {}
