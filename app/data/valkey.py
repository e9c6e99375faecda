"""The Valkey cluster: one client, opened when first needed, that fails within seconds and by one exception."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from valkey.asyncio import Valkey
from valkey.asyncio.client import PubSub
from valkey.asyncio.cluster import ValkeyCluster
from valkey.exceptions import AuthenticationError, ValkeyClusterException, ValkeyError

from app.data.outage import Unavailable, reason_of
from app.data.secrets import Secrets
from app.data.valkey_lines import Lines

FAULTS = (ValkeyError, ValkeyClusterException, OSError)
"""Whatever the client or a line raises."""
TIMEOUT_S = 1.0
"""Seconds for a connection, and for an answer: a look-up in memory takes less than one thousandth of it."""


class Cache:
    """The cluster behind its configuration endpoint; a node that moves or dies is found by the client itself."""

    def __init__(self, secrets: Secrets, secret_arn: str, host: str, port: int, *, tls: bool) -> None:
        """Log in with the token in *secret_arn*; with *tls* the server must show a certificate for *host*."""
        self._secrets = secrets
        self._arn = secret_arn
        self._address: dict[str, Any] = {"host": host, "port": port, "ssl": tls, "ssl_check_hostname": tls}
        self._client: ValkeyCluster | None = None
        self._lines = Lines(self._token, TIMEOUT_S, tls=tls)

    @asynccontextmanager
    async def client(self) -> AsyncIterator[ValkeyCluster]:
        """Lend the client; raises Unavailable when the cluster, or the slot that is asked for, cannot answer."""
        try:
            yield await self._opened()
        except AuthenticationError as refused:
            self._secrets.forget(self._arn)
            await self.close()
            raise Unavailable("sessions", reason_of(refused)) from refused
        except FAULTS as fault:
            raise Unavailable("sessions", reason_of(fault)) from fault

    async def ask(self, command: str, key: str, *arguments: str) -> Any:
        """Send a *command* that changes nothing when it is sent twice. Raises Unavailable.

        It goes over a line to the node of *key*, which costs a quarter of the client's CPU. What a line cannot do, the
        client can: it follows redirects, finds the promoted replica, and asks for the password anew.
        """
        if self._client is not None:
            with suppress(*FAULTS):
                try:
                    return await self._lines.ask(self._client.get_node_from_key(key), command, key, *arguments)
                except AuthenticationError:  # the client's connections are older, and may never hear of it
                    self._secrets.forget(self._arn)
                    raise
        async with self.client() as client:
            return await client.execute_command(command, key, *arguments)

    async def run(self, script: str, key: str, argument: str) -> Any:
        """Run a Lua *script* on the node of *key*: several steps that no other client comes between."""
        async with self.client() as client:
            answer: Any = client.eval(script, 1, key, argument)
            return await answer

    @asynccontextmanager
    async def listening(self, channel: str) -> AsyncIterator[PubSub]:
        """Hear what is published on *channel* from now on, over a connection of its own to any node.

        What is published at one node of a cluster reaches all. Raises Unavailable.
        """
        client = Valkey(**self._address, password=await self._token(), socket_connect_timeout=TIMEOUT_S)
        try:
            async with client.pubsub(ignore_subscribe_messages=True) as heard:
                await heard.subscribe(channel)
                yield heard
        except (ValkeyError, OSError) as fault:
            raise Unavailable("sessions", reason_of(fault)) from fault
        finally:
            await client.aclose()

    async def _token(self) -> str:
        return (await self._secrets.get(self._arn))["auth_token"]

    async def _opened(self) -> ValkeyCluster:
        if self._client is None:
            self._client = ValkeyCluster(
                **self._address,
                password=await self._token(),
                socket_timeout=TIMEOUT_S,
                socket_connect_timeout=TIMEOUT_S,
                cluster_error_retry_attempts=1,
                connection_error_retry_attempts=1,
            )
        return self._client

    async def close(self) -> None:
        """Close every connection; the next use opens new ones."""
        self._lines.close()
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()
