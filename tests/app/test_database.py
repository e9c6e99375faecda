"""Which PostgreSQL server answers: own writes are read at once, the dead are passed over, writes go to the primary."""

import asyncio
import json
import socket
import time

import pytest

from app.data.database import NOWHERE, READ_S
from app.data.outage import Unavailable
from tests.app.processes import running
from tests.app.world import PASSWORD, ask, new_id

REPLICAS = ("replica-1", "replica-2")
ITEM = {"title": "Mug", "price_cents": 900, "stock": 3}


@pytest.fixture
def catalog(world):
    """A process of its own, as one that has seen a replica die passes it over for a while."""
    with running("web", "--services", "catalog", **world.environment) as app:
        yield app


def test_who_writes_reads_it_back_at_once_while_others_may_not_see_it_yet(catalog, world, lagging):
    writer, other = world.log_in(), world.log_in()
    path = f"/catalog/items/{new_id()}"
    writer.ask(catalog, "PUT", path, ITEM)
    assert (writer.ask(catalog, "GET", path)[0], other.ask(catalog, "GET", path)[0]) == (200, 404)


def test_the_writer_is_known_to_have_written_on_every_server(catalog, world, lagging):
    writer, path = world.log_in(), f"/catalog/items/{new_id()}"
    writer.ask(catalog, "PUT", path, ITEM)
    with running("web", "--services", "catalog", **world.environment) as other:
        assert writer.ask(other, "GET", path)[0] == 200


def test_who_has_just_signed_up_is_known_though_no_replica_has_heard_of_them(world, lagging):
    with running("web", "--services", "accounts", **world.environment) as accounts:
        new = {"email": f"{new_id()}@example.org", "password": PASSWORD}
        ask(accounts, "POST", "/accounts/customers", new | {"name": "Ann"})
        body, headers = json.dumps(new), {"Content-Type": "application/json"}
        response, _ = accounts.ask("POST", "/accounts/session", body=body, headers=headers)
        cookie = response.headers["Set-Cookie"].partition(";")[0]
        assert ask(accounts, "GET", "/accounts/session", headers={"Cookie": cookie})[0] == 200


def test_once_replayed_a_replica_answers_the_writer_again(world):
    stores = world.stores_with()
    world.run(stores.migrations.try_once())
    place, written = world.run(stores.database.write(lambda at: at.fetchval("select host(inet_server_addr())")))
    world.caught_up()
    ask = "select host(inet_server_addr())"
    readers = {world.run(stores.database.read(lambda at: at.fetchval(ask), written)) for _ in range(4)}
    world.run(stores.close())
    assert (place, readers) == (
        world.postgres.primary.host,
        {world.postgres.replicas[name].host for name in REPLICAS},
    )


def test_each_commit_has_a_later_position_than_the_one_before(world):
    positions = [world.run(world.stores.database.write(lambda at: at.execute("select 1")))[1] for _ in range(3)]
    assert NOWHERE < positions[0] <= positions[1] <= positions[2]


def test_a_position_only_ever_rises_and_never_revives_an_ended_session(world):
    sessions = world.stores.sessions
    session = world.run(sessions.start(new_id(), NOWHERE))
    for position in (5, 3):
        world.run(sessions.wrote(session, position))
    assert world.run(sessions.find(session.session_id)).written == 5
    world.run(sessions.end(session.session_id))
    world.run(sessions.wrote(session, 9))
    assert world.run(sessions.find(session.session_id)) is None


def test_reads_fall_over_to_the_other_replica_and_then_to_the_primary(catalog, world):
    path, writer = f"/catalog/items/{new_id()}", world.log_in()
    writer.ask(catalog, "PUT", path, ITEM)
    world.caught_up()
    statuses = []
    for name in REPLICAS:
        world.postgres.replicas[name].kill()
        statuses += [world.log_in().ask(catalog, "GET", path)[0] for _ in range(4)]
    for name in REPLICAS:
        world.postgres.restart(name)
    assert statuses == [200] * 8


def test_a_replica_that_hangs_costs_its_first_reader_two_seconds_and_the_next_ones_nothing(world):
    taken = {node.host for node in (world.postgres.primary, *world.postgres.replicas.values())}
    network = world.postgres.primary.host.rpartition(".")[0]
    host = next(f"{network}.{last}" for last in range(200, 250) if f"{network}.{last}" not in taken)
    with socket.create_server((host, world.postgres.port)):
        stores = world.stores_with(BIGPICTURE_DATABASE_READER_HOSTS=json.dumps([host]))
        world.run(stores.migrations.apply())
        times = []
        for _ in range(3):
            started = time.monotonic()
            world.run(stores.database.read(lambda at: at.fetchval("select 1")))
            times.append(time.monotonic() - started)
        world.run(stores.close())
    assert (times[0] > READ_S, max(times[1:]) < times[0]) == (True, True)


def test_without_the_primary_reads_go_on_and_writes_are_told_to_come_back(catalog, world):
    caller, path = world.log_in(), f"/catalog/items/{new_id()}"
    caller.ask(catalog, "PUT", path, ITEM)
    world.caught_up()
    world.postgres.primary.kill()
    read = caller.ask(catalog, "GET", path)[0]
    body = json.dumps(ITEM)
    headers = {"Content-Type": "application/json", "Cookie": f"session={caller.session_id}"}
    refused, problem = catalog.ask("PUT", f"/catalog/items/{new_id()}", body=body, headers=headers)
    world.postgres.restart()
    assert (read, refused.status, refused.headers["Retry-After"]) == (200, 503, "2")
    assert json.loads(problem)["detail"] == "the store's database cannot answer now; the same request may succeed later"
    assert caller.ask(catalog, "PUT", f"/catalog/items/{new_id()}", ITEM)[0] == 201


def test_a_primary_that_became_a_replica_is_out_for_writing(world):
    stores = world.stores_with(BIGPICTURE_DATABASE_HOST=world.postgres.replicas["replica-1"].host)
    with pytest.raises(Unavailable, match="ReadOnlySQLTransactionError"):
        world.run(stores.migrations.try_once())
    world.run(stores.close())


def test_a_password_that_was_rotated_is_fetched_anew(world):
    secrets, arn = world.account.client("secretsmanager"), world.environment["BIGPICTURE_DATABASE_SECRET_ARN"]
    known = secrets.get_secret_value(SecretId=arn)["SecretString"]
    secrets.put_secret_value(SecretId=arn, SecretString=json.dumps({"username": "store", "password": "old"}))
    stores = world.stores_with()
    with pytest.raises(Unavailable, match="InvalidPasswordError"):
        world.run(stores.migrations.try_once())
    secrets.put_secret_value(SecretId=arn, SecretString=known)
    world.run(stores.migrations.try_once())
    world.run(stores.close())


def test_a_connection_is_lent_again_unless_its_query_was_cut_short(world):
    stores, backends = world.stores_with(), []

    async def told(at):
        backends.append(await at.fetchval("select pg_backend_pid()"))

    async def fails(at):
        await told(at)
        raise KeyError

    async def cut_short(at):
        await told(at)
        asking = asyncio.current_task()
        assert asking
        asking.cancel()
        await at.execute("select pg_sleep(3600)")

    async def story():
        await stores.migrations.try_once()
        for query in (told, fails, cut_short, told):
            await asyncio.gather(asyncio.create_task(stores.database.read_latest(query)), return_exceptions=True)
        await stores.close()

    world.run(story())
    assert backends == [backends[0]] * 3 + [backends[3]]
    assert backends[3] != backends[0]
