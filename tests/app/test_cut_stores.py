"""With its store cut off, each method does what it says: consistent ones refuse, available ones answer."""

import ast
import importlib
import typing
from collections.abc import Iterator

import pytest

from app.data.customers import ShardedEntries
from app.data.database import Database
from app.data.outage import Unavailable
from app.data.valkey import Cache
from app.stores import Stores
from tests.app.examples import arguments
from tests.app.processes import free_port
from tests.app.store_classes import APP, STORES, public_methods

NEEDS_MORE = {"leave": "takes another shard", "watch": "is a stream, held in tests/app/test_order_events.py"}


def class_of(path, node):
    module = ".".join(("app", *path.relative_to(APP).with_suffix("").parts))
    return getattr(importlib.import_module(module), node.name)


METHODS = {
    f"{node.name}.{method.name}": (class_of(path, node), method.name, "Available" in (ast.get_docstring(method) or ""))
    for path, node in STORES
    for method in public_methods(node)
    if method.name not in NEEDS_MORE
}
AVAILABLE = [name for name, (_, _, is_available) in METHODS.items() if is_available]
CONSISTENT = [name for name in METHODS if name not in AVAILABLE]


@pytest.fixture(scope="module")
def cut(world) -> Iterator[Stores]:
    """The stores of a process whose primary, cache and shards answer nothing; the replicas live."""
    with pytest.MonkeyPatch.context() as here:
        here.setenv("AWS_ENDPOINT_URL_DYNAMODB", f"http://127.0.0.1:{free_port()}")
        nowhere = {"BIGPICTURE_DATABASE_HOST": "127.0.0.1", "BIGPICTURE_CACHE_PORT": str(free_port())}
        stores = world.stores_with(**nowhere)
        stores.migrations._done.set()
        world.caught_up()
        yield stores
        world.run(stores.close())


def call(world, stores, name):
    """Ask the method *name* of its class, over *stores*, for anything."""
    kind, method, _ = METHODS[name]
    if kind is ShardedEntries:
        store = stores.customers
    else:
        wanted = next(iter(typing.get_type_hints(kind.__init__).values()))
        store = kind({Database: stores.database, Cache: stores.cache}.get(wanted, stores.customers))
    given = arguments(getattr(store, method))
    if "session_id" in given:  # what is no session's id is answered without asking the cache
        given["session_id"] = world.log_in().session_id
    return world.run(getattr(store, method)(**given))


def refuses(world, stores, name):
    """Say whether the method *name* is unavailable over *stores*."""
    try:
        call(world, stores, name)
    except Unavailable:
        return True
    return False


@pytest.mark.parametrize("name", CONSISTENT)
def test_a_consistent_method_refuses(world, cut, name):
    assert refuses(world, cut, name)


@pytest.mark.parametrize("name", AVAILABLE)
def test_an_available_method_answers(world, cut, name):
    assert not refuses(world, cut, name)
