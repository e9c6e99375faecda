"""Answer a program's registrations the way the Pulumi engine would, with the offline account behind every resource."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from botocore.exceptions import BotoCoreError, ClientError
from google.protobuf import empty_pb2
from pulumi.runtime import mocks
from pulumi.runtime.proto import resource_pb2

from engines.answers import registered
from engines.graph import PROVIDER_TYPE, STACK_TYPE, Graph, Options, Resource
from engines.refusals import EngineError
from engines.transforms import Transforms
from offline import naming, resources, wire
from offline.handler import Aws, Handler, Properties, joined

ACCOUNT_FAULTS = (ClientError, BotoCoreError, NotImplementedError, ValueError, LookupError)
"""What a handler lets through when the account, or boto3 on the way there, says no."""

Progress = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Live:
    """One custom resource as it stands in the account, inputs in clear: never printed, only for reading back."""

    handler: Handler
    aws: Aws
    id: str
    inputs: Properties


class OfflineMonitor(mocks.MockMonitor):
    """Pulumi's resource monitor over the offline account.

    It subclasses the SDK's mock monitor because only the raw request carries parent, options and source position;
    an SDK internal, hence the exact pin of pulumi in pyproject.toml. Called one registration at a time.
    """

    def __init__(self, graph: Graph, aws: Aws, folder: Path, progress: Progress) -> None:
        super().__init__(_NoMocks())
        self.graph = graph
        self.live: dict[str, Live] = {}
        self.stack_outputs: dict[str, Any] = {}
        self.failure: Exception | None = None
        self._aws, self._folder, self.progress = aws, folder.resolve(), progress
        self._index: dict[str, int] = {}
        self._transforms = Transforms()

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """Spell the URN as the real engine does (sdk/go/common/resource/urn): every type above but the stack's."""
        above = parent.split("::")[2] if parent else STACK_TYPE
        qualified = type_ if above == STACK_TYPE else f"{above}${type_}"
        return f"urn:pulumi:{self.graph.stack}::{self.graph.project}::{qualified}::{name}"

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802  the protocol's spelling
        """Create what *request* asks for, remember it, and answer with what the account holds."""
        if self.failure is not None:
            raise self.failure
        try:
            return self._register(request)
        except Exception as error:
            self.failure = error
            raise

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802  the protocol's spelling
        """Take the outputs that a component or the stack declares as its own."""
        outputs = wire.mask(wire.plain(request.outputs))
        position = self._index[request.urn]
        resource = self.graph.resources[position]
        self.graph.resources[position] = _with_outputs(resource, outputs)
        if resource.type == STACK_TYPE:
            self.stack_outputs = outputs
        return empty_pb2.Empty()

    def RegisterStackTransform(self, request: Any) -> Any:  # noqa: N802  the protocol's spelling
        """Keep a transform for everything that is registered from now on."""
        self._transforms.for_stack(request)
        return empty_pb2.Empty()

    def ReadResource(self, request: Any) -> Any:  # noqa: N802  the protocol's spelling
        """Find an existing resource by id (`Resource.get`): it becomes part of the program, not of the graph."""
        handler = self._handler(request.type, request.name)
        state = wire.reveal(wire.plain(request.properties))
        found = handler.read(self._aws_in(state), request.id, state)
        if found is None:
            raise EngineError(f"{request.type} {request.id!r} does not exist in the offline account")
        urn = self.make_urn(request.parent, request.type, request.name)
        return resource_pb2.ReadResourceResponse(urn=urn, properties=wire.to_struct(found))

    def Invoke(self, request: Any) -> Any:  # noqa: N802  the protocol's spelling
        """Answer a data source from the account, or refuse it by name."""
        arguments = wire.reveal(wire.plain(request.args))
        invoke = resources.invokes().get(request.tok)
        if invoke is None:
            raise EngineError(
                f"data source {request.tok} is not carried by the offline account"
                f"{_nearest(request.tok, resources.invokes())}. Fix: add it to its service's file in offline/resources/"
            )
        try:
            result = invoke(self._aws_in(arguments), arguments)
        except ACCOUNT_FAULTS as error:
            raise EngineError(f"data source {request.tok} was refused by the offline account: {error}") from error
        response = resource_pb2.ResourceInvokeResponse()
        getattr(response, "return").CopyFrom(wire.to_struct(result))  # a keyword of Python, a field of the protocol
        return response

    def _register(self, request: Any) -> Any:
        urn = self.make_urn(request.parent, request.type, request.name)
        if urn in self._index:
            where = self._source(request.sourcePosition)
            raise EngineError(f"two resources have one URN: {urn} ({where}). Fix: give one of them another name")
        self._transforms.apply(request)
        self._transforms.remember(urn, request)
        if request.remote or request.type.startswith(PROVIDER_TYPE):
            raise EngineError(
                f"{request.type} {request.name!r}: explicit providers and remote components are not carried by the"
                " embedded engine. Fix: use the `region` argument of the resource"
            )
        inputs = wire.plain(request.object)
        resource = self._describe(urn, request, inputs)
        if not request.custom:
            return self._answer(resource, request.object)
        return self._create(resource, request, inputs)

    def _create(self, resource: Resource, request: Any, inputs: Properties) -> Any:
        handler = self._handler(request.type, request.name)
        clear = self._checked(handler, resource, wire.reveal(inputs))
        aws = self._aws_in(clear)
        id_, state = self._made(handler, aws, resource, clear)
        self.live[resource.urn] = Live(handler, aws, id_, clear)
        secret = wire.tainted(state, inputs) | (frozenset(request.additionalSecretOutputs) & state.keys())
        object_ = wire.to_struct(state, secret)
        shown = {**clear, **wire.mask(inputs)}
        made = Resource(**{**_fields(resource), "id": id_, "inputs": shown, "outputs": wire.mask(wire.plain(object_))})
        return self._answer(made, object_)

    def _made(self, handler: Handler, aws: Aws, resource: Resource, inputs: Properties) -> tuple[str, Properties]:
        try:
            id_ = handler.create(aws, inputs)
            found = handler.read(aws, id_, inputs)
        except ACCOUNT_FAULTS as error:
            sentence = (
                f"{resource.type} {resource.name!r} ({resource.source}) was refused by the offline account: {error!r}"
            )
            raise EngineError(sentence) from error
        if not id_ or found is None:
            raise EngineError(f"{resource.type} {resource.name!r} was created but cannot be read back (id {id_!r})")
        return id_, joined(inputs, found)

    def _checked(self, handler: Handler, resource: Resource, inputs: Properties) -> Properties:
        """Fill in the automatic name, and refuse every property that the account would drop in silence."""
        try:
            inputs = {**inputs, **naming.name_of(resource.urn, inputs, {}, None)}
        except ValueError as error:
            raise EngineError(f"{resource.type} {resource.name!r} ({resource.source}): {error}") from error
        dropped = sorted(inputs.keys() - handler.carried)
        if dropped:
            raise EngineError(
                f"{resource.type} {resource.name!r} ({resource.source}): {', '.join(dropped)} is not carried by"
                f" the offline account; carried: {', '.join(sorted(handler.carried))}."
                " Fix: carry it in offline/resources/"
            )
        return inputs

    def _handler(self, token: str, name: str) -> Handler:
        handler = resources.handlers().get(token)
        if handler is None:
            raise EngineError(
                f"{token} {name!r} is not carried by the offline account{_nearest(token, resources.handlers())}."
                " Fix: add a handler to the file of its service in offline/resources/"
            )
        return handler

    def _aws_in(self, properties: Properties) -> Aws:
        region = properties.get("region")
        return Aws(self._aws.account, region) if region and region != self._aws.region else self._aws

    def _describe(self, urn: str, request: Any, inputs: Properties) -> Resource:
        return Resource(
            urn=urn,
            type=request.type,
            name=request.name,
            parent=request.parent,
            custom=request.custom,
            inputs=wire.mask(inputs),
            property_dependencies={key: sorted(on.urns) for key, on in sorted(request.propertyDependencies.items())},
            options=_options(request, str(inputs.get("region", self._aws.region)) if request.custom else ""),
            source=self._source(request.sourcePosition),
        )

    def _answer(self, resource: Resource, object_: Any) -> Any:
        self._index[resource.urn] = len(self.graph.resources)
        self.graph.resources.append(resource)
        self.progress({"event": "resource", "urn": resource.urn, "type": resource.type, "name": resource.name,
                       "parent": resource.parent, "custom": resource.custom, "id": resource.id})  # fmt: skip
        return registered(resource.urn, resource.id, object_)

    def _source(self, position: Any) -> str:
        shown = _shown(position.uri, self._folder)
        return f"{shown}:{position.line}" if shown else ""


class _NoMocks(mocks.Mocks):
    """Stand where the SDK wants mocks; the monitor above never asks them."""

    def call(self, args: mocks.MockCallArgs) -> Any:
        raise EngineError(f"unexpected mock call {args.token}")

    def new_resource(self, args: mocks.MockResourceArgs) -> Any:
        raise EngineError(f"unexpected mock resource {args.typ}")


@cache
def _shown(uri: str, folder: Path) -> str:
    """The file of the program, below *folder* where it can be; empty for what stands in an installed package."""
    if not uri or "site-packages" in uri:
        return ""
    path = Path(unquote(urlparse(uri).path))
    return str(path.relative_to(folder) if path.is_relative_to(folder) else path)


def _options(request: Any, region: str) -> Options:
    timeouts = request.customTimeouts
    return Options(
        protect=request.protect,
        retain_on_delete=request.retainOnDelete,
        ignore_changes=list(request.ignoreChanges),
        depends_on=sorted(request.dependencies),
        deleted_with=request.deletedWith,
        custom_timeouts={name: value for name in ("create", "update", "delete") if (value := getattr(timeouts, name))},
        aliases=[*map(_alias, request.aliases), *request.aliasURNs],
        provider=request.provider,
        region=region,
        delete_before_replace=request.deleteBeforeReplace,
        replace_on_changes=list(request.replaceOnChanges),
        additional_secret_outputs=list(request.additionalSecretOutputs),
    )


def _alias(alias: Any) -> str:
    """The former URN, or what of the resource was another: `type=aws:lb/loadBalancer:LoadBalancer`."""
    return alias.urn or ",".join(f"{field.name}={value}" for field, value in alias.spec.ListFields() if value)


def _fields(resource: Resource) -> dict[str, Any]:
    return {name: getattr(resource, name) for name in resource.__struct_fields__}


def _with_outputs(resource: Resource, outputs: dict[str, Any]) -> Resource:
    return Resource(**{**_fields(resource), "outputs": outputs})


def _nearest(token: str, known: dict[str, Any]) -> str:
    near = difflib.get_close_matches(token, known, n=2)
    return f"; nearest that are: {', '.join(near)}" if near else ""
