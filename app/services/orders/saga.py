"""The checkout as a pure state machine: which call comes next, and what its answer decides.

Reserve stock, charge, and the order is paid; where one of them is refused, stock and money go back. Every call is made
under the order's id and may be repeated, so only decisions are recorded: a crash between two of them repeats calls, and
never finds a different answer. Compensation begins after it was decided, never before, so that of two servers that work
on one order the one whose decision was not written has undone nothing.

Source: Garcia-Molina & Salem 1987 (sagas).
"""

from enum import Enum

from msgspec.structs import replace

from app.services.orders.domain import Charge, Checkout, Order, Reserved, Short, State


class Act(Enum):
    """A call that an order needs."""

    RESERVE = "reserve"
    CHARGE = "charge"
    UNDO = "undo"
    """Release the stock and refund the charge, whether or not there was one: another server may be about to."""


UNDONE = {State.REFUSING: State.REFUSED, State.RETURNING: State.RETURNED}
SETTLED = frozenset({State.PAID, State.REFUSED, State.RETURNED})
"""States in which an order needs nothing more."""


def next_act(order: Order) -> Act | None:
    """The call that *order* needs next, or None."""
    if order.state in SETTLED:
        return None
    if order.state in UNDONE:
        return Act.UNDO
    return Act.CHARGE if order.total_cents else Act.RESERVE


def learn(checkout: Checkout, answer: Reserved | Short | Charge | None) -> Checkout:
    """What the *answer* to `next_act` makes of the order; None is the answer to UNDO."""
    order = checkout.order
    match answer:
        case Reserved(lines):
            total = sum(line.price_cents * line.quantity for line in lines)
            return replace(checkout, order=replace(order, lines=lines, total_cents=total))
        case Short(item_ids):
            return _refused(checkout, replace(order, refusal="stock", short=item_ids))
        case Charge.REFUSED:
            return _refused(checkout, replace(order, refusal="payment"))
        case Charge.ACCEPTED:
            return replace(checkout.at(State.PAID), payment="")
        case Charge.UNKNOWN:
            return checkout.at(State.PAYING)
    return checkout.at(UNDONE[order.state])


def _refused(checkout: Checkout, order: Order) -> Checkout:
    return replace(checkout, payment="", order=replace(order, state=State.REFUSING))
