"""Parcels and webhooks on the customers' shards: one entry for each order, one for the customer."""

import secrets

import msgspec

from app.data.customers import Change, ChangedError, Entries
from app.data.outage import Unavailable
from app.data.shard_outbox import event as row_of
from app.messages import Message
from app.services.shipping.domain import Parcel, State, UnknownParcelError, Webhook

WEBHOOK = "webhook"
TRIES = 5
"""Changes of one parcel at once: two deliveries of one message, and a return."""


class ShardedParcels:
    """Implements `domain.Parcels`."""

    def __init__(self, entries: Entries) -> None:
        """Keep parcels among *entries*."""
        self._entries = entries

    async def pack(self, customer_id: str, parcel: Parcel) -> Parcel:
        """Consistent: a conditional write, so that an order that is paid twice in words has one parcel."""
        try:
            await self._entries.put(customer_id, _entry(parcel.order_id), _text(parcel), 0)
        except ChangedError:
            return await self.find(customer_id, parcel.order_id)
        return parcel

    async def find(self, customer_id: str, order_id: str) -> Parcel:
        """Consistent: from the customer's own shard, or Unavailable."""
        parcel, _ = await self._read(customer_id, order_id)
        return parcel

    async def move(self, customer_id: str, order_id: str, state: State, event: Message | None) -> Parcel:
        """Consistent: the parcel and its event change together, once, however often and in what order it is asked."""
        for _ in range(TRIES):
            parcel, seen = await self._read(customer_id, order_id)
            if parcel.next is None or state not in (parcel.next, "stopped"):
                return parcel
            moved = parcel.moved(state)
            try:
                rows = [row_of(event)] if event else []
                await self._entries.write(customer_id, [Change(_entry(order_id), _text(moved), seen)], rows)
            except ChangedError:
                continue
            return moved
        raise Unavailable("parcel", "it changes faster than it can be read", retry_after_s=1)

    async def _read(self, customer_id: str, order_id: str) -> tuple[Parcel, int]:
        body, seen = await self._entries.get(customer_id, _entry(order_id))
        if not body:
            raise UnknownParcelError
        return msgspec.json.decode(body, type=Parcel), seen


class ShardedWebhooks:
    """Implements `domain.Webhooks`."""

    def __init__(self, entries: Entries) -> None:
        """Keep them among *entries*."""
        self._entries = entries

    async def set(self, customer_id: str, url: str) -> Webhook:
        """Consistent: a conditional write, read again when another page was quicker."""
        return await self._write(customer_id, url)

    async def find(self, customer_id: str) -> Webhook | None:
        """Consistent: from the customer's own shard, or Unavailable."""
        webhook, _ = await self._read(customer_id)
        return webhook if webhook.url else None

    async def unset(self, customer_id: str) -> None:
        """Consistent; the secret is forgotten with the address."""
        await self._write(customer_id, "")

    async def _write(self, customer_id: str, url: str) -> Webhook:
        for _ in range(TRIES):
            known, seen = await self._read(customer_id)
            if known.url == url:
                return known
            wanted = Webhook(url, secrets.token_hex(32) if url else "")
            try:
                await self._entries.put(customer_id, WEBHOOK, _text(wanted), seen)
            except ChangedError:
                continue
            return wanted
        raise Unavailable("webhook", "it changes faster than it can be read", retry_after_s=1)

    async def _read(self, customer_id: str) -> tuple[Webhook, int]:
        body, seen = await self._entries.get(customer_id, WEBHOOK)
        return (msgspec.json.decode(body, type=Webhook), seen) if body else (Webhook("", ""), 0)


def _entry(order_id: str) -> str:
    return f"parcel#{order_id}"


def _text(value: msgspec.Struct) -> str:
    return msgspec.json.encode(value).decode()
