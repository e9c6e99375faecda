"""Servers of every fleet, one for each service or one for all, may do what it needs, and are refused all else."""

import re
from pathlib import Path

import pytest

from tests.permissions.enforcing import WORDS, finding, leaving, needs, outcomes, role_of, server_of, unknown_words
from tests.permissions.forbidden import another_stack, of_iam, of_others, of_the_store
from tests.permissions.uses import World, uses
from tests.stores import standing

APP = Path(__file__).parents[2] / "app"
ASKED = re.compile(r"""_aws\.call\(\s*"\w+",\s*"(\w+)\"""")
"""Service and operation, as `app/data/aws.py` takes them."""
STORES = {"horizontal": ("offline", {}), "vertical": ("production", {"scaling": "vertical", "size": "small"})}
FLEETS = [(scaling, fleet) for scaling in STORES for fleet in needs(scaling)]
WORKERS = [(scaling, fleet) for scaling, fleet in FLEETS if fleet.startswith("worker-")]
OWNED = {
    "accounts": "database",
    "catalog": "database",
    "orders": "tables",
    "payments": "database",
    "shipping": "tables",
    "feedback": "database",
}
"""Service -> the store that holds what it owns: customers, items, payments, reviews in PostgreSQL, else in shards."""


@pytest.fixture(scope="module")
def world(request):
    stack, overrides = STORES[request.param]
    with standing(stack, overrides) as store:
        yield World.around(store)


@pytest.fixture(scope="module")
def needed(world):
    """Fleet -> what it needs, of every fleet of the store."""
    return needs(world.store.outputs["deployed_as"]["scaling"])


def in_its_store(of, what):
    """Run a test in the store that each of them stands in: both stores stand once."""
    return pytest.mark.parametrize(("world", what), of, indirect=["world"], scope="module")


@pytest.fixture(scope="module")
def theirs(world):
    return another_stack(world.store)


@in_its_store(FLEETS, "fleet")
def test_a_server_may_do_what_its_fleet_needs_and_not_what_others_need(world, needed, fleet):
    server = server_of(world.store, fleet)
    told = {word: set(outcomes(uses(world)[word], server).values()) for word in WORDS}
    assert told == {word: {"allowed"} if word in needed[fleet] else {"refused"} for word in WORDS}


@in_its_store(FLEETS, "fleet")
def test_a_server_has_nothing_of_another_stack(world, theirs, fleet):
    told = outcomes(of_others(theirs), server_of(world.store, fleet))
    assert {what: each for what, each in told.items() if each != "refused"} == {}


@in_its_store(FLEETS, "fleet")
def test_a_server_cannot_see_or_widen_permissions(world, fleet):
    role = role_of(world.store, fleet).rpartition("/")[2]
    told = outcomes(of_iam(role), server_of(world.store, fleet))
    assert {what: each for what, each in told.items() if each != "refused"} == {}


@in_its_store(FLEETS, "fleet")
def test_a_server_cannot_change_the_store_itself(world, fleet):
    told = outcomes(of_the_store(world.store, world.artifact), server_of(world.store, fleet))
    assert {what: each for what, each in told.items() if each != "refused"} == {}


@in_its_store(WORKERS, "worker")
def test_a_worker_ends_its_own_drain_alone(world, needed, worker):
    calls = leaving(world.store, worker)
    strangers = {
        fleet: set(outcomes(calls, server_of(world.store, fleet)).values()) for fleet in needed if fleet != worker
    }
    assert set().union(*strangers.values()) == {"refused"}
    assert set(outcomes(calls, server_of(world.store, worker)).values()) == {"allowed"}


@in_its_store(WORKERS, "worker")
def test_a_worker_finds_the_group_and_the_hook_that_hold_it(world, worker):
    assert set(outcomes(finding(world.store, worker), server_of(world.store, worker)).values()) == {"allowed"}


@pytest.mark.parametrize("owner", needs("vertical"))
@in_its_store([("vertical", fleet) for fleet in needs("vertical")], "writer")
def test_a_server_writes_to_its_own_log_alone(world, writer, owner):
    log = {"logGroupName": f"/bigpicture/production/{owner}", "logStreamName": f"of-{writer}"}
    calls = {
        "stream": lambda of: of("logs").create_log_stream(**log),
        "events": lambda of: of("logs").put_log_events(**log, logEvents=[{"timestamp": 1, "message": "hello"}]),
    }
    told = set(outcomes(calls, server_of(world.store, writer)).values())
    assert told == ({"allowed"} if writer == owner else {"refused"})


def test_every_word_of_the_grants_is_tried():
    assert unknown_words() == set()


@in_its_store([("horizontal", service) for service in OWNED], "service")
def test_a_service_reaches_the_store_that_it_owns_and_not_the_other(world, service):
    server = server_of(world.store, f"app-{service}")
    told = {store: set(outcomes(uses(world)[store], server).values()) for store in ("database", "tables")}
    assert told == {store: {"allowed" if store == OWNED[service] else "refused"} for store in told}


def test_whatever_the_app_asks_of_aws_is_tried():
    asked = {method for path in APP.rglob("*.py") for method in ASKED.findall(path.read_text(encoding="utf-8"))}
    here = APP.parent / "tests" / "permissions"
    tried = "".join((here / name).read_text(encoding="utf-8") for name in ("uses.py", "enforcing.py", "forbidden.py"))
    assert (
        len(asked) > 3,
        {method for method in asked if f"{method}(" not in tried and f'"{method}"' not in tried},
    ) == (
        True,
        set(),
    )
