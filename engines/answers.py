"""Answer a registration so that the SDK resolves its outputs in one order, in every process."""

from __future__ import annotations

from typing import Any, cast

from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.resource import RegisterResponse


def registered(urn: str, id_: str, object_: Any) -> RegisterResponse:
    """The engine's answer to a registration, in the form that the SDK makes itself where there is no engine."""
    return RegisterResponse(urn, id_, cast("Any", _ByName(object_)), None, resource_pb2.Result.SUCCESS)


class _ByName:
    """A Struct whose properties come by name, as far as the SDK reads one.

    A protobuf map has another order in every process, and the SDK resolves outputs in the order in which it finds
    them: so which of two resources was registered first changed from run to run (seen with a record and a listener).
    """

    def __init__(self, struct: Any) -> None:
        self._struct = struct

    def __contains__(self, key: str) -> bool:
        return key in self._struct

    def __getitem__(self, key: str) -> Any:
        return self._struct[key]

    def items(self) -> list[tuple[str, Any]]:
        """Every property, by name."""
        return [(key, self._struct[key]) for key in sorted(self._struct)]
