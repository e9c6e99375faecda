"""Show a recorded graph to the rules, and say what they found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from engines.embedded import Deployment, project_program
from engines.graph import STACK_TYPE, Graph, Resource
from engines.lookups import KNOWN_TO_THE_ACCOUNT
from engines.programs import recorded
from engines.recorder import Recorder, record
from engines.refusals import Refusal
from offline import wire
from policies import exceptions
from policies import resource as seen
from policies.catalogue import documented
from policies.checker import check, mandatory
from policies.coverage import coverage
from policies.rule import Finding
from policies.rules import all_rules
from policies.stack import Stack
from policies.values import UNKNOWN


class RulesError(Refusal):
    """The program breaks rules that AWS, data or money depend on."""


def view(graph: Graph, clear: Mapping[str, Mapping[str, Any]], region: str = "") -> Stack:
    """The graph as rules see it; *clear* holds the inputs by URN with their secrets in clear, for limits on them."""
    return Stack(
        (_seen(each, clear.get(each.urn, each.inputs)) for each in graph.resources if each.type != STACK_TYPE),
        region=region,
    )


def _seen(made: Resource, clear: Mapping[str, Any]) -> seen.Resource:
    options = made.options
    return seen.Resource(
        seen.Origin(type=made.type, name=made.name, urn=made.urn, parent=made.parent, source=made.source),
        {name: _known(value) for name, value in clear.items()},
        outputs={"id": made.id, **{name: _known(value) for name, value in made.outputs.items()}},
        dependencies=made.property_dependencies,
        secrets=frozenset(name for name, value in made.inputs.items() if wire.holds(value, _is_mask)),
        options=seen.Options(
            protect=options.protect,
            retain_on_delete=options.retain_on_delete,
            delete_before_replace=options.delete_before_replace,
            ignore_changes=tuple(options.ignore_changes),
            depends_on=tuple(options.depends_on),
            custom_timeouts=options.custom_timeouts,
            region=options.region,
        ),
    )


def _known(value: Any) -> Any:
    """Put UNKNOWN in the place of what the protocol or an absent account leaves open, and of a masked secret."""
    return wire.replaced(value, _is_open, lambda _: UNKNOWN)


def _is_open(value: Any) -> bool:
    return isinstance(value, str) and (wire.is_unknown(value) or _is_mask(value) or KNOWN_TO_THE_ACCOUNT in value)


def _is_mask(value: Any) -> bool:
    return value == wire.SECRET


def findings_of(deployment: Deployment) -> list[Finding]:
    """What the rules say of a deployment."""
    return check(_view_of(deployment))


def coverage_of(deployment: Deployment) -> list[tuple[str, str, str]]:
    """(type, property, what looks at it) of every property of AWS that a deployment used."""
    return coverage(_view_of(deployment))


def _view_of(deployment: Deployment) -> Stack:
    return view(deployment.graph, {urn: live.inputs for urn, live in deployment.monitor.live.items()})


def check_of_program(folder: Path, overrides: Mapping[str, str], stack: str = "") -> tuple[list[Finding], list[str]]:
    """What the rules say of anybody's Pulumi program, and the types of it that they know nothing of."""
    recorder = recorded(folder, overrides, stack)
    viewed = _view(recorder)
    findings = check(viewed)
    known = viewed.consulted.union(*(rule.types for rule in all_rules()))
    unknown = {each.type for each in recorder.graph.resources if each.custom and seen.current(each.type) not in known}
    return findings, sorted(unknown | {*recorder.remote})


def _view(recorder: Recorder) -> Stack:
    return view(recorder.graph, recorder.inputs, recorder.region)


def demand(deployment: Deployment) -> list[Finding]:
    """Raise RulesError when a mandatory rule is broken and no exception covers it; return what is only advised."""
    return _demand(findings_of(deployment))


def demand_of_program(folder: Path, config: Mapping[str, str]) -> list[Finding]:
    """As `demand`, of a program of ours that is yet to be deployed: it is recorded, and nothing made."""
    return _demand(check(_view(record(project_program(folder), config, folder))))


def without_exceptions(findings: Sequence[Finding]) -> list[Finding]:
    """Those of *findings* that nobody accepted for a while."""
    return exceptions.sort(findings, exceptions.read(rules=documented()), today()).left


def _demand(findings: list[Finding]) -> list[Finding]:
    left = without_exceptions(findings)
    broken = mandatory(left)
    if broken:
        lines = "\n".join(f"  {told(each)}" for each in broken)
        raise RulesError(
            f"{len(broken)} {'finding forbids' if len(broken) == 1 else 'findings forbid'} this deployment; nothing was"
            f" made:\n{lines}\nFix each, or accept one for a while in policies/exceptions.toml"
        )
    return left


def told(finding: Finding) -> str:
    """The finding with its rule and its place in the program."""
    where = f" ({finding.resource.source})" if finding.resource.source else ""
    return f"[{finding.rule.id}] {finding}{where}"


def today() -> date:
    """The day that exceptions are held against: everywhere the same, in UTC."""
    return datetime.now(tz=UTC).date()
