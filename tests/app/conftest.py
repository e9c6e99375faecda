"""The stores that the app's tests share: real servers for the session, an account for each file."""

from collections.abc import Iterator

import pytest

from offline.account import open_account
from tests.app.inside import Inside, open_inside
from tests.app.processes import NOWHERE, App, running
from tests.app.world import Caller, World


@pytest.fixture(scope="module")
def world(postgres, valkey_cluster) -> Iterator[World]:
    """One account for the file: opening another, as other files do, closes it."""
    account = open_account("eu-west-1", "app")
    with pytest.MonkeyPatch.context() as here:
        for name, value in (NOWHERE | {"AWS_ENDPOINT_URL": account.serve()}).items():
            here.setenv(name, value)
        world = World(account, postgres, valkey_cluster)
        yield world
        world.close()
    account.close()


@pytest.fixture(scope="module")
def inside() -> Iterator[Inside]:
    """The way from service to service."""
    with open_inside() as inside:
        yield inside


@pytest.fixture(scope="module")
def store(world, inside) -> Iterator[App]:
    """One process with every service that there is."""
    environment = world.environment | {"BIGPICTURE_INTERNAL_URL": inside.url}
    with running("web", "--services", "accounts,catalog,orders,payments,shipping,feedback", **environment) as app:
        inside.servers.append(app.port)
        yield app


@pytest.fixture
def seller(world) -> Caller:
    """Somebody new."""
    return world.log_in()


@pytest.fixture
def customer(world) -> Caller:
    """Somebody new, and not the seller."""
    return world.log_in()


@pytest.fixture
def lagging(world):
    """All replicas have every table, answer, and replay nothing more."""
    world.caught_up()
    for name in world.postgres.replicas:
        world.postgres.pause(name)
    yield
    for name in world.postgres.replicas:
        world.postgres.resume(name)
