"""What a parcel is, the way that it takes, and where parcels and webhooks are kept."""

from typing import Annotated, Literal, Protocol

import msgspec
from msgspec import Meta, Struct

from app.messages import Message

State = Literal["packed", "shipped", "out_for_delivery", "delivered", "stopped"]
WAY: tuple[State, ...] = ("packed", "shipped", "out_for_delivery", "delivered")
"""Each state comes after the one before, and none is skipped; `stopped` is the end of a parcel that is not wanted."""

WebhookUrl = Annotated[str, Meta(min_length=9, max_length=500, pattern=r"^https?://[!-~]+(?![\s\S])")]


class Line(Struct, frozen=True):
    """So many of one item."""

    item_id: str
    title: str
    quantity: int


class Parcel(Struct, frozen=True):
    """The one parcel of an order, and where it has been."""

    parcel_id: str
    order_id: str
    state: State
    tracking: tuple[State, ...]
    """Every state that it has had, in order; the order is the parcel's own, no clock's."""
    lines: tuple[Line, ...]

    def moved(self, state: State) -> "Parcel":
        """The parcel in its next state."""
        return msgspec.structs.replace(self, state=state, tracking=(*self.tracking, state))

    @property
    def next(self) -> State | None:
        """The state after this one; None at the end of the way."""
        return None if self.state in ("delivered", "stopped") else WAY[WAY.index(self.state) + 1]


class NewWebhook(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a customer wants to be told that an order was delivered."""

    url: WebhookUrl


class Webhook(Struct, frozen=True):
    """Where a customer is told, and the secret that proves it is us: keep it."""

    url: str
    secret: Annotated[
        str, Meta(description="Key of the HMAC-SHA256 over `<Webhook-Id>.<body>`; Webhook-Signature is `v1=<hex>`.")
    ]


class UnknownParcelError(Exception):
    """The order has no parcel, or none yet."""


class Parcels(Protocol):
    """Where parcels are kept."""

    async def pack(self, customer_id: str, parcel: Parcel) -> Parcel:
        """Keep the parcel of an order; the one that is there already is found, whoever made it."""
        ...

    async def find(self, customer_id: str, order_id: str) -> Parcel:
        """The order's parcel; raises UnknownParcelError."""
        ...

    async def move(self, customer_id: str, order_id: str, state: State, event: Message | None) -> Parcel:
        """Have it in *state* if that is its next one, with *event*; else it stays. Raises UnknownParcelError."""
        ...


class Webhooks(Protocol):
    """Where it is kept who wants to be told."""

    async def set(self, customer_id: str, url: str) -> Webhook:
        """Tell *url* from now on; the same address keeps its secret."""
        ...

    async def find(self, customer_id: str) -> Webhook | None:
        """Where to tell the customer, if anywhere."""
        ...

    async def unset(self, customer_id: str) -> None:
        """Tell nobody any more."""
        ...
