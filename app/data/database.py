"""Which PostgreSQL server answers: writes go to the primary alone, reads to a replica that has seen enough of them."""

import itertools
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import NewType, TypeVar

from app import log
from app.data.migrations import Migrations
from app.data.outage import Unavailable
from app.data.postgres import Connection, Server

Position = NewType("Position", int)
"""A place in the primary's write-ahead log, in bytes since its beginning: what orders writes, instead of clocks."""

NOWHERE = Position(0)
"""Before every write: any replica will do."""

WRITE_S, READ_S = 5, 2
"""Seconds for a connection or a command; so long a read waits for a replica that hangs before the next is asked."""
OUT_S = 5.0
"""Seconds for which a replica that failed is passed over; then one read tries it, and the others wait for its word."""

_REPLAYED = "SELECT pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint"
_WRITTEN = "SELECT pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0')::bigint"

T = TypeVar("T")
Query = Callable[[Connection], Awaitable[T]]


class Database:
    """The primary, its replicas, and the migrations without which neither is of use."""

    def __init__(self, primary: Server, replicas: Sequence[Server], migrations: Migrations) -> None:
        """Write to *primary*, read from *replicas*, and from the primary when none of them can answer."""
        self._primary = primary
        self._replicas = [_Replica(server) for server in replicas]
        self._turn = itertools.cycle(range(max(1, len(replicas))))
        self._migrations = migrations

    async def write(self, query: Query[T]) -> tuple[T, Position]:
        """Run *query* in one transaction on the primary; returns its answer and the position that holds the commit.

        Consistent: raises Unavailable when the primary cannot be reached, and a replica is never tried. After
        Unavailable the write may have happened (the answer was lost), so whoever calls must be able to repeat it.
        """
        await self._migrations.wait()
        async with self._primary.connection() as connection:
            async with connection.transaction():
                answer = await query(connection)
            return answer, Position(await connection.fetchval(_WRITTEN))

    async def read_latest(self, query: Query[T]) -> tuple[T, Position]:
        """Run *query* on the primary; returns its answer and a position that holds all that it has seen.

        Consistent: raises Unavailable when the primary cannot be reached.
        """
        await self._migrations.wait()
        async with self._primary.connection() as connection:
            return await query(connection), Position(await connection.fetchval(_WRITTEN))

    async def read(self, query: Query[T], after: Position = NOWHERE) -> T:
        """Run *query* on a replica that has replayed *after*, or on the primary.

        Available: while any server lives there is an answer, which may lag by what the replica lags, yet holds every
        write up to *after*. Raises Unavailable when no server answers.
        """
        for replica in self._in_turn():
            try:
                return await replica.read(query, after)
            except _Behind:
                continue
            except Unavailable as fault:
                log.event("replica passed over", level=logging.WARNING, host=replica.host, reason=fault.reason)
        await self._migrations.wait()
        async with self._primary.connection() as connection:
            return await query(connection)

    def _in_turn(self) -> list["_Replica"]:
        if not self._replicas:
            return []
        first = next(self._turn)
        now = time.monotonic()
        return [each for each in self._replicas[first:] + self._replicas[:first] if each.may_be_asked(now)]

    async def close(self) -> None:
        """Close every connection."""
        for server in (self._primary, *(replica.server for replica in self._replicas)):
            await server.close()


class _Behind(Exception):  # noqa: N818 - no error: the replica is well, and late
    """The replica has not replayed the position yet."""


class _Replica:
    """One replica, what it has been seen to have replayed, and until when it is passed over."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.host = server.host
        self._replayed = NOWHERE
        self._out_until = 0.0

    def may_be_asked(self, now: float) -> bool:
        """True for a replica that answers, and once in OUT_S for one that did not."""
        if now < self._out_until:
            return False
        if self._out_until:
            self._out_until = now + OUT_S
        return True

    async def read(self, query: Query[T], after: Position) -> T:
        """Raises _Behind or Unavailable. Asks for the position only when *after* is beyond what is known of it."""
        try:
            async with self.server.connection() as connection:
                if after > self._replayed:
                    self._replayed = Position(await connection.fetchval(_REPLAYED) or NOWHERE)
                if after > self._replayed:
                    raise _Behind
                answer = await query(connection)
        except Unavailable:
            self._replayed = NOWHERE  # it may come back as another machine, restored from an earlier point
            self._out_until = time.monotonic() + OUT_S
            raise
        self._out_until = 0.0
        return answer
