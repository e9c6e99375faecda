"""Run the transforms that a program attached to its resources, as the real engine would: own, then each ancestor's."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from pulumi.runtime._callbacks import _CallbackServicer
from pulumi.runtime.proto import callback_pb2, resource_pb2
from pulumi.runtime.settings import SETTINGS

OPTION_FIELDS = {
    "protect": "protect",
    "ignore_changes": "ignoreChanges",
    "replace_on_changes": "replaceOnChanges",
    "retain_on_delete": "retainOnDelete",
    "deleted_with": "deletedWith",
    "additional_secret_outputs": "additionalSecretOutputs",
    "provider": "provider",
}
"""Options that a transform may change: field of TransformResourceOptions -> field of RegisterResourceRequest."""


class InPlaceCallbacks(_CallbackServicer):
    """Keep a program's callbacks without the gRPC server through which the real engine reaches them.

    The SDK waits until that server has started, which takes as long as the machine likes, and so leaves the order of
    what is registered meanwhile to chance.
    """

    def __init__(self, monitor: Any) -> None:
        self._callbacks = {}
        self._transforms = {}
        self._state_migrations = {}
        self._monitor = monitor
        self._target = "in place"

    def function(self, token: str) -> Callable[[bytes], Coroutine[Any, Any, Any]]:
        """The callback behind *token*."""
        return cast("Callable[[bytes], Coroutine[Any, Any, Any]]", self._callbacks[token])


class Transforms:
    """Remember the transforms of every component and of the stack, and apply them to what is registered below."""

    def __init__(self) -> None:
        self._by_urn: dict[str, tuple[str, list[callback_pb2.Callback]]] = {}
        self._of_stack: list[callback_pb2.Callback] = []

    def for_stack(self, callback: callback_pb2.Callback) -> None:
        """Add a transform that sees every resource of the program."""
        self._of_stack.append(callback)

    def remember(self, urn: str, request: resource_pb2.RegisterResourceRequest) -> None:
        """Keep the transforms of *urn* for the children to come."""
        self._by_urn[urn] = (request.parent, list(request.transforms))

    def apply(self, request: resource_pb2.RegisterResourceRequest) -> None:
        """Change *request* in place the way its own, its ancestors' and the stack's transforms say."""
        chain = list(request.transforms)
        urn = request.parent
        while urn in self._by_urn:
            urn, callbacks = self._by_urn[urn][0], self._by_urn[urn][1]
            chain += callbacks
        for callback in chain + self._of_stack:
            _merge(request, _call(callback, request))


def _call(callback: callback_pb2.Callback, request: resource_pb2.RegisterResourceRequest) -> Any:
    options = resource_pb2.TransformResourceOptions(depends_on=request.dependencies)
    for ours, theirs in OPTION_FIELDS.items():
        value = getattr(request, theirs)
        if isinstance(value, (str, bool)):
            setattr(options, ours, value)
        else:
            getattr(options, ours).extend(value)
    asked = resource_pb2.TransformRequest(
        type=request.type,
        name=request.name,
        custom=request.custom,
        parent=request.parent,
        properties=request.object,
        options=options,
    )
    callbacks: InPlaceCallbacks = SETTINGS.callbacks  # pyright: ignore[reportAttributeAccessIssue]  typed for gRPC
    return _run_aside(callbacks.function(callback.token)(asked.SerializeToString()))


def _run_aside(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a transform to its end on a loop of its own: the program's loop is waiting for this registration."""
    context = contextvars.copy_context()
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(context.run, asyncio.run, work).result()


def _merge(request: resource_pb2.RegisterResourceRequest, answer: Any) -> None:
    if answer.HasField("properties"):
        request.object.CopyFrom(answer.properties)
    if not answer.HasField("options"):
        return
    for ours, theirs in OPTION_FIELDS.items():
        value = getattr(answer.options, ours)
        if isinstance(value, (str, bool)):
            if value:
                setattr(request, theirs, value)
        else:
            del getattr(request, theirs)[:]
            getattr(request, theirs).extend(value)
    del request.dependencies[:]
    request.dependencies.extend(answer.options.depends_on)
