"""What charges and refunds are, where they are kept, and what a payment gateway can do."""

from enum import StrEnum
from typing import Annotated, Protocol

from msgspec import Meta, Struct

from app.data.database import NOWHERE, Position
from app.services.fields import LINE

PAGE = 50
"""Charges on one page at most."""

Cents = Annotated[int, Meta(ge=1, le=1_000_000_000)]


class State(StrEnum):
    """How far a charge is. Every change is one conditional write."""

    PENDING = "pending"
    """The gateway was asked, and has not answered in time: it may have taken the money."""
    ACCEPTED = "accepted"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    """Taken back: the customer pays nothing, now and later. Final."""


class Verdict(StrEnum):
    """What the gateway says of a charge."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


class NewCharge(Struct, frozen=True, forbid_unknown_fields=True):
    """What a customer is to pay, and how."""

    amount_cents: Cents
    payment: Annotated[str, Meta(min_length=1, max_length=200, pattern=LINE)]
    """The gateway's token of the means of payment; never a card's number."""


class Charge(Struct, frozen=True):
    """A charge, as its customer and who asked for it see it; its id is the order's."""

    charge_id: str
    state: State
    amount_cents: int
    """0 for what was taken back before it was asked for."""
    refunded_cents: int
    """What has gone back or is on its way."""


class NewRefund(Struct, frozen=True, forbid_unknown_fields=True):
    """How much a customer gets back."""

    amount_cents: Cents


class Refund(Struct, frozen=True):
    """A part of a charge that goes back; the gateway makes it a moment later."""

    refund_id: str
    charge_id: str
    amount_cents: int


class History(Struct, frozen=True):
    """Some of a customer's charges, the latest first."""

    charges: list[Charge]
    next: str | None
    """What to give as `before` for the page after this one; null on the last."""


class Notice(Struct, frozen=True):
    """What the gateway tells by itself; a field that is not known here is the gateway's own business."""

    charge_id: str
    verdict: Verdict
    amount_cents: int


class TakenError(Exception):
    """The id names another charge or refund, or one that was taken back."""


class UnknownChargeError(Exception):
    """The customer has no such charge."""


class ExceededError(Exception):
    """More would go back than was taken, or nothing was taken."""


class ForgedError(Exception):
    """A notice that was seen before, or is not of these minutes."""


class Charges(Protocol):
    """Where charges are kept."""

    async def begin(self, charge_id: str, customer_id: str, wanted: NewCharge) -> tuple[Charge, bool]:
        """Keep a charge before the gateway is asked; False for one that was there; raises TakenError."""
        ...

    async def settle(self, charge_id: str, verdict: Verdict, *, tell: bool) -> Charge:
        """Keep what the gateway said, once; with *tell* others are told, who may have waited for it."""
        ...

    async def notice(self, told: Notice, nonce: str, sent_s: int) -> None:
        """Keep what the gateway told by itself; raises ForgedError, UnknownChargeError, or TakenError."""
        ...

    async def cancel(self, charge_id: str, customer_id: str) -> None:
        """Have the customer pay nothing under this id, now and later; raises TakenError."""
        ...

    async def refund(self, charge_id: str, customer_id: str, refund_id: str, amount_cents: int) -> tuple[Refund, bool]:
        """Give a part back; False for a repetition; raises UnknownChargeError, ExceededError or TakenError."""
        ...

    async def find(self, charge_id: str, customer_id: str) -> Charge:
        """The customer's charge as it is now; raises UnknownChargeError."""
        ...

    async def of_customer(self, customer_id: str, before: int | None, limit: int, after: Position = NOWHERE) -> History:
        """One page of the customer's charges."""
        ...


class Errand(Struct, frozen=True):
    """A charge that waits for the gateway: for its verdict while pending, for its void once cancelled."""

    charge_id: str
    state: State
    amount_cents: int
    payment: str


class Errands(Protocol):
    """What the gateway is still to be asked, or to be told."""

    async def charge(self) -> Errand | None:
        """Claim a charge that is due, for some seconds."""
        ...

    async def voided(self, charge_id: str, back_cents: int) -> None:
        """Keep that the gateway has given back *back_cents* in all, and tell others of what they do not know of."""
        ...

    async def refund(self) -> Refund | None:
        """Claim a refund that is due, for some seconds."""
        ...

    async def refunded(self, refund: Refund) -> None:
        """Keep that the gateway has made the refund, and tell others."""
        ...


class Gateway(Protocol):
    """A payment gateway. Every call may be repeated under the same ids, and then has the effect of one."""

    async def charge(self, charge_id: str, amount_cents: int, payment: str) -> Verdict:
        """Take the money, or refuse; may never answer, so that whoever asks needs a deadline."""
        ...

    async def refund(self, charge_id: str, refund_id: str, amount_cents: int) -> None:
        """Give a part back."""
        ...

    async def void(self, charge_id: str) -> int:
        """Give back all that was taken, and take nothing under this id ever again; returns what went back in all."""
        ...
