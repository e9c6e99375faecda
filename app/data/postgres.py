"""One PostgreSQL server and its pool of connections, opened when first needed and never by itself."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from app.contract import DATABASE_CONNECTIONS
from app.data.outage import Unavailable, reason_of
from app.data.secrets import Secrets

CERTIFICATES = Path(__file__).with_name("rds-ca.pem")
"""The roots that sign RDS's certificates: https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem"""
Connection = PoolConnectionProxy

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
    """One server by address. Its pool holds no connection until a query needs one, so that a start never waits."""

    def __init__(self, access: Access, host: str, port: int, limit_s: int) -> None:
        """Reach *host* through *access*; a connection or a command that takes longer than *limit_s* is given up."""
        self.host = host
        self._access = access
        self._port = port
        self._limit_s = limit_s
        self._pool: asyncpg.Pool | None = None

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Lend a connection; raises Unavailable, with the client's own exception as its cause, when there is none."""
        try:
            pool = await self._opened()
            async with pool.acquire(timeout=self._limit_s) as connection:
                yield connection
        except OUTAGES as fault:
            raise Unavailable("database", f"{self.host}: {reason_of(fault)}") from fault

    async def _opened(self) -> asyncpg.Pool:
        if self._pool is None:
            self._pool = asyncpg.create_pool(min_size=0, max_size=DATABASE_CONNECTIONS, connect=self._connect)
            await self._pool
        return self._pool

    async def _connect(self, *_: Any, loop: asyncio.AbstractEventLoop, **how: Any) -> asyncpg.Connection:
        return await self._access.connect(self.host, self._port, self._limit_s, loop=loop, **how)

    async def close(self) -> None:
        """Close every connection at once: who calls this has drained already."""
        if self._pool is not None:
            self._pool.terminate()
            self._pool = None
