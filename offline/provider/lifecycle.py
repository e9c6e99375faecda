"""Make, read, change and delete the resources of one account, as the engine's messages ask and in its own spelling."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pulumi.runtime.proto import provider_pb2

from offline import naming, resources, wire
from offline.handler import Aws, ClientSource, HalfMadeError, Handler, Properties, joined
from offline.provider import check, state


class HalfMade(Exception):  # noqa: N818  an answer, which the protocol spells as an error
    """A resource stands, but not all of it: what of it the engine must keep."""

    def __init__(self, error: HalfMadeError, properties: Any, inputs: Any) -> None:
        super().__init__(f"{error.id} was made or changed, and then refused: {error}")
        self.detail = provider_pb2.ErrorResourceInitFailed(
            id=error.id, properties=properties, reasons=[str(error)], inputs=inputs
        )


class Lifecycle:
    """The resources of one account; every method lets botocore's errors and the handlers' refusals pass."""

    def __init__(self, account: ClientSource, region: str, project: Path) -> None:
        self._account, self._region, self._project = account, region, project.resolve()

    def invoke(self, request: Any) -> Any:
        """Answer a data source."""
        arguments = wire.reveal(wire.plain(request.args))
        carried = resources.invokes()
        if request.tok not in carried:
            raise LookupError(f"it is not carried; carried: {', '.join(sorted(carried))}. Fix: add it there")
        answer = provider_pb2.InvokeResponse()
        found = carried[request.tok](self._aws(arguments), arguments)
        getattr(answer, "return").CopyFrom(wire.to_struct(found))  # a keyword of Python, a field of the protocol
        return answer

    def create(self, request: Any) -> Any:
        """Make a resource and tell what the account then holds; in a preview, foresee it."""
        marked = wire.plain(request.properties)
        clear, token = wire.reveal(marked), naming.parts(request.urn).type
        if request.preview:
            return provider_pb2.CreateResponse(properties=wire.to_struct(state.foreseen(token, marked)))
        handler, aws = check.handler_of(token), self._aws(clear)
        try:
            id_ = handler.create(aws, self._placed(clear))
        except HalfMadeError as error:
            properties = _told(handler, aws, error.id, marked, {})
            raise HalfMade(error, properties, request.properties) from error
        return provider_pb2.CreateResponse(id=id_, properties=_told(handler, aws, id_, marked, {}))

    def read(self, request: Any) -> Any:
        """Tell how a resource stands, and the inputs that match; no id when it is gone. Without inputs: an import."""
        handler = check.handler_of(naming.parts(request.urn).type)
        marked, known = wire.plain(request.inputs), wire.plain(request.properties)
        keys = {**wire.reveal(known), **wire.reveal(marked)}
        aws = self._aws(keys)
        id_, more = (request.id, {}) if marked else handler.found(aws, request.id)
        found = handler.read(aws, id_, {**keys, **more})
        if found is None:
            return provider_pb2.ReadResponse()
        inputs = state.held(handler, marked, found) if marked else state.imported(handler, found)
        after = joined(wire.reveal(inputs), found)
        properties = wire.to_struct(after, state.secrets(after, inputs, known))
        return provider_pb2.ReadResponse(id=id_, properties=properties, inputs=wire.to_struct(inputs))

    def update(self, request: Any) -> Any:
        """Change a resource in place: from what the account holds, which a failed change may have left anywhere."""
        handler = check.handler_of(naming.parts(request.urn).type)
        marked, known, before = (wire.plain(bag) for bag in (request.news, request.olds, request.old_inputs))
        if request.preview:
            after = state.foreseen_change(handler, known, before, marked)
            return provider_pb2.UpdateResponse(properties=wire.to_struct(after))
        clear, olds = wire.reveal(marked), wire.reveal(before)
        aws = self._aws(clear)
        found = handler.read(aws, request.id, {**clear, **olds})
        if found is None:
            raise LookupError(f"{request.id} is gone from the account. Fix: refresh, then up")
        recalled = {name: known[name] for name in handler.recalls & known.keys()}
        held = {**recalled, **state.held(handler, {**clear, **olds}, found)}
        try:
            handler.update(aws, request.id, held, self._placed(clear))
        except HalfMadeError as error:
            raise HalfMade(error, _told(handler, aws, error.id, marked, known), request.news) from error
        return provider_pb2.UpdateResponse(properties=_told(handler, aws, request.id, marked, known))

    def delete(self, request: Any) -> None:
        """Take a resource away; one that is gone already is no fault."""
        handler = check.handler_of(naming.parts(request.urn).type)
        known = wire.reveal(wire.plain(request.properties))
        aws = self._aws(known)
        if handler.read(aws, request.id, known) is not None:
            handler.delete(aws, request.id, known)

    def _aws(self, properties: Properties) -> Aws:
        return Aws(self._account, properties.get("region") or self._region)

    def _placed(self, properties: Properties) -> Properties:
        """Spell the paths of assets in full: a program runs in its project's folder, and this process anywhere."""
        return {name: self._in_project(value) for name, value in properties.items()}

    def _in_project(self, value: Any) -> Any:
        if isinstance(value, dict) and value.get(wire.SIGNATURE) == wire.ASSET_SIGNATURE and "path" in value:
            return {**value, "path": str(self._project / value["path"])}
        return value


def _told(handler: Handler, aws: Aws, id_: str, marked: Properties, known: Properties) -> Any:
    """What the account tells of a resource that was just made or changed, secrets marked."""
    clear = wire.reveal(marked)
    found = handler.read(aws, id_, clear)
    if not id_ or found is None:
        raise LookupError(f"it was made but cannot be read back (id {id_!r})")
    after = joined(clear, found)
    return wire.to_struct(after, state.secrets(after, marked, known))
