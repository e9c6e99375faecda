"""Answer the Pulumi engine's calls about resources of `aws` and `random` from the offline account."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc
from botocore.exceptions import BotoCoreError, ClientError
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

from offline import naming, wire
from offline.handler import ClientSource
from offline.provider import check, difference
from offline.provider.lifecycle import HalfMade, Lifecycle

FAULTS = (ClientError, BotoCoreError, NotImplementedError, ValueError, LookupError, OSError)
"""What a handler lets through when the account, boto3 on the way there, or a file of the program says no."""
VERSION = "7.51.1"
"""The provider whose resource types are carried (pyproject.toml)."""


class Servicer(provider_pb2_grpc.ResourceProviderServicer):
    """The providers `aws` and `random`, over one account.

    The engine calls from several threads; what touches the account is done one call after another, because moto holds
    no locks of its own. The account outlives the engine: nothing in it is forgotten between two runs.
    """

    def __init__(self, account: ClientSource, region: str, project: Path) -> None:
        self._account_id, self._region = account.account_id, region
        self._resources = Lifecycle(account, region, project)
        self._one_at_a_time = threading.Lock()
        self._replaced: dict[str, str] = {}

    def Handshake(self, request: Any, context: Any) -> Any:
        """Say what of the protocol is understood."""
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    def Attach(self, request: Any, context: Any) -> Any:
        """Take note of an engine that comes to a provider which runs already."""
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: Any) -> Any:
        """Let what runs come to its end: every call is over within a second."""
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        """Tell the version."""
        return plugin_pb2.PluginInfo(version=VERSION)

    def GetSchema(self, request: Any, context: Any) -> Any:
        """Tell no types: the SDK of a program knows them, and Check knows which are carried."""
        return provider_pb2.GetSchemaResponse(schema=json.dumps({"name": "aws", "version": VERSION}))

    def CheckConfig(self, request: Any, context: Any) -> Any:
        """Refuse a configuration that the account would not obey, another region among it."""
        wanted = wire.reveal(wire.plain(request.news))
        found = check.config_faults(wanted, self._region, self._account_id)
        return provider_pb2.CheckResponse(inputs=request.news, failures=_failures(found))

    def DiffConfig(self, request: Any, context: Any) -> Any:
        """See no difference: the one configuration that is allowed is that of the account."""
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Configure(self, request: Any, context: Any) -> Any:
        """Say what may be sent: secrets marked as such, previews; references and outputs as plain values."""
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Check(self, request: Any, context: Any) -> Any:
        """Name the resource, and refuse by name what the account would drop or AWS would not take."""
        marked = wire.plain(request.news)
        clear, olds = wire.reveal(marked), wire.reveal(wire.plain(request.olds))
        replaced = None if olds else self._replaced.pop(request.urn, None)
        try:
            named = naming.name_of(request.urn, clear, olds, replaced)
        except ValueError as error:
            return provider_pb2.CheckResponse(inputs=request.news, failures=_failures([("", str(error))]))
        found = check.faults(naming.parts(request.urn).type, {**clear, **named})
        return provider_pb2.CheckResponse(inputs=wire.to_struct({**marked, **named}), failures=_failures(found))

    def Diff(self, request: Any, context: Any) -> Any:
        """Compare old inputs and new ones, property by property; most are the same, and compared as they came."""
        if request.old_inputs == request.news:
            return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE, hasDetailedDiff=True)
        olds, news, known = (wire.reveal(wire.plain(bag)) for bag in (request.old_inputs, request.news, request.olds))
        found = list(difference.changes(naming.parts(request.urn).type, known, olds, news))
        if any(change.replaces for change in found) and naming.is_automatic(request.urn, olds):
            self._replaced[request.urn] = naming.name_in(request.urn, olds)
        return difference.response(request.urn, found, olds, news)

    def Invoke(self, request: Any, context: Any) -> Any:
        """Answer a data source from the account, or refuse it by name."""
        return self._asked(context, f"data source {request.tok}", self._resources.invoke, request)

    def Create(self, request: Any, context: Any) -> Any:
        """Make a resource; in a preview, foresee it."""
        return self._asked(context, request.urn, self._resources.create, request)

    def Read(self, request: Any, context: Any) -> Any:
        """Tell how a resource stands; no id when it is gone."""
        return self._asked(context, request.urn, self._resources.read, request)

    def Update(self, request: Any, context: Any) -> Any:
        """Change a resource in place; in a preview, foresee it."""
        return self._asked(context, request.urn, self._resources.update, request)

    def Delete(self, request: Any, context: Any) -> Any:
        """Take a resource away."""
        self._asked(context, request.urn, self._resources.delete, request)
        return empty_pb2.Empty()

    def _asked(self, context: Any, what: str, ask: Callable[[Any], Any], request: Any) -> Any:
        """Ask the account, one call at a time, and tell the engine its refusals in one line."""
        with self._one_at_a_time:
            try:
                return ask(request)
            except HalfMade as half:
                context.set_trailing_metadata((("grpc-status-details-bin", _spelled(half)),))
                context.abort(grpc.StatusCode.UNKNOWN, str(half))
            except FAULTS as error:
                context.abort(grpc.StatusCode.UNKNOWN, f"{what} was refused by the offline account: {_said(error)}")


def _said(error: Exception) -> str:
    """A LookupError would show its message in quotes."""
    return str(error.args[0]) if isinstance(error, LookupError) and error.args else str(error)


def _failures(found: Any) -> list[Any]:
    return [provider_pb2.CheckFailure(property=path, reason=reason) for path, reason in found]


def _spelled(half: HalfMade) -> bytes:
    """The details with which the engine keeps a resource that failed after it was made (gRPC's richer error model)."""
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(half))
    status.details.add().Pack(half.detail)
    return status.SerializeToString()
