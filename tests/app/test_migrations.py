"""Migrations: numbered, applied once by whoever comes first, and never such that the release before would break."""

import asyncio
import dataclasses
import re
import socket

import pytest

from app.data.migrations import (
    FOLDER,
    LOCK,
    ChangedMigrationError,
    FailedMigrationError,
    Migration,
    Migrations,
    migrations_of,
)  # fmt: skip
from app.data.postgres import Access, Server
from tests.app.processes import running
from tests.app.world import new_id
from tests.waiting import eventually

DATABASE = "BIGPICTURE_DATABASE_NAME"
COLUMNS = "select attname from pg_attribute where attrelid = 'names'::regclass and attnum > 0 and not attisdropped"
FILES = sorted(FOLDER.glob("*/*.sql"))


@pytest.fixture
def database(world):
    """The name of an empty database at the primary, as nobody has migrated it."""
    name = f"db_{new_id().replace('-', '')}"
    world.postgres.primary.sql(f"create database {name} owner store")
    yield name
    world.postgres.primary.sql(f"drop database {name} with (force)")


@pytest.fixture
def server(world, database):
    """The primary with that database, whose customers wait for a second at most."""
    access = Access(world.stores.secrets, world.environment["BIGPICTURE_DATABASE_SECRET_ARN"], database, tls=False)
    server = Server(access, world.postgres.primary.host, world.postgres.port, 1)
    yield server
    world.run(server.close())


def health(app):
    return app.ask("GET", "/health")[0].status


async def applied(server):
    async with server.connection() as connection:
        rows = await connection.fetch("select service, number from migrations.applied order by 1, 2")
    return [tuple(row) for row in rows]


def test_processes_that_start_at_once_apply_each_migration_once(world, server):
    async def start_four():
        await asyncio.gather(*(Migrations(server, ["accounts", "catalog"]).try_once() for _ in range(4)))
        return await applied(server)

    assert world.run(start_four()) == [
        (each.service, each.number) for s in ("accounts", "catalog") for each in migrations_of(s)
    ]


def test_who_has_no_tables_asks_no_database(world):
    access = Access(world.stores.secrets, world.environment["BIGPICTURE_DATABASE_SECRET_ARN"], "store", tls=False)
    with socket.create_server(("127.0.0.1", 0)) as primary:
        migrations = Migrations(Server(access, "127.0.0.1", primary.getsockname()[1], 5), ["orders", "shipping"])
        world.run(asyncio.wait_for(migrations.apply(), 60))
        world.run(migrations.wait())
        primary.setblocking(False)
        with pytest.raises(BlockingIOError):  # the kernel keeps who has come, and nobody has
            primary.accept()


def test_a_migration_that_fails_leaves_nothing_behind(world, server):
    migrations = Migrations(server, [])
    migrations._wanted = [Migration("x", 1, "create table half ()"), Migration("x", 2, "select 1/0")]

    async def fail():
        try:
            await migrations.try_once()
        finally:
            async with server.connection() as connection:
                assert await connection.fetchval("select to_regclass('half')") is None

    with pytest.raises(FailedMigrationError, match="migration 0002 of x: DivisionByZeroError"):
        world.run(fail())


def test_a_migration_that_was_applied_may_not_change(world, server):
    first, changed = Migrations(server, []), Migrations(server, [])
    first._wanted, changed._wanted = [Migration("x", 1, "select 1")], [Migration("x", 1, "select 2")]
    world.run(first.try_once())
    with pytest.raises(ChangedMigrationError, match="migration 0001 of x was applied and has changed"):
        world.run(changed.try_once())


def test_a_migration_may_take_longer_than_a_customer_waits(world, server):
    migrations = Migrations(server, [])
    migrations._wanted = [Migration("x", 1, "select pg_sleep(1.2)")]
    world.run(migrations.try_once())
    assert world.run(applied(server)) == [("x", 1)]


def test_a_server_takes_no_requests_while_its_release_is_prepared(world, server, database):
    async def look_while_locked():
        async with server.connection() as other:
            await other.execute("SELECT pg_advisory_lock($1)", LOCK)
            with running("web", "--services", "accounts", **world.environment | {DATABASE: database}) as app:
                before = await asyncio.to_thread(eventually, lambda: health(app), 503)
                await other.execute("SELECT pg_advisory_unlock($1)", LOCK)
                return before, await asyncio.to_thread(eventually, lambda: health(app), 200)

    assert world.run(look_while_locked()) == (503, 200)


def test_a_server_whose_release_cannot_be_prepared_says_so_and_leaves(world, server, database):
    changed = Migrations(server, ["accounts"])
    changed._wanted = [dataclasses.replace(changed._wanted[0], sql="select 1")]
    world.run(changed.try_once())
    with running("web", "--services", "accounts", **world.environment | {DATABASE: database}) as app:
        said = app.read_log_until("process cannot go on")
        assert (said["work"], said["kind"], app.process.wait(timeout=60)) == ("migrations", "ChangedMigrationError", 0)


def test_an_older_release_starts_on_the_tables_of_a_newer_one(world, server):
    newer, older = Migrations(server, []), Migrations(server, [])
    newer._wanted = [Migration("x", 1, "select 1"), Migration("x", 2, "select 2")]
    older._wanted = newer._wanted[:1]
    for release in (newer, older):
        world.run(release.try_once())
    assert world.run(applied(server)) == [("x", 1), ("x", 2)]


def test_what_a_release_left_unused_is_contracted_by_the_next_one_beside_it(world, server, tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "0001_expand_names.sql").write_text("create table names (whole text, first text)")
    release = migrations_of("x", tmp_path)
    (tmp_path / "x" / "0002_contract_whole.sql").write_text("alter table names drop column whole")

    async def columns():
        async with server.connection() as connection:
            return [row["attname"] for row in await connection.fetch(COLUMNS)]

    seen = []
    for files in (release, migrations_of("x", tmp_path), release):
        migrations = Migrations(server, [])
        migrations._wanted = files
        world.run(migrations.try_once())
        seen.append(world.run(columns()))
    assert seen == [["whole", "first"], ["first"], ["first"]]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_migration_that_expands_takes_nothing_away(path):
    breaking = r"\b(drop|rename|truncate|delete|set\s+not\s+null|alter\s+column\s+\w+\s+type)\b"
    text = path.read_text(encoding="utf-8")
    assert "_contract_" in path.name or not re.search(breaking, text, re.IGNORECASE)


def test_a_file_with_another_name_is_refused(tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "1_customers.sql").touch()
    with pytest.raises(ValueError, match=r"migration '1_customers.sql'; allowed: NNNN_expand_what.sql"):
        migrations_of("x", tmp_path)
