"""The work of the queue `sagas`: orders that were left unfinished are carried on until they are settled."""

from app.messages import ChargeSettled, Message, OrderDue
from app.queue.work import Kind, PoisonError, Work
from app.services.orders.domain import UnknownOrderError
from app.settling import settling
from app.stores import Stores


def sagas(stores: Stores) -> Work:
    """Carry orders on. An order that stays open is sent again by who relays its mark, so that none is waited for."""
    carrying = settling(stores)

    async def handle(message: Message) -> None:
        if not isinstance(message, OrderDue | ChargeSettled):
            raise PoisonError(f"{type(message).__name__} says nothing of an open order")
        mark = message.message_id if isinstance(message, OrderDue) else None
        try:
            await carrying.resume(message.customer_id, message.order_id, mark)
        except UnknownOrderError:
            raise PoisonError("the customer has no such order") from None

    return Work(handle=handle)


KIND = Kind(work=sagas)
