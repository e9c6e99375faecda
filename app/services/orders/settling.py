"""Carries an order on until it is settled, from its own record: in the request that placed it, or in a worker."""

from app.data.customers import ChangedError
from app.data.outage import Unavailable
from app.services.orders.domain import (
    Charge,
    Checkout,
    ClosedError,
    Orders,
    Payments,
    Reserved,
    Short,
    State,
    Stock,
    UnknownOrderError,
)
from app.services.orders.saga import Act, learn, next_act


class Settling:
    """The saga's calls and decisions, over what keeps orders, stock and money."""

    def __init__(self, orders: Orders, stock: Stock, payments: Payments, *, sells: bool = True) -> None:
        """Any number of these may work on the same order at once; without *sells* none is begun any more."""
        self._sells = sells
        self._orders = orders
        self._stock = stock
        self._payments = payments

    async def checkout(self, customer_id: str, order_id: str, payment: str) -> tuple[Checkout, bool]:
        """Buy what is in the cart; False for an order that was there before, which is carried on.

        Consistent: from the first write on the order is safe. Before that write raises EmptyError, ClosedError or
        Unavailable.
        """
        if not self._sells:
            return await self._found(customer_id, order_id), False
        checkout, seen, is_new = await self._orders.begin(customer_id, order_id, payment)
        return await self.settle(checkout, seen), is_new

    async def _found(self, customer_id: str, order_id: str) -> Checkout:
        """What was begun while the store sold, and is carried on now."""
        try:
            return await self.resume(customer_id, order_id)
        except UnknownOrderError:
            raise ClosedError from None

    async def resume(self, customer_id: str, order_id: str, mark: str | None = None) -> Checkout:
        """Carry on an order that whoever began it may have left; a *mark* of its being open that was left goes.

        Consistent: raises UnknownOrderError, or Unavailable when the customer's shard is out.
        """
        checkout, seen = await self._orders.find(customer_id, order_id)
        if mark and next_act(checkout.order) is None:
            await self._orders.forget(mark)
        return await self.settle(checkout, seen)

    async def settle(self, checkout: Checkout, seen: int) -> Checkout:
        """Go as far as is possible now; returns the order as it was last recorded, settled or not.

        Available: whoever is out leaves the order open, for a worker to carry on.
        """
        known = checkout
        while act := next_act(known.order):
            try:
                answer = await self._call(act, known)
                known = learn(known, answer)
                if known.order.state != checkout.order.state:
                    checkout, seen = await self._decide(known, checkout.order.state, seen)
                    known = checkout
            except Unavailable:
                break
            if answer is Charge.UNKNOWN:
                break
        return checkout

    async def _call(self, act: Act, checkout: Checkout) -> Reserved | Short | Charge | None:
        if act is Act.RESERVE:
            return await self._stock.reserve(checkout)
        if act is Act.CHARGE:
            return await self._payments.charge(checkout)
        await self._stock.release(checkout)
        await self._payments.refund(checkout)
        return None

    async def _decide(self, decided: Checkout, before: State, seen: int) -> tuple[Checkout, int]:
        """Record what was decided, or take what another server has decided meanwhile."""
        try:
            await self._orders.decide(decided, before, seen)
        except ChangedError:
            return await self._orders.find(decided.customer_id, decided.order.order_id)
        return decided, seen + 1

    async def take_back(self, customer_id: str, order_id: str) -> Checkout:
        """Return a paid order; any other is found as it is, one that is being returned among them.

        Consistent: from the first write on it will be returned. Raises UnknownOrderError, or Unavailable before that.
        """
        checkout, seen = await self._orders.find(customer_id, order_id)
        if checkout.order.state is State.PAID:
            checkout, seen = await self._decide(checkout.at(State.RETURNING), State.PAID, seen)
        return await self.settle(checkout, seen)
