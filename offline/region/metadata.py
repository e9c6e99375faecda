"""Tell each server of itself what EC2's instance metadata service tells: its id, its zone, whether it is to leave."""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import Mapping
from http import HTTPStatus

from offline.region.addresses import port_on

PORT = 1338
"""Of the server's own address; 169.254.169.254 is no address of this machine."""
TOKEN_HEADER = "x-aws-ec2-metadata-token"  # noqa: S105  a header's name
LOOK_S = 10.0

Facts = Mapping[str, str]
"""Path below /latest/meta-data/ -> text."""


class Metadata:
    """One listener for each instance, all on one thread; the second version of the service alone (IMDSv2)."""

    def __init__(self) -> None:
        """Listen nowhere yet."""
        self._facts: dict[str, Facts] = {}
        self._token = secrets.token_urlsafe()
        self._servers: dict[str, asyncio.Server] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="metadata", daemon=True)
        self._thread.start()

    def open(self, instance: str, address: str) -> str:
        """Answer for *instance* on its *address*; returns what AWS_EC2_METADATA_SERVICE_ENDPOINT is to say."""
        port = port_on([address], PORT)

        async def start() -> None:
            self._servers[instance] = await asyncio.start_server(
                lambda reader, writer: self._serve(instance, reader, writer), address, port
            )

        asyncio.run_coroutine_threadsafe(start(), self._loop).result(LOOK_S)
        return f"http://{address}:{port}"

    def say(self, facts: Mapping[str, Facts]) -> None:
        """From now on tell each instance these facts."""
        self._facts = dict(facts)

    def close(self) -> None:
        """Answer nobody any more."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        for server in self._servers.values():
            server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())  # and lets what was cancelled end
        self._loop.close()

    async def _serve(self, instance: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                line, *rest = head.decode("latin-1").split("\r\n")
                headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in rest)}
                status, text = self._answer(instance, line, headers)
                words = f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Length: {len(text)}\r\n\r\n{text}"
                writer.write(words.encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            pass  # the client went, or speaks something else
        finally:
            writer.close()

    def _answer(self, instance: str, line: str, headers: Mapping[str, str]) -> tuple[HTTPStatus, str]:
        method, _, target = line.rpartition(" ")[0].partition(" ")
        if (method, target) == ("PUT", "/latest/api/token"):
            return HTTPStatus.OK, self._token
        if headers.get(TOKEN_HEADER) != self._token:
            return HTTPStatus.UNAUTHORIZED, ""
        found = self._facts.get(instance, {}).get(target.removeprefix("/latest/meta-data/"))
        return (HTTPStatus.NOT_FOUND, "") if found is None else (HTTPStatus.OK, found)
