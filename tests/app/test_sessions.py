"""Sliding expiry: whatever is done with a session in whatever order, it lives as long as the cache's clock says."""

import hashlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.data.database import NOWHERE, Position
from app.data.sessions import Session, ValkeySessions
from tests.app.world import new_id
from tests.waiting import eventually

IDLE_S = 10_000
LEAP_S = 3_000
"""After no number of leaps is the end within 1,000 s: so slow no machine is."""

_LEAP = """
local left = redis.call('PTTL', KEYS[1])
if left > 0 then redis.call('PEXPIRE', KEYS[1], left - ARGV[1]) end
"""
_NOW = "return redis.call('TIME')[1]"
_ENDS = "return redis.call('EXPIRETIME', KEYS[1])"
_LEFT = "return redis.call('TTL', KEYS[1])"
STEPS = st.lists(
    st.one_of(
        st.sampled_from(["find", "end"]),
        st.integers(1, 5).map("leap {}".format),
        st.integers(1, 9).map("wrote {}".format),
    ),
    max_size=12,
)


class Life:
    """One session, kept by two servers in turn, and what is to be found of it."""

    def __init__(self, cache):
        self.cache = cache
        self.servers = [ValkeySessions(cache, IDLE_S) for _ in range(2)]
        self.idle_s, self.written, self.is_over = 0, 0, False

    async def ask(self, script, argument=""):
        key = f"session:{hashlib.sha256(self.session.session_id.encode()).hexdigest()}"
        return int(await self.cache.run(script, key, argument) or 0)

    async def whole(self, steps):
        """Go through *steps*; then: thousands of seconds left, what is found, and whether its time begins anew then."""
        self.session = await self.servers[0].start(new_id(), NOWHERE)
        for at, step in enumerate(steps):
            what, _, number = step.partition(" ")
            await getattr(self, what)(self.servers[at % 2], int(number or 0))
        left, before = await self.ask(_LEFT), await self.ask(_NOW)
        found = await self.servers[0].find(self.session.session_id)
        ends, after = await self.ask(_ENDS), await self.ask(_NOW)
        return -(-max(0, left) // 1000), found, before + IDLE_S <= ends <= after + IDLE_S + 1

    def wanted(self):
        """The same, as it should be."""
        if self.is_over:
            return 0, None, False
        session = Session(self.session.session_id, self.session.customer_id, Position(self.written))
        return (IDLE_S - self.idle_s) // 1000, session, True

    async def find(self, server, _):
        await server.find(self.session.session_id)
        self.idle_s = 0

    async def leap(self, _, count):
        await self.ask(_LEAP, str(count * LEAP_S * 1000))
        self.idle_s += count * LEAP_S
        self.is_over |= self.idle_s > IDLE_S

    async def wrote(self, server, place):
        await server.wrote(self.session, Position(place))
        self.written = max(self.written, place)

    async def end(self, server, _):
        await server.end(self.session.session_id)
        self.is_over = True


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_a_session_lives_for_its_idle_time_after_the_last_request_and_nothing_else_prolongs_it(world, steps):
    life = Life(world.stores.cache)
    assert world.run(life.whole(steps)) == life.wanted()


@pytest.fixture
def cache(world):
    """The cluster as a server that has just started knows it."""
    stores = world.stores_with()
    yield stores.cache
    world.run(stores.close())


def lines(world):
    """Connections over which a session was looked up last, and not by valkey-py, which says its name."""
    nodes = {name: world.valkey.client(name).client_list() for name in world.valkey.hosts}
    asking = [(name, each) for name, listed in nodes.items() for each in listed if each["cmd"] == "getex"]
    return {(name, each["id"]) for name, each in asking if not each["lib-name"]}


def test_a_session_is_looked_up_over_a_line(world, cache):
    def is_on_a_line():
        world.run(sessions.find(session.session_id))
        return len(lines(world) - before)

    before, sessions = lines(world), ValkeySessions(cache)
    session = world.run(sessions.start(new_id(), NOWHERE))
    assert eventually(is_on_a_line, 1) == 1


def cut(world, _):
    """End every connection, as a node does that goes."""
    for name in world.valkey.hosts:
        world.valkey.client(name).client_kill_filter(_type="normal", skipme=True)


def mislead(_, client):
    """Have the client believe that each slot is where another is, as it does after slots have moved."""
    nodes = client.get_primaries()
    for slot, [primary, *_] in client.nodes_manager.slots_cache.items():
        client.nodes_manager.slots_cache[slot] = [nodes[nodes.index(primary) - 1]]


@pytest.mark.parametrize("fault", [cut, mislead])
def test_a_session_is_found_by_the_client_when_its_line_cannot(world, cache, fault):
    async def found():
        session = await sessions.start(new_id(), NOWHERE)
        for _ in range(2):
            await sessions.find(session.session_id)
        async with cache.client() as client:
            fault(world, client)
        return await sessions.find(session.session_id) == session

    sessions = ValkeySessions(cache)
    assert world.run(found())
