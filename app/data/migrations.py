"""Bring the tables of each service to what this release needs: numbered SQL files, applied once, by one process."""

import asyncio
import hashlib
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app import log
from app.data.outage import Unavailable
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

_LEDGER = """
CREATE SCHEMA IF NOT EXISTS migrations;
CREATE TABLE IF NOT EXISTS migrations.applied (
    service text NOT NULL, number integer NOT NULL, sha256 text NOT NULL, PRIMARY KEY (service, number)
)
"""


class ChangedMigrationError(Exception):
    """A file that this database has already applied reads otherwise now; only a new file may change a table."""


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

    async def apply(self) -> None:
        """Apply what is missing, and try again until it is done: a process that starts before its database waits.

        Raises ChangedMigrationError, which no waiting mends.
        """
        if not self._wanted:  # a server of other stores alone may not even reach the primary
            self._done.set()
        while not self._done.is_set():
            try:
                await self.try_once()
            except Unavailable as fault:
                log.event("migrations wait", level=logging.WARNING, reason=fault.reason)
                await asyncio.sleep(RETRY_S)

    async def try_once(self) -> None:
        """Apply what is missing; raises Unavailable when the primary cannot be reached, and ChangedMigrationError."""
        async with self._primary.connection() as connection, connection.transaction():
            await self._apply(connection)
        self._done.set()

    async def _apply(self, connection: Connection) -> None:
        """All or nothing, in the caller's transaction; a second process waits for the lock and finds it done."""
        await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
        await connection.execute(_LEDGER)
        rows = await connection.fetch("SELECT service, number, sha256 FROM migrations.applied")
        applied = {(row["service"], row["number"]): row["sha256"] for row in rows}
        for each in self._wanted:
            known = applied.get((each.service, each.number))
            if known is None:
                await connection.execute(each.sql)
                insert = "INSERT INTO migrations.applied (service, number, sha256) VALUES ($1, $2, $3)"
                await connection.execute(insert, each.service, each.number, each.sha256)
                log.event("migrated", service=each.service, number=each.number)
            elif known != each.sha256:
                raise ChangedMigrationError(f"migration {each.number:04} of {each.service} was applied and has changed")

    async def wait(self) -> None:
        """Return once the tables are there; raises Unavailable after WAIT_S."""
        if self._done.is_set():
            return
        try:
            await asyncio.wait_for(self._done.wait(), WAIT_S)
        except TimeoutError:
            raise Unavailable("database", "its tables are not there yet") from None
