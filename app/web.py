"""The web role: the chosen services in one process, over HTTP, until SIGTERM."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Protocol

from litestar import Litestar
from litestar.openapi.config import OpenAPIConfig

from app import log
from app.beside import again, beside, vital
from app.contract import Contract
from app.data.attempts import ValkeyAttempts
from app.data.outbox import Relay
from app.data.shard_relay import ShardRelay
from app.drain import Drain
from app.http.about import about_router
from app.http.application import application
from app.http.dependencies import Asked, Routes
from app.http.session_cookie import session, visitor
from app.paying import payments_routers, payments_works
from app.process import run
from app.services.accounts.passwords import Passwords
from app.services.accounts.repository import PostgresCustomers
from app.services.accounts.routes import accounts_router
from app.services.catalog.internal import internal_catalog_router
from app.services.catalog.items import PostgresItems
from app.services.catalog.pictures import PostgresGallery
from app.services.catalog.routes import catalog_router
from app.services.catalog.stock import PostgresStock
from app.services.feedback.reviews import PostgresFeedback
from app.services.feedback.routes import feedback_router
from app.services.orders.carts import ShardedCarts
from app.services.orders.event_routes import events_router
from app.services.orders.records import ShardedOrders
from app.services.orders.routes import orders_router
from app.services.orders.sales import ShardedSales
from app.services.shipping.parcels import ShardedParcels, ShardedWebhooks
from app.services.shipping.routes import shipping_router
from app.settling import settling
from app.stores import Stores


def _accounts(stores: Stores) -> list[Routes]:
    return [accounts_router(PostgresCustomers(stores.database), Passwords(), ValkeyAttempts(stores.cache))]


def _catalog(stores: Stores) -> list[Routes]:
    stock = PostgresStock(stores.database)
    pictures = PostgresGallery(stores.database)
    return [
        catalog_router(PostgresItems(stores.database), pictures, stores),
        internal_catalog_router(stock, stores.gate),
    ]


def _orders(stores: Stores) -> list[Routes]:
    kept = stores.customers
    orders = ShardedOrders(kept)
    return [
        orders_router(ShardedCarts(kept), orders, settling(stores), ShardedSales(kept)),
        events_router(orders, stores.progress),
    ]


def _shipping(stores: Stores) -> list[Routes]:
    parcels, webhooks = ShardedParcels(stores.customers), ShardedWebhooks(stores.customers)
    return [shipping_router(parcels, webhooks, private=stores.on_one_machine)]


def _feedback(stores: Stores) -> list[Routes]:
    return [feedback_router(PostgresFeedback(stores.database))]


ROUTERS: Mapping[str, Callable[[Stores], list[Routes]]] = {
    "accounts": _accounts,
    "catalog": _catalog,
    "orders": _orders,
    "payments": payments_routers,
    "shipping": _shipping,
    "feedback": _feedback,
}
"""Service -> how it is put together from the process's stores: what customers ask of it, and what other services do."""
OUTBOXES = ("accounts", "feedback", "payments")
"""Services that write events with their changes."""


READ_BY: Mapping[str, Sequence[str]] = {"catalog": ["statistics"]}
"""Service -> whose tables it reads besides its own: they must be there, whichever process starts first."""


def serve(contract: Contract, services: Sequence[str]) -> int:
    """Serve *services* until SIGTERM or SIGINT; returns the process's exit status."""
    log.start(contract.log_level)
    return run(contract, "web", services, lambda drain: web(contract, services, drain))


def web(contract: Contract, services: Sequence[str], drain: Drain, openapi: OpenAPIConfig | None = None) -> Litestar:
    """The application of *services*, over the stores that *contract* names."""
    stores = Stores(contract, [*services, *(each for name in services for each in READ_BY.get(name, ()))])
    routes = [each for service in services for each in [about_router(contract, service), *ROUTERS[service](stores)]]
    given = {
        "sessions": stores.sessions,
        "session": Asked(partial(session, stores.sessions)),
        "visitor": Asked(partial(visitor, stores.sessions)),
    }
    lifespan = _lifespan(stores, works_of(contract, stores, services), drain)
    return application(contract, drain, routes, given, [lifespan], openapi)


class Work(Protocol):
    """What goes on beside the requests."""

    async def run(self) -> None:
        """Go on until cancelled."""
        ...


def works_of(contract: Contract, stores: Stores, services: Sequence[str]) -> list[Work]:
    """Whoever serves a service sends its events, and does what its requests left to be done."""
    works: list[Work] = []
    if outboxes := [service for service in services if service in OUTBOXES]:
        works.append(Relay(stores.database, stores.aws, contract.topic_arn, outboxes))
    if "catalog" in services:
        works.append(stores.hints)
    if "orders" in services:
        works.append(ShardRelay(stores.customers, stores.aws, contract.topic_arn, contract.queue_urls["sagas"]))
    if "payments" in services:
        works += payments_works(contract, stores)
    return works


def _lifespan(stores: Stores, works: Sequence[Work], drain: Drain) -> Any:
    """What runs beside the requests for as long as the process lives: migrations, and *works*."""

    @asynccontextmanager
    async def running(_: Litestar) -> AsyncIterator[None]:
        try:
            going_on = [again(type(each).__name__, each.run) for each in works]
            async with beside([vital("migrations", stores.migrations.apply(drain.prepare)), *going_on]):
                yield
        finally:
            await stores.close()

    return running
