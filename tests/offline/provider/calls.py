"""Call a running provider as the Pulumi engine does, with plain values in and out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from offline import wire
from offline.provider import ServedAccount, serve

ROOT = Path(__file__).resolve().parents[3]


def urn_of(token: str, name: str = "one") -> str:
    return f"urn:pulumi:test::bigpicture::{token}::{name}"


class Provider:
    """A provider's client; a refusal is raised as grpc.RpcError, whose `details()` is the sentence."""

    def __init__(self, port: int) -> None:
        self.stub = provider_pb2_grpc.ResourceProviderStub(grpc.insecure_channel(f"127.0.0.1:{port}"))

    def check(self, urn: str, news: dict[str, Any], olds: dict[str, Any] | None = None) -> dict[str, Any]:
        """The inputs as the provider completes them; AssertionError when it refuses."""
        answer = self.checked(urn, news, olds)
        assert not answer.failures, [failure.reason for failure in answer.failures]
        return wire.plain(answer.inputs)

    def checked(self, urn: str, news: dict[str, Any], olds: dict[str, Any] | None = None) -> Any:
        asked = provider_pb2.CheckRequest(urn=urn, news=wire.to_struct(news), olds=wire.to_struct(olds or {}))
        return self.stub.Check(asked)

    def create(self, urn: str, inputs: dict[str, Any], *, preview: bool = False) -> tuple[str, dict[str, Any]]:
        asked = provider_pb2.CreateRequest(urn=urn, properties=wire.to_struct(inputs), preview=preview)
        answer = self.stub.Create(asked)
        return answer.id, wire.plain(answer.properties)

    def read(
        self, urn: str, id_: str, inputs: dict[str, Any] | None = None, state: dict[str, Any] | None = None
    ) -> Any:
        """(id, state, inputs); the id is empty when the resource is gone."""
        bags: dict[str, Any] = {
            "inputs": wire.to_struct(inputs or {}),
            "properties": wire.to_struct(state or inputs or {}),
        }
        answer = self.stub.Read(provider_pb2.ReadRequest(urn=urn, id=id_, **bags))
        return answer.id, wire.plain(answer.properties), wire.plain(answer.inputs)

    def diff(self, urn: str, olds: dict[str, Any], news: dict[str, Any], state: dict[str, Any] | None = None) -> Any:
        known = wire.to_struct(olds if state is None else state)
        bags: dict[str, Any] = {"olds": known, "old_inputs": wire.to_struct(olds), "news": wire.to_struct(news)}
        return self.stub.Diff(provider_pb2.DiffRequest(urn=urn, **bags))

    def update(
        self,
        urn: str,
        id_: str,
        olds: dict[str, Any],
        news: dict[str, Any],
        state: dict[str, Any],
        *,
        preview: bool = False,
    ) -> dict[str, Any]:
        bags: dict[str, Any] = {
            "olds": wire.to_struct(state),
            "old_inputs": wire.to_struct(olds),
            "news": wire.to_struct(news),
        }
        answer = self.stub.Update(provider_pb2.UpdateRequest(urn=urn, id=id_, preview=preview, **bags))
        return wire.plain(answer.properties)

    def delete(self, urn: str, id_: str, state: dict[str, Any]) -> None:
        self.stub.Delete(provider_pb2.DeleteRequest(urn=urn, id=id_, properties=wire.to_struct(state)))


@contextmanager
def serving(account: ServedAccount, project: Path = ROOT) -> Iterator[Provider]:
    """A provider over *account* for the length of a block."""
    server = serve(account, project=project)
    try:
        yield Provider(server.port)
    finally:
        server.close()
