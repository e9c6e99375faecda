"""Bring the tables of each service to what this release needs: numbered SQL files, applied once, by one process."""

import asyncio
import hashlib
import logging
import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from app import log
from app.data.outage import Unavailable, reason_of
from app.data.postgres import Connection, Server

FOLDER = Path(__file__).parents[1] / "migrations"
NAME = re.compile(r"(?P<number>[0-9]{4})_(?P<kind>expand|contract)_[a-z0-9_]+\.sql")
"""`0001_expand_customers.sql`. Old and new servers run side by side while a fleet is refreshed: a release may only
expand; what it left unused is contracted by the next one."""
LOCK = 0x62_69_67_70
"""Number of the advisory lock that one migrating process holds: "bigp"."""
WAIT_S = 2.0
"""Seconds for which a request waits for the tables, before it is told to come back."""
RETRY_S = 1.0
LIMIT_S = 240
"""Seconds that one file, or waiting for another process that migrates, may take: less than a server's grace, after
which the group would replace it in the middle. What takes longer (an index of a large table) is made beforehand, by
hand and concurrently, and the file says IF NOT EXISTS."""
HOPELESS = (
    asyncpg.SyntaxOrAccessError,  # unknown table or column, and no right to it, among them
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.InvalidSchemaNameError,
    asyncpg.FeatureNotSupportedError,
    asyncpg.ObjectInUseError,
)
"""What a file meets that will be so the next time too."""

_LEDGER = """
CREATE SCHEMA IF NOT EXISTS migrations;
CREATE TABLE IF NOT EXISTS migrations.applied (
    service text NOT NULL, number integer NOT NULL, sha256 text NOT NULL, PRIMARY KEY (service, number)
)
"""


class ChangedMigrationError(Exception):
    """A file that this database has already applied reads otherwise now; only a new file may change a table."""


class FailedMigrationError(Exception):
    """A file that the database refuses. Nothing of it, or of those that came with it, is there."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One SQL file of one service."""

    service: str
    number: int
    sql: str

    @property
    def sha256(self) -> str:
        """Of the file's text, in hex."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations_of(service: str, folder: Path = FOLDER) -> list[Migration]:
    """The files of *service* in the order of their numbers; raises ValueError for a name that is not `NAME`."""
    found = []
    for path in sorted((folder / service).glob("*")):
        match = NAME.fullmatch(path.name)
        if match is None:
            raise ValueError(f"migration {path.name!r}; allowed: NNNN_expand_what.sql or NNNN_contract_what.sql")
        found.append(Migration(service, int(match["number"]), path.read_text(encoding="utf-8")))
    return found


class Migrations:
    """What must have been applied to the primary before this process can use it."""

    def __init__(self, primary: Server, services: Sequence[str]) -> None:
        """Nothing is applied before `apply`; services without files need nothing."""
        self._primary = primary
        self._wanted = [each for service in services for each in migrations_of(service)]
        self._done = asyncio.Event()

    async def apply(self, prepare: Callable[[], AbstractContextManager[None]] = nullcontext) -> None:
        """Apply what is missing, and try again until it is done: a process that starts before its database waits.

        While the database is busy with it, and not while it is out, the process is within *prepare*. Raises
        ChangedMigrationError and FailedMigrationError, which no waiting mends.
        """
        if not self._wanted:  # a server of other stores alone may not even reach the primary
            self._done.set()
        while not self._done.is_set():
            try:
                await self.try_once(prepare)
            except Unavailable as fault:
                log.event("migrations wait", level=logging.WARNING, reason=fault.reason)
                await asyncio.sleep(RETRY_S)

    async def try_once(self, prepare: Callable[[], AbstractContextManager[None]] = nullcontext) -> None:
        """Apply what is missing; raises Unavailable when the primary cannot be reached, and what `apply` raises."""
        async with self._primary.connection() as connection:
            with prepare():
                async with connection.transaction():
                    await self._apply(connection)
        self._done.set()

    async def _apply(self, connection: Connection) -> None:
        """All or nothing, in the caller's transaction; a second process waits for the lock and finds it done."""
        await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK, timeout=LIMIT_S)
        await connection.execute(_LEDGER)
        rows = await connection.fetch("SELECT service, number, sha256 FROM migrations.applied")
        applied = {(row["service"], row["number"]): row["sha256"] for row in rows}
        for each in self._wanted:
            known = applied.get((each.service, each.number))
            if known is None:
                await self._run(connection, each)
                insert = "INSERT INTO migrations.applied (service, number, sha256) VALUES ($1, $2, $3)"
                await connection.execute(insert, each.service, each.number, each.sha256)
                log.event("migrated", service=each.service, number=each.number)
            elif known != each.sha256:
                raise ChangedMigrationError(f"migration {each.number:04} of {each.service} was applied and has changed")

    async def _run(self, connection: Connection, file: Migration) -> None:
        try:
            await connection.execute(file.sql, timeout=LIMIT_S)
        except (*HOPELESS, TimeoutError) as fault:
            reason = f"migration {file.number:04} of {file.service}: {reason_of(fault)}"
            log.event("migration failed", level=logging.ERROR, reason=reason)
            raise FailedMigrationError(reason) from fault
        except asyncpg.PostgresError as fault:
            raise Unavailable("database", reason_of(fault)) from fault

    async def wait(self) -> None:
        """Return once the tables are there; raises Unavailable after WAIT_S."""
        if self._done.is_set():
            return
        try:
            await asyncio.wait_for(self._done.wait(), WAIT_S)
        except TimeoutError:
            raise Unavailable("database", "its tables are not there yet") from None
