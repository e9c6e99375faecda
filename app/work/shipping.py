"""Pack what is paid, let a simulated carrier bring it, and tell who wants to know that it has arrived."""

import uuid
from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from app.data.outage import Unavailable
from app.data.progress import Progress, Step
from app.messages import (
    Message,
    OrderPaid,
    OrderRefused,
    OrderReturned,
    ParcelDelivered,
    ParcelMoved,
    ReturnRequested,
)
from app.queue.sender import Sender
from app.queue.work import Kind, PoisonError, Work
from app.services.shipping.domain import WAY, Line, Parcel, Parcels, State, UnknownParcelError, Webhooks
from app.services.shipping.parcels import ShardedParcels, ShardedWebhooks
from app.stores import Stores
from app.work.webhooks import WebhookCaller

CARRIER_S = 1
"""Seconds that the simulated carrier takes from each state to the next; SQS holds a message back for up to 900."""

ORDERS: Mapping[type[Message], tuple[int, str]] = MappingProxyType(
    {
        OrderPaid: (1, "paid"),
        OrderRefused: (1, "refused"),
        ReturnRequested: (2, "returning"),
        OrderReturned: (3, "returned"),
    }
)
"""Event -> which step of its order it is, and the state that a browser is told."""


class Shipping:
    """Handles what is heard of orders and parcels. Every step is a conditional write: repeated or late, it counts once.

    A message of a next state is sent behind the write of the one before: who crashes in between does both again.
    """

    def __init__(
        self, parcels: Parcels, webhooks: Webhooks, caller: WebhookCaller, carrier: Sender, progress: Progress
    ) -> None:
        """Keep *parcels*, have *carrier* bring them, tell *progress*, and whoever *webhooks* name through *caller*."""
        self._parcels = parcels
        self._webhooks = webhooks
        self._caller = caller
        self._carrier = carrier
        self._progress = progress

    async def handle(self, message: Message) -> None:
        """Raises PoisonError for a message of another type."""
        if isinstance(message, OrderRefused | OrderReturned | OrderPaid | ReturnRequested):
            number, state = ORDERS[type(message)]
            await self._progress.tell(message.order_id, Step("order", number, state))
        match message:
            case OrderPaid():
                lines = tuple(Line(each.item_id, each.title, each.quantity) for each in message.lines)
                parcel = _packed(message.order_id, "packed", lines)
                await self._go_on(message.customer_id, await self._parcels.pack(message.customer_id, parcel))
            case ReturnRequested():
                await self._stop(message.customer_id, message.order_id)
            case ParcelMoved():
                await self._move(message)
            case ParcelDelivered():
                await self._tell(message)
            case OrderRefused() | OrderReturned():
                pass
            case _:
                raise PoisonError(f"{type(message).__name__} is not for the queue of shipping")

    async def _move(self, moved: ParcelMoved) -> None:
        if moved.state not in WAY:
            raise PoisonError("the carrier knows no such state")
        state: State = moved.state  # pyright: ignore[reportAssignmentType]  one of WAY
        event = _delivered(moved) if state == "delivered" else None
        try:
            parcel = await self._parcels.move(moved.customer_id, moved.order_id, state, event)
        except UnknownParcelError:
            raise PoisonError("the carrier moved a parcel that nobody packed") from None
        if parcel.state in WAY and WAY.index(parcel.state) < WAY.index(state):
            raise Unavailable("parcel", "an earlier move of the carrier has not come yet")
        if parcel.state == state:
            await self._go_on(moved.customer_id, parcel)

    async def _stop(self, customer_id: str, order_id: str) -> None:
        """A return may overtake the payment that it follows: then the parcel is known as one that is not sent."""
        await self._parcels.pack(customer_id, _packed(order_id, "stopped", ()))
        parcel = await self._parcels.move(customer_id, order_id, "stopped", None)
        await self._say(parcel)

    async def _go_on(self, customer_id: str, parcel: Parcel) -> None:
        await self._say(parcel)
        if parcel.next:
            order_id = parcel.order_id
            following = ParcelMoved(
                message_id=_id(order_id, parcel.next), order_id=order_id, customer_id=customer_id, state=parcel.next
            )
            await self._carrier.send(following, CARRIER_S)

    async def _say(self, parcel: Parcel) -> None:
        await self._progress.tell(parcel.order_id, Step("parcel", len(parcel.tracking), parcel.state))

    async def _tell(self, delivered: ParcelDelivered) -> None:
        if webhook := await self._webhooks.find(delivered.customer_id):
            body = {"type": "order.delivered", "order_id": delivered.order_id, "parcel_id": delivered.parcel_id}
            await self._caller.post(webhook, delivered.message_id, msgspec.json.encode(body))


def _packed(order_id: str, state: State, lines: tuple[Line, ...]) -> Parcel:
    return Parcel(_id(order_id, "parcel"), order_id, state, (state,), lines)


def _delivered(moved: ParcelMoved) -> ParcelDelivered:
    order_id = moved.order_id
    return ParcelDelivered(
        message_id=_id(order_id, "ParcelDelivered"),
        order_id=order_id,
        customer_id=moved.customer_id,
        parcel_id=_id(order_id, "parcel"),
    )


def _id(order_id: str, what: str) -> str:
    """An id that follows from the order: the same however often it is made."""
    return str(uuid.uuid5(uuid.UUID(order_id), what))


def _work(stores: Stores) -> Work:
    """Plain addresses are called only where no store speaks TLS either: on one machine."""
    shipping = Shipping(
        ShardedParcels(stores.customers),
        ShardedWebhooks(stores.customers),
        WebhookCaller(private=stores.on_one_machine),
        stores.queues["shipping"],
        stores.progress,
    )
    return Work(handle=shipping.handle)


KIND = Kind(work=_work)
