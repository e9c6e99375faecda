"""The web role: the chosen services in one process, over HTTP, until SIGTERM."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Router
from litestar.di import Provide
from litestar.openapi.config import OpenAPIConfig

from app import log
from app.contract import Contract
from app.data.attempts import ValkeyAttempts
from app.data.outbox import Relay
from app.drain import Drain
from app.http.application import application
from app.http.dependencies import given
from app.http.session_cookie import session, visitor
from app.process import run
from app.services.accounts.passwords import Passwords
from app.services.accounts.repository import PostgresCustomers
from app.services.accounts.routes import accounts_router
from app.services.catalog.items import PostgresItems
from app.services.catalog.routes import catalog_router
from app.services.catalog.stock import PostgresStock
from app.services.feedback.reviews import PostgresFeedback
from app.services.feedback.routes import feedback_router
from app.services.orders.carts import ShardedCarts
from app.services.orders.routes import orders_router
from app.stores import Stores


def _accounts(stores: Stores) -> Router:
    return accounts_router(PostgresCustomers(stores.database), Passwords(), ValkeyAttempts(stores.cache))


def _catalog(stores: Stores) -> Router:
    return catalog_router(PostgresItems(stores.database), PostgresStock(stores.database))


def _orders(stores: Stores) -> Router:
    return orders_router(ShardedCarts(stores.customers))


def _feedback(stores: Stores) -> Router:
    return feedback_router(PostgresFeedback(stores.database))


ROUTERS: Mapping[str, Callable[[Stores], Router]] = {
    "accounts": _accounts,
    "catalog": _catalog,
    "orders": _orders,
    "feedback": _feedback,
}
"""Service -> how it is put together from the process's stores."""
OUTBOXES = ("accounts", "feedback")
"""Services that write events with their changes."""


def serve(contract: Contract, services: Sequence[str]) -> int:
    """Serve *services* until SIGTERM or SIGINT; returns the process's exit status."""
    log.start(contract.log_level)
    for service in (each for each in services if each not in ROUTERS):
        log.event("service is not built yet", level=logging.WARNING, service=service)
    return run(contract, "web", services, lambda drain: web(contract, services, drain))


def web(contract: Contract, services: Sequence[str], drain: Drain, openapi: OpenAPIConfig | None = None) -> Litestar:
    """The application of *services*, over the stores that *contract* names."""
    stores = Stores(contract, services)
    routers = [ROUTERS[service](stores) for service in services if service in ROUTERS]
    dependencies = {
        "sessions": given(stores.sessions),
        "session": Provide(session),
        "visitor": Provide(visitor),
    }
    beside = _beside(stores, Relay(stores.database, stores.aws, contract.topic_arn, _outboxes(services)))
    return application(contract, drain, routers, dependencies, [beside], openapi)


def _outboxes(services: Sequence[str]) -> list[str]:
    return [service for service in services if service in OUTBOXES]


def _beside(stores: Stores, relay: Relay) -> Any:
    """What runs beside the requests for as long as the process lives: migrations, then the outboxes' relay."""

    @asynccontextmanager
    async def running(_: Litestar) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(stores.migrations.apply()), asyncio.create_task(relay.run())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await stores.close()

    return running
