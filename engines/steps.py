"""Turn the stream of the engine's events into live progress, counts, and the reasons of a failure."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import structs
from pulumi.automation.events import EngineEvent, OpType, StepEventMetadata, StepEventStateMetadata
from pulumi.runtime.proto import engine_pb2

from engines.data_loss import Loss, loss_of
from engines.graph import PROVIDER_TYPE, STACK_TYPE, Graph, Options, Resource, is_of_stack, name_of
from engines.monitor import Progress
from engines.outcome import Outcome
from engines.outcome import step as one_update
from engines.stack_file import PROJECT_NAMESPACE
from engines.touched import Touch, merged, touch_of
from engines.work import NOTHING, Needs
from offline import wire

KIND_OF = {
    OpType.CREATE: "create",
    OpType.IMPORT: "create",
    OpType.UPDATE: "update",
    OpType.CREATE_REPLACEMENT: "replace",
    OpType.REPLACE: "replace",
    OpType.DELETE: "delete",
    OpType.SAME: "same",
    OpType.REFRESH: "same",
}
"""What each step counts as; the other steps are halves of these. Refresh is the step of what had not changed."""
PRECEDENCE = ("same", "update", "create", "delete", "replace")
"""What a resource to which several updates did several things counts as; the last of these wins."""


class Steps:
    """Listen to one run of the engine; it calls from a thread of its own, one event at a time."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.kinds: dict[str, str] = {}
        """URN -> which of KINDS happened to it."""
        self.wanted: dict[str, Resource] = {}
        """URN -> the resource as it is, or would be, after the run."""
        self.needs: dict[str, Needs] = {}
        """URN of what the program registered -> what it depends on; the program itself notes that, no event says it."""
        self._losses: list[Loss] = []
        self._touches: list[Touch] = []
        self._outputs: dict[str, Any] = {}
        self._failures: dict[str, None] = {}
        self._began = time.perf_counter()

    def __call__(self, event: EngineEvent) -> None:
        """Take one event."""
        if event.resource_pre_event:
            self._announce(event.resource_pre_event.metadata)
        elif event.res_outputs_event:
            self._finish(event.res_outputs_event.metadata)
        elif event.diagnostic_event:
            self._diagnose(event.diagnostic_event.severity, event.diagnostic_event.message, event.diagnostic_event.urn)

    def graph(self, stack: str) -> Graph:
        """What is, or would be, there after the run."""
        resources = [_wired(each, self.needs.get(each.urn, NOTHING)) for each in self.wanted.values()]
        return Graph(project=PROJECT_NAMESPACE, stack=stack, resources=resources)

    def outcome(self) -> Outcome:
        """What was done, in the order in which it was done."""
        done = one_update(self.kinds)
        return Outcome(
            changes=done.changes,
            replaced=done.replaced,
            deleted=done.deleted,
            data=sorted(self._losses, key=lambda loss: loss.urn),
            touched=merged(self._touches),
            outputs=self._outputs,
            seconds=round(time.perf_counter() - self._began, 3),
        )

    @property
    def failures(self) -> list[str]:
        """Why the run failed, in the engine's and the provider's own words, each once."""
        return list(self._failures)

    def _announce(self, step: StepEventMetadata) -> None:
        """A component's own step comes before those of its children, a resource's is shown when it is done."""
        state = step.new or step.old
        if state and not state.custom:
            self._show(step, custom=False)

    def _finish(self, step: StepEventMetadata) -> None:
        state = step.new or step.old
        if step.type == STACK_TYPE and step.new:
            self._outputs = _known(step.new.outputs or {})
        if state is None or not state.custom or step.type.startswith(PROVIDER_TYPE):
            return
        kind = KIND_OF.get(OpType(step.op))
        if step.new and not step.new.delete:
            self.wanted[step.urn] = _resource(step, step.new)
        if kind and self.kinds.get(step.urn) != "replace":
            self.kinds[step.urn] = kind
            self._losses += filter(None, [loss_of(step, kind)])
            self._touches += filter(None, [touch_of(step, kind)])
            self._show(step, custom=True, kind=kind)

    def _show(self, step: StepEventMetadata, *, custom: bool, kind: str = "same") -> None:
        state = step.new or step.old
        parent = state.parent if state else ""
        name = name_of(step.urn)
        self._progress({"event": "resource", "urn": step.urn, "type": step.type, "name": name,
                        "parent": parent, "custom": custom, "id": state.id if state else "", "kind": kind})  # fmt: skip

    def _diagnose(self, severity: str, message: str, urn: str | None) -> None:
        text = message.strip()
        if severity == "error" and text:
            named = urn and urn not in text and not is_of_stack(urn)
            name = f"{name_of(urn)}: " if urn and named else ""
            self._failures[f"{name}{text}"] = None
        elif severity == "warning" and text:
            self._progress({"event": "log", "severity": engine_pb2.WARNING, "message": text})


def together(done: Sequence[Steps]) -> Outcome:
    """What several updates did, each resource counted once."""
    kinds: dict[str, str] = {}
    for each in done:
        for urn, kind in each.kinds.items():
            kinds[urn] = max(kinds.get(urn, "same"), kind, key=PRECEDENCE.index)
    outcomes = [each.outcome() for each in done]
    last, whole = outcomes[-1], one_update(kinds)
    return structs.replace(
        last,
        changes=whole.changes,
        replaced=whole.replaced,
        deleted=whole.deleted,
        data=sorted((loss for each in outcomes for loss in each.data), key=lambda loss: loss.urn),
        touched=merged([touch for each in outcomes for touch in each.touched]),
        seconds=round(sum(each.seconds for each in outcomes), 3),
    )


def _resource(step: StepEventMetadata, state: StepEventStateMetadata) -> Resource:
    return Resource(
        urn=step.urn,
        type=step.type,
        name=name_of(step.urn),
        parent=state.parent,
        custom=bool(state.custom),
        id=state.id,
        inputs=wire.mask(dict(state.inputs or {})),
        options=Options(protect=bool(state.protect), retain_on_delete=bool(state.retain_on_delete)),
    )


def _wired(resource: Resource, needs: Needs) -> Resource:
    options = structs.replace(resource.options, depends_on=needs.all)
    return structs.replace(resource, property_dependencies=needs.by_property, options=options)


def _known(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """The exports whose value stands already; in a preview the others hold a mark of the protocol's."""
    return {name: value for name, value in outputs.items() if not wire.holds_unknown(value)}
