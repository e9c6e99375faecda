"""A world in which the tests decide who goes on, who dies and whose answer is lost, between any two steps of a saga."""

from collections.abc import Callable, Coroutine, Generator
from contextlib import suppress
from typing import Any

from app.data.customers import ChangedError
from app.data.outage import Unavailable
from app.data.shard_outbox import EVENTS, OPEN
from app.messages import OrderDue, decode
from app.services.orders.domain import Charge, EmptyError, OrderLine, Reserved, Short, UnknownOrderError
from app.services.orders.records import ShardedOrders
from app.services.orders.settling import Settling
from tests.app.world import new_id


class Killed(BaseException):
    """What a server meets that dies."""


EXPECTED = (StopIteration, Killed, Unavailable, EmptyError, UnknownOrderError)
"""How a server's work may end."""


class Point:
    """Where a server may be held, killed, or told that the other side does not answer."""

    def __await__(self) -> Generator[None, None, None]:
        yield


class Kept:
    """Entries as a shard keeps them, and the rows beside them."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], tuple[str, int]] = {}
        self.rows: dict[tuple[str, str], str] = {}

    async def get(self, customer_id, entry):
        [found] = await self.get_all(customer_id, [entry])
        return found

    async def get_all(self, customer_id, entries):
        await Point()
        return [self.entries.get((customer_id, entry), ("", 0)) for entry in entries]

    async def between(self, customer_id, span, limit):
        await Point()
        found = sorted(key for key in self.entries if key[0] == customer_id and span[0] <= key[1] <= span[1])
        return [self.entries[key][0] for key in found[::-1][:limit]]

    async def sweep(self, key):
        await Point()
        self.rows.pop(key, None)
        await Point()

    async def put(self, customer_id, entry, body, seen):
        raise NotImplementedError

    async def write(self, customer_id, changes, rows=(), without=()):
        await Point()
        if any(self.entries.get((customer_id, each.entry), ("", 0))[1] != each.seen for each in changes):
            raise ChangedError
        for each in changes:
            self.entries[customer_id, each.entry] = (each.body, each.seen + 1)
        self.rows |= {row.key: row.body for row in rows}
        for key in without:
            self.rows.pop(key, None)
        await Point()


class Shelf:
    """Stock and prices as the catalog holds them: once by order, never after a release."""

    def __init__(self, available: dict[str, int]) -> None:
        self.available = available
        self.price = 100
        self.held: dict[str, tuple[OrderLine, ...] | None] = {}

    async def reserve(self, checkout):
        await Point()
        answer = self._reserve(checkout.order.order_id, checkout.order.lines)
        await Point()
        return answer

    def _reserve(self, order_id, lines):
        if order_id in self.held:
            known = self.held[order_id]
            return Reserved(known) if known else Short(())
        if short := tuple(line.item_id for line in lines if line.quantity > self.available[line.item_id]):
            return Short(short)
        for line in lines:
            self.available[line.item_id] -= line.quantity
        self.held[order_id] = tuple(OrderLine(each.item_id, each.quantity, "", self.price, "s") for each in lines)
        self.price += 1
        return Reserved(self.held[order_id] or ())

    async def release(self, checkout):
        await Point()
        for line in self.held.get(checkout.order.order_id) or ():
            self.available[line.item_id] += line.quantity
        self.held[checkout.order.order_id] = None
        await Point()


class Till:
    """Charges as payments keeps them; the means of payment says what the gateway does, and after how many questions."""

    def __init__(self) -> None:
        self.asked: dict[str, int] = {}
        self.taken: dict[str, int] = {}
        self.final: dict[str, Charge] = {}

    async def charge(self, checkout):
        await Point()
        answer = self._charge(checkout.order, checkout.payment)
        await Point()
        return answer

    def _charge(self, order, payment):
        verdict, late = payment.split("-")
        self.asked[order.order_id] = self.asked.get(order.order_id, 0) + 1
        if order.order_id not in self.final:
            if self.asked[order.order_id] <= int(late):
                return Charge.UNKNOWN
            self.final[order.order_id] = Charge(verdict)
            self.taken[order.order_id] = order.total_cents if verdict == "accepted" else 0
        return self.final[order.order_id]

    async def refund(self, checkout):
        await Point()
        self.final[checkout.order.order_id] = Charge.REFUSED
        self.taken[checkout.order.order_id] = 0
        await Point()


class Market:
    """Customers, servers and workers over one shelf, one till and one shard."""

    def __init__(self, stock: list[int]) -> None:
        self.items = [new_id() for _ in stock]
        self.stock = dict(zip(self.items, stock, strict=True))
        self.kept, self.shelf, self.till = Kept(), Shelf(dict(self.stock)), Till()
        self.orders = ShardedOrders(self.kept)
        self.settling = Settling(self.orders, self.shelf, self.till)
        self.running: list[Coroutine[Any, Any, Any]] = []
        self.begun: list[tuple[str, str]] = []

    def visit(self, quantities: list[int], payment: str) -> None:
        """A new customer's request to buy so many of each item begins."""
        customer_id, order_id = new_id(), new_id()
        lines = ",".join(
            f'{{"item_id":"{item}","quantity":{count}}}'
            for item, count in zip(self.items, quantities, strict=True)
            if count
        )
        self.kept.entries[customer_id, "cart"] = (f'{{"lines":[{lines}]}}', 1)
        self.begun.append((customer_id, order_id))
        self.running.append(self.settling.checkout(customer_id, order_id, payment))

    def again(self, at: int, what: Callable[[str, str], Coroutine[Any, Any, Any]]) -> None:
        """Another request or worker for one of the orders that were begun."""
        self.running.append(what(*self.begun[at % len(self.begun)]))

    def go_on(self, at: int, fault: BaseException | None = None) -> None:
        """Let one of those who run take its next step, or meet *fault* there."""
        if not self.running:
            return
        one = self.running[at % len(self.running)]
        try:
            one.throw(fault) if fault else one.send(None)
        except BaseException as end:  # whatever it was, this server is done with it
            self.running.remove(one)
            if not isinstance(end, EXPECTED):
                raise

    def finish(self) -> None:
        """Let all who live come to their end, then workers see to what is still open, as often as it takes."""
        while self.running:
            self.go_on(0)
        for _ in range(6):
            for row in [body for (partition, _), body in self.kept.rows.items() if partition == OPEN]:
                due = decode(row)
                assert isinstance(due, OrderDue)
                self.running.append(self.settling.resume(due.customer_id, due.order_id, due.message_id))
            while self.running:
                self.go_on(0)

    def checkouts(self) -> list[Any]:
        """Every order that came to be, as it is recorded now."""
        return [each for each in (self._now(self.orders.find(*both)) for both in self.begun) if each]

    def cart(self, customer_id: str) -> str:
        """What is in a customer's cart now."""
        return self.kept.entries[customer_id, "cart"][0]

    def events(self) -> list[Any]:
        """Every event that waits to be published."""
        return [decode(body) for (partition, _), body in self.kept.rows.items() if partition == EVENTS]

    def _now(self, asked: Coroutine[Any, Any, tuple[Any, int]]) -> Any:
        with suppress(*EXPECTED):
            while True:
                try:
                    asked.send(None)
                except StopIteration as answer:
                    return answer.value[0]
        return None
