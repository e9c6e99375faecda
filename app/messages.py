"""Every message that one part of the store sends to another, with its version; the consumer's contract."""

import functools
import operator
from typing import Any

import msgspec

VERSION = 1
"""Version that this release writes. A field may be added with a default; anything else is a new version, which every
consumer must know before a producer writes it."""


class UnknownMessageError(Exception):
    """A message of a type or version that this release does not know: left to the dead-letter queue, never guessed."""


class Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", forbid_unknown_fields=False):
    """What all messages have. A reader ignores fields that it does not know: a newer producer may have added them."""

    message_id: str
    """The same each time that the message is delivered, which may be more than once."""
    version: int = VERSION


class CustomerSignedUp(Message, frozen=True, kw_only=True, tag="CustomerSignedUp"):
    """A customer exists. The mail worker welcomes them."""

    customer_id: str


class Counted(Message, frozen=True, kw_only=True):
    """What happens so often that one message tells of all times within a second."""

    times: int = 1


class ItemViewed(Counted, frozen=True, kw_only=True, tag="ItemViewed"):
    """Somebody looked at an item. Sent to the queue `statistics` itself, and lost when that is easier."""

    item_id: str


class ItemsSearched(Counted, frozen=True, kw_only=True, tag="ItemsSearched"):
    """Somebody searched. As ItemViewed."""

    words: str
    found: int


class ReviewWritten(Message, frozen=True, kw_only=True, tag="ReviewWritten"):
    """A customer has said what they think of an item, or something else than before. Statistics hear of it."""

    item_id: str
    rating: int
    """1 to 5 stars."""


class OrderLine(msgspec.Struct, frozen=True, kw_only=True):
    """So many of one item, at the price and under the title of the moment in which the order was placed."""

    item_id: str
    title: str
    quantity: int
    price_cents: int


class OrderPlaced(Message, frozen=True, kw_only=True, tag="OrderPlaced"):
    """An order is safe, its stock is held; whether it is paid may not be known yet. The mail worker confirms it."""

    order_id: str
    customer_id: str
    lines: tuple[OrderLine, ...]


class OrderPaid(Message, frozen=True, kw_only=True, tag="OrderPaid"):
    """An order's whole sum is charged. Shipping makes the parcel; the mail worker sends the invoice."""

    order_id: str
    customer_id: str
    lines: tuple[OrderLine, ...]


class OrderRefused(Message, frozen=True, kw_only=True, tag="OrderRefused"):
    """Nothing was bought, and nothing is charged or held any more."""

    order_id: str
    customer_id: str
    refusal: str
    """"stock" or "payment"."""


class ReturnRequested(Message, frozen=True, kw_only=True, tag="ReturnRequested"):
    """A customer returns a paid order; its money and its stock go back."""

    order_id: str
    customer_id: str


class OrderReturned(Message, frozen=True, kw_only=True, tag="OrderReturned"):
    """The money and the stock of an order are back."""

    order_id: str
    customer_id: str
    lines: tuple[OrderLine, ...]


class OrderDue(Message, frozen=True, kw_only=True, tag="OrderDue"):
    """An order is not settled yet, for whatever reason. The queue `sagas` is sent this until the order is."""

    order_id: str
    customer_id: str


class ChargeSettled(Message, frozen=True, kw_only=True, tag="ChargeSettled"):
    """The gateway has said what became of a charge that it had not answered in time. The saga goes on."""

    order_id: str
    """Of the order that is charged, whose id is the charge's."""
    customer_id: str
    verdict: str
    """"accepted" or "refused"."""


class RefundIssued(Message, frozen=True, kw_only=True, tag="RefundIssued"):
    """Money of an order has gone back. The mail worker says so."""

    order_id: str
    customer_id: str
    amount_cents: int


class ParcelMoved(Message, frozen=True, kw_only=True, tag="ParcelMoved"):
    """The carrier has brought an order's parcel into its next state. Sent to the queue `shipping` itself."""

    order_id: str
    customer_id: str
    state: str


class ParcelDelivered(Message, frozen=True, kw_only=True, tag="ParcelDelivered"):
    """The customer has what they ordered."""

    order_id: str
    customer_id: str
    parcel_id: str


class PictureUploaded(Message, frozen=True, kw_only=True, tag="PictureUploaded"):
    """A seller has put a picture of an item into the object store; its sizes are to be made."""

    item_id: str
    picture_id: str


MESSAGES: tuple[type[Message], ...] = (
    ChargeSettled,
    CustomerSignedUp,
    ItemViewed,
    ItemsSearched,
    OrderDue,
    OrderPaid,
    OrderPlaced,
    OrderRefused,
    OrderReturned,
    ParcelDelivered,
    ParcelMoved,
    PictureUploaded,
    RefundIssued,
    ReturnRequested,
    ReviewWritten,
)
"""Every type of message; `docs/api/messages.json` holds their schemas."""

_ANY: Any = functools.reduce(operator.or_, MESSAGES)


def encode(message: Message) -> str:
    """Write *message* as JSON, its type among its fields."""
    return msgspec.json.encode(message).decode()


def decode(text: str | bytes) -> Message:
    """Read a message; raises UnknownMessageError for a type, version or shape that this release does not know."""
    try:
        message: Message = msgspec.json.decode(text, type=_ANY)
    except msgspec.DecodeError as wrong:
        raise UnknownMessageError(str(wrong)) from None
    if message.version != VERSION:
        raise UnknownMessageError(f"{type(message).__name__} has version {message.version}; known: {VERSION}")
    return message


def schemas() -> dict[str, Any]:
    """The JSON Schema of every message, by name."""
    _, components = msgspec.json.schema_components(MESSAGES)
    return components
