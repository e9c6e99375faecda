"""Serve the offline account to the real Pulumi engine, as the provider of `aws` and `random`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from offline.handler import ClientSource
from offline.provider.servicer import Servicer

WORKERS = 8
MAX_MESSAGE = 400 * 1024 * 1024
"""Bytes; what the engine itself takes (pulumi sdk/go/common/util/rpcutil: maxRPCMessageSize)."""


class ServedAccount(ClientSource, Protocol):
    """An account with a region of its own, in which stands what asks for no other."""

    region: str


class ProviderServer:
    """A running provider; engines reach it by `PULUMI_DEBUG_PROVIDERS=aws:PORT,random:PORT`."""

    def __init__(self, server: grpc.Server, port: int) -> None:
        self._server = server
        self.port = port

    def close(self) -> None:
        """Let the calls that run come to an end, within 5 seconds, and take no more; harmless when repeated."""
        self._server.stop(5).wait()


def serve(account: ServedAccount, *, project: Path, port: int = 0) -> ProviderServer:
    """Serve *account* on 127.0.0.1, port 0 for any free one; relative paths of a program's files start at *project*."""
    limits = [("grpc.max_receive_message_length", MAX_MESSAGE), ("grpc.max_send_message_length", MAX_MESSAGE)]
    server = grpc.server(ThreadPoolExecutor(WORKERS), options=limits)
    servicer = Servicer(account, account.region, project)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    bound = server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    return ProviderServer(server, bound)
