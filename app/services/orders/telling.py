"""What each change of an order tells others: events, the saga's own mark of being open, and rows for its sellers."""

import uuid
from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from app.data.customers import Row
from app.data.shard import Key
from app.data.shard_outbox import event, open_key, unfinished
from app.messages import (
    Message,
    OrderDue,
    OrderLine,
    OrderPaid,
    OrderPlaced,
    OrderRefused,
    OrderReturned,
    ReturnRequested,
)
from app.services.orders.domain import Checkout, Sale, State
from app.services.orders.saga import SETTLED

SALES = "#sales"
"""Partitions of what each seller sold begin with this."""

TOLD: Mapping[State, tuple[type[Message], ...]] = MappingProxyType(
    {
        State.PAYING: (OrderPlaced,),
        State.PAID: (OrderPlaced, OrderPaid),
        State.REFUSED: (OrderRefused,),
        State.RETURNING: (ReturnRequested,),
        State.RETURNED: (OrderReturned,),
    }
)
"""State -> the events of becoming so; an order that was being paid has been told as placed before."""
_LINE = OrderLine.__struct_fields__


def rows(checkout: Checkout, before: State | None) -> list[Row]:
    """Rows to write with *checkout*, which was *before*."""
    marks = [] if checkout.order.state in SETTLED else [unfinished(_due(checkout))]
    return [*marks, *(event(message) for message in _messages(checkout, before)), *_sales(checkout)]


def without(checkout: Checkout) -> list[Key]:
    """Rows to have no more once *checkout* is written."""
    return [open_key(_due(checkout).message_id)] if checkout.order.state in SETTLED else []


def _due(checkout: Checkout) -> OrderDue:
    """The mark of being open; a return has its own, so that who sweeps an old one up never takes it along."""
    order_id = checkout.order.order_id
    returns = checkout.order.state in (State.RETURNING, State.RETURNED)
    mark = str(uuid.uuid5(uuid.UUID(order_id), "return")) if returns else order_id
    return OrderDue(message_id=mark, order_id=order_id, customer_id=checkout.customer_id)


def _messages(checkout: Checkout, before: State | None) -> list[Message]:
    """The events of a change, each under an id that follows from the order."""
    order = checkout.order
    said = {
        "order_id": order.order_id,
        "customer_id": checkout.customer_id,
        "lines": tuple(OrderLine(**{name: getattr(line, name) for name in _LINE}) for line in order.lines),
        "refusal": order.refusal,
    }
    return [
        kind(
            message_id=str(uuid.uuid5(uuid.UUID(order.order_id), kind.__name__)),
            **{name: said[name] for name in said.keys() & set(kind.__struct_fields__)},
        )
        for kind in TOLD.get(order.state, ())
        if not (kind is OrderPlaced and before is State.PAYING)
    ]


def _sales(checkout: Checkout) -> list[Row]:
    """A row for each line that was sold, and one more when it came back: what was written is never changed."""
    sign = {State.PAID: 1, State.RETURNED: -1}.get(checkout.order.state)
    if sign is None:
        return []
    return [
        Row(
            (f"{SALES}{line.seller_id}", f"{checkout.order.order_id}/{line.item_id}/{checkout.order.state}"),
            msgspec.json.encode(
                Sale(checkout.order.order_id, line.item_id, line.title, sign * line.quantity, line.price_cents)
            ).decode(),
        )
        for line in checkout.order.lines
    ]
