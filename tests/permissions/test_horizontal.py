"""Each fleet of the horizontal store may do what its one service or queue needs, and is refused all else."""

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
NEEDS = needs("horizontal")
OWNED = {
    "accounts": "database",
    "catalog": "database",
    "orders": "tables",
    "payments": "database",
    "shipping": "tables",
    "feedback": "database",
}
"""Service -> the store that holds what it owns: customers, items, payments, reviews in PostgreSQL, else in shards."""
WORKERS = [fleet for fleet in NEEDS if fleet.startswith("worker-")]


@pytest.fixture(scope="module")
def world():
    with standing("offline") as store:
        yield World.around(store)


@pytest.fixture(scope="module")
def theirs(world):
    return another_stack(world.store)


@pytest.mark.parametrize("fleet", NEEDS)
def test_a_server_may_do_what_its_fleet_needs_and_not_what_others_need(world, fleet):
    server = server_of(world.store, fleet)
    told = {word: set(outcomes(uses(world)[word], server).values()) for word in WORDS}
    assert told == {word: {"allowed"} if word in NEEDS[fleet] else {"refused"} for word in WORDS}


@pytest.mark.parametrize("fleet", NEEDS)
def test_a_server_has_nothing_of_another_stack(world, theirs, fleet):
    told = outcomes(of_others(theirs), server_of(world.store, fleet))
    assert {what: each for what, each in told.items() if each != "refused"} == {}


@pytest.mark.parametrize("fleet", NEEDS)
def test_a_server_cannot_see_or_widen_permissions(world, fleet):
    role = role_of(world.store, fleet).rpartition("/")[2]
    told = outcomes(of_iam(role), server_of(world.store, fleet))
    assert {what: each for what, each in told.items() if each != "refused"} == {}


@pytest.mark.parametrize("fleet", NEEDS)
def test_a_server_cannot_change_the_store_itself(world, fleet):
    told = outcomes(of_the_store(world.store, world.artifact), server_of(world.store, fleet))
    assert {what: each for what, each in told.items() if each != "refused"} == {}


@pytest.mark.parametrize("worker", WORKERS)
def test_a_worker_ends_its_own_drain_alone(world, worker):
    calls = leaving(world.store, worker)
    strangers = {
        fleet: set(outcomes(calls, server_of(world.store, fleet)).values()) for fleet in NEEDS if fleet != worker
    }
    assert set().union(*strangers.values()) == {"refused"}
    assert set(outcomes(calls, server_of(world.store, worker)).values()) == {"allowed"}


@pytest.mark.parametrize("worker", WORKERS)
def test_a_worker_finds_the_group_and_the_hook_that_hold_it(world, worker):
    assert set(outcomes(finding(world.store, worker), server_of(world.store, worker)).values()) == {"allowed"}


def test_every_word_of_the_grants_is_tried():
    assert unknown_words() == set()


@pytest.mark.parametrize("service", OWNED)
def test_a_service_reaches_the_store_that_it_owns_and_not_the_other(world, service):
    server = server_of(world.store, f"app-{service}")
    told = {store: set(outcomes(uses(world)[store], server).values()) for store in ("database", "tables")}
    assert told == {store: {"allowed" if store == OWNED[service] else "refused"} for store in told}


def test_whatever_the_app_asks_of_aws_is_tried():
    asked = {method for path in APP.rglob("*.py") for method in ASKED.findall(path.read_text(encoding="utf-8"))}
    here = APP.parent / "tests" / "permissions"
    tried = "".join((here / name).read_text(encoding="utf-8") for name in ("uses.py", "enforcing.py"))
    assert (
        len(asked) > 3,
        {method for method in asked if f"{method}(" not in tried and f'"{method}"' not in tried},
    ) == (
        True,
        set(),
    )
