"""Show the rules what Pulumi's engine shows a policy pack: each resource's inputs first, then the whole stack."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pulumi
import pulumi_policy as pack
from pulumi_policy.proxy import UnknownValueError

from policies import exceptions
from policies.catalogue import documented
from policies.checker import check, check_resource
from policies.resource import Options, Origin, Resource
from policies.rule import Finding, Severity
from policies.rules import all_rules
from policies.stack import Stack
from policies.values import UNKNOWN

NAME = "bigpicture"
PROVIDERS_OWN = "__defaults"
"""A key that Pulumi's providers add to every object of inputs: no property of AWS."""

Validation = Callable[[Any, pack.ReportViolation], None]


class Watch:
    """What one run of the engine has shown so far: the stack comes with outputs alone, so inputs are kept for it."""

    def __init__(self) -> None:
        self._rules = all_rules()
        self._exemptions = exceptions.read(rules=documented())
        self._inputs: dict[str, dict[str, Any]] = {}

    def policies(self) -> list[pack.Policy]:
        """Four policies, not one per rule: the SDK reads every resource anew for each."""
        return [policy for severity in Severity for policy in (self._of_resources(severity), self._of_stack(severity))]

    def _of_resources(self, severity: Severity) -> pack.Policy:
        def validate(args: pack.ResourceValidationArgs, report: pack.ReportViolation) -> None:
            self._inputs[args.urn] = known(args.props)
            resource = _resource(args, self._inputs[args.urn], region=_region())
            self._report(check_resource(resource), severity, report)

        about = f"Each resource by itself, {severity} rules"
        return pack.ResourceValidationPolicy(f"{severity}-of-resources", about, validate, _level(severity))

    def _of_stack(self, severity: Severity) -> pack.Policy:
        across = [rule for rule in self._rules if rule.across and rule.severity is severity]

        def validate(args: pack.StackValidationArgs, report: pack.ReportViolation) -> None:
            region = _region()
            seen = [_placed(each, self._inputs, region) for each in args.resources]
            self._report(check(Stack(seen, region=region), across), severity, report)

        about = f"Each resource among the others, {severity} rules"
        return pack.StackValidationPolicy(f"{severity}-of-stack", about, validate, _level(severity))

    def _report(self, findings: Iterable[Finding], severity: Severity, report: pack.ReportViolation) -> None:
        """Values are left out: the SDK does not tell which of them are secret."""
        found = [each for each in findings if each.rule.severity is severity]
        today = datetime.now(tz=UTC).date()
        for each in exceptions.sort(found, self._exemptions, today).left:
            where = f"{each.resource.type} {each.resource.name!r}"
            report(
                f"[{each.rule.id}] {where}: {each.property}; allowed: {each.allowed}. Fix: {each.fix}",
                each.resource.urn,
            )


def known(value: Any) -> Any:
    """*value* in plain lists and dicts, UNKNOWN where the SDK refuses to tell it, whole numbers as such."""
    if isinstance(value, Mapping):
        return {name: _at(value, name) for name in value if name != PROVIDERS_OWN}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_at(value, position) for position in range(len(value))]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def serve() -> None:
    """Answer the engine until it hangs up."""
    pack.PolicyPack(NAME, Watch().policies(), pack.EnforcementLevel.MANDATORY)


def _at(container: Any, key: Any) -> Any:
    try:
        return known(container[key])
    except UnknownValueError:
        return UNKNOWN


def _placed(shown: pack.PolicyResource, inputs: Mapping[str, dict[str, Any]], region: str) -> Resource:
    outputs = known(shown.props)
    dependencies = {name: [each.urn for each in of] for name, of in shown.property_dependencies.items()}
    return _resource(shown, inputs.get(shown.urn, outputs), outputs=outputs, dependencies=dependencies, region=region)


def _resource(shown: Any, inputs: dict[str, Any], *, region: str, **seen: Any) -> Resource:
    parent, depends_on = getattr(shown, "parent", None), getattr(shown, "dependencies", [])
    provider = known(shown.provider.props) if shown.provider else {}
    regions = (inputs.get("region"), provider.get("region"), region)
    timeouts = shown.opts.custom_timeouts
    seconds = {name: getattr(timeouts, f"{name}_seconds") for name in ("create", "update", "delete")}
    options = Options(
        protect=shown.opts.protect,
        delete_before_replace=bool(shown.opts.delete_before_replace),
        ignore_changes=tuple(shown.opts.ignore_changes),
        depends_on=tuple(each.urn for each in depends_on),
        custom_timeouts={name: f"{given:g}s" for name, given in seconds.items() if given},
        region=next(each for each in regions if isinstance(each, str)),
    )
    origin = Origin(type=shown.resource_type, name=shown.name, urn=shown.urn, parent=parent.urn if parent else "")
    return Resource(origin, inputs, options=options, **seen)


def _level(severity: Severity) -> pack.EnforcementLevel:
    return pack.EnforcementLevel(str(severity))


def _region() -> str:
    return pulumi.Config("aws").get("region") or ""
