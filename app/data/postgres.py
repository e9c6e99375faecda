"""One PostgreSQL server and its connections, opened when first needed and never by itself."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeAlias

import asyncpg

from app.contract import DATABASE_CONNECTIONS
from app.data.outage import Unavailable, reason_of
from app.data.secrets import Secrets

CERTIFICATES = Path(__file__).with_name("rds-ca.pem")
"""The roots that sign RDS's certificates: https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem"""
Connection: TypeAlias = Any
"""asyncpg.Connection; what a row holds is known to who asks for it, and to no type checker."""

OUTAGES = (
    OSError,  # refused, reset, and every timeout
    asyncpg.InterfaceError,  # the connection was closed under us
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # the server shuts down or starts up, or an operator ended the query
    asyncpg.InsufficientResourcesError,  # no connection left, disk full
    asyncpg.InvalidAuthorizationSpecificationError,  # the password was rotated
    asyncpg.SerializationError,  # on a replica: the query was in the way of the replay
    asyncpg.ReadOnlySQLTransactionError,  # a primary that is one no longer
    asyncpg.UndefinedTableError,  # a replica that has not replayed the migration yet
    asyncpg.InvalidSchemaNameError,
    asyncpg.UndefinedColumnError,
)
"""What says that this server cannot answer now, rather than that the question was wrong."""


class Access:
    """How to open a connection: database, secret, TLS. The same for the primary and for every replica."""

    def __init__(self, secrets: Secrets, secret_arn: str, database: str, *, tls: bool) -> None:
        """Take user and password from *secret_arn*; with *tls* the server must show a certificate for its own name."""
        self._secrets = secrets
        self._arn = secret_arn
        self._database = database
        self._tls = ssl.create_default_context(cafile=str(CERTIFICATES)) if tls else False

    async def connect(self, host: str, port: int, limit_s: int, **more: Any) -> asyncpg.Connection:
        """Open one connection within *limit_s* seconds, as each of its commands has; forgets a refused password."""
        login = await self._secrets.get(self._arn)
        try:
            return await asyncpg.connect(
                host=host,
                port=port,
                user=login["username"],
                password=login["password"],
                database=self._database,
                ssl=self._tls,
                timeout=limit_s,
                command_timeout=limit_s,
                server_settings={"application_name": "bigpicture", "timezone": "UTC"},
                **more,
            )
        except asyncpg.InvalidAuthorizationSpecificationError:
            self._secrets.forget(self._arn)
            raise


class Server:
    """One server by address, with connections that are opened when a query needs one, so that a start never waits.

    They are lent without asyncpg's pool, whose tasks and questions around each query cost more than the query itself:
    60 microseconds of CPU for the look-up of an item against 26 (uvloop, Python 3.11). What it does besides is done
    here for what this store needs: nothing here keeps anything in a session, and whoever was interrupted or found the
    server out gives no connection back.
    """

    def __init__(self, access: Access, host: str, port: int, limit_s: int) -> None:
        """Reach *host* through *access*; a connection or a command that takes longer than *limit_s* is given up."""
        self.host = host
        self._access = access
        self._port = port
        self._limit_s = limit_s
        self._places = asyncio.Semaphore(DATABASE_CONNECTIONS)
        self._open: set[Connection] = set()
        self._free: list[Connection] = []

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Lend a connection; raises Unavailable, with the client's own exception as its cause, when there is none."""
        try:
            await self._place()
            try:
                connection = await self._taken()
                try:
                    yield connection
                except OUTAGES:
                    connection.terminate()
                    raise
                except Exception:
                    raise  # the query's own, which says nothing against the connection
                except BaseException:
                    connection.terminate()
                    raise
                finally:
                    self._give_back(connection)
            finally:
                self._places.release()
        except OUTAGES as fault:
            raise Unavailable("database", f"{self.host}: {reason_of(fault)}") from fault

    async def _place(self) -> None:
        if not self._places.locked():
            await self._places.acquire()
            return
        async with asyncio.timeout(self._limit_s):
            await self._places.acquire()

    async def _taken(self) -> Connection:
        """The one that was given back last, as the others may have been idle for long, or a new one."""
        while self._free:
            connection = self._free.pop()
            if not connection.is_closed():
                return connection
            self._open.discard(connection)
        connection = await self._access.connect(self.host, self._port, self._limit_s)
        self._open.add(connection)
        return connection

    def _give_back(self, connection: Connection) -> None:
        if not connection.is_closed() and connection.is_in_transaction():
            connection.terminate()
        if connection.is_closed():
            self._open.discard(connection)
        else:
            self._free.append(connection)

    async def close(self) -> None:
        """Close every connection at once: who calls this has drained already."""
        for connection in self._open:
            connection.terminate()
        self._open.clear()
        self._free.clear()
