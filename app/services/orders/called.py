"""Stock and payments as orders ask them of other services, by signed calls under the order's own id."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

from app.calls.client import Calls, Refused
from app.contract import CALLED
from app.data.outage import Unavailable
from app.services.orders.domain import CartLine, Charge, Checkout, OrderLine, Reserved, Short

CHARGE_S = 8.0
"""Seconds that a customer waits for the payment; then the order's page tells what became of it."""
CONFLICT = 409

OUTCOMES: Mapping[str, Charge] = MappingProxyType(
    {
        "accepted": Charge.ACCEPTED,
        "refused": Charge.REFUSED,
        "cancelled": Charge.REFUSED,
        "pending": Charge.UNKNOWN,
    }
)
_LINE = re.compile(r"lines\[(?P<at>[0-9]{1,3})\]")


class _Hold(Struct, frozen=True):
    lines: tuple[CartLine, ...]


class _Held(Struct, frozen=True):
    lines: tuple[OrderLine, ...]


class _Charge(Struct, frozen=True):
    amount_cents: int
    payment: str


class _Charged(Struct, frozen=True):
    state: Literal["accepted", "refused", "cancelled", "pending"]


class CalledStock:
    """Implements `domain.Stock`."""

    def __init__(self, calls: Calls) -> None:
        """Ask the catalog by *calls*."""
        self._calls = calls

    async def reserve(self, checkout: Checkout) -> Reserved | Short:
        """Consistent: the catalog holds all or nothing. Raises Unavailable when it does not say which."""
        lines = tuple(CartLine(line.item_id, line.quantity) for line in checkout.order.lines)
        path, customer_id = _path("catalog", "reservations", checkout), checkout.customer_id
        try:
            held = await self._calls.call("PUT", path, _Held, customer_id=customer_id, body=_Hold(lines))
        except Refused as refused:
            _only_conflicts("catalog", refused)
            named = [_LINE.match(error.field) for error in refused.problem.errors]
            return Short(tuple(lines[int(match["at"])].item_id for match in named if match))
        return Reserved(held.lines)

    async def release(self, checkout: Checkout) -> None:
        """Consistent: raises Unavailable until the catalog has said that nothing is held for the order any more."""
        await _take_back(self._calls, "catalog", "reservations", checkout)


class CalledPayments:
    """Implements `domain.Payments`."""

    def __init__(self, calls: Calls) -> None:
        """Ask the payments service by *calls*."""
        self._calls = calls

    async def charge(self, checkout: Checkout) -> Charge:
        """Available: UNKNOWN when payments has not said within CHARGE_S what became of it."""
        path, customer_id = _path("payments", "charges", checkout), checkout.customer_id
        body = _Charge(checkout.order.total_cents, checkout.payment)
        try:
            made = await self._calls.call(
                "PUT", path, _Charged, customer_id=customer_id, body=body, deadline_s=CHARGE_S
            )
        except Unavailable:
            return Charge.UNKNOWN
        except Refused as refused:
            _only_conflicts("payments", refused)
            return Charge.REFUSED
        return OUTCOMES[made.state]

    async def refund(self, checkout: Checkout) -> None:
        """Consistent: raises Unavailable until payments has said that the order is charged nothing, now and later."""
        await _take_back(self._calls, "payments", "charges", checkout)


def _path(service: str, what: str, checkout: Checkout) -> str:
    return f"{CALLED[service]}/{what}/{checkout.order.order_id}"


async def _take_back(calls: Calls, service: str, what: str, checkout: Checkout) -> None:
    """DELETE what was made under the order's id; a conflict says that the id is another customer's, as it then was."""
    try:
        await calls.call("DELETE", _path(service, what, checkout), type(None), customer_id=checkout.customer_id)
    except Refused as refused:
        _only_conflicts(service, refused)


def _only_conflicts(service: str, refused: Refused) -> None:
    """Whatever else is refused is a fault of ours, which leaves the order open until it is mended."""
    if refused.status != CONFLICT:
        raise Unavailable(service, f"it refused with {refused.status}") from refused
