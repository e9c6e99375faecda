"""Write to customers of what became of their orders, with the invoice; each message makes one letter."""

import re
from collections.abc import Callable, Mapping
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTPUTF8
from types import MappingProxyType
from typing import Any, Protocol

from app.contract import OUTBOX
from app.data.objects import Objects
from app.messages import (
    CustomerSignedUp,
    Message,
    OrderPaid,
    OrderPlaced,
    OrderRefused,
    ParcelDelivered,
    RefundIssued,
)
from app.queue.work import Kind, PoisonError, Work
from app.services.accounts.domain import Customer
from app.services.accounts.repository import PostgresCustomers
from app.services.fields import IDENTIFIER
from app.stores import Stores
from app.work.invoices import amount, invoice, total

SENDER = Address("The store", "orders", "store.example")

WORDS: Mapping[type[Message], tuple[str, Callable[[Any], str]]] = MappingProxyType(
    {
        CustomerSignedUp: ("Welcome", lambda _: "Your account is ready."),
        OrderPlaced: ("We have your order", lambda m: f"Order {m.order_id}: {_lines(m)}\nWe tell you once it is paid."),
        OrderPaid: (
            "Your invoice",
            lambda m: f"Order {m.order_id} is paid: {amount(total(m.lines))}. It is packed now.",
        ),
        OrderRefused: ("Your order was not possible", lambda m: f"Order {m.order_id}: nothing is charged."),
        RefundIssued: ("Your money is back", lambda m: f"Order {m.order_id}: {amount(m.amount_cents)} is paid back."),
        ParcelDelivered: ("Your parcel has arrived", lambda m: f"Order {m.order_id} was delivered."),
    }
)
"""Event -> the letter's subject, and what it says."""


class Mailbox(Protocol):
    """Where letters leave the store: a provider of mail, or a folder of the object store that one takes them from."""

    async def send(self, message_id: str, letter: EmailMessage) -> None:
        """Have it leave, once for each *message_id*; raises Unavailable."""
        ...


class ObjectMailbox:
    """Implements `Mailbox` by an object for each letter, `outbox/<message id>.eml`."""

    def __init__(self, objects: Objects) -> None:
        """Put letters among *objects*."""
        self._objects = objects

    async def send(self, message_id: str, letter: EmailMessage) -> None:
        """Consistent: a conditional write, so that a message that comes twice makes one letter."""
        await self._objects.put_once(f"{OUTBOX}{message_id}.eml", letter.as_bytes(), "message/rfc822")


class Customers(Protocol):
    """Where it is known who a customer is."""

    async def certain(self, customer_id: str) -> Customer | None:
        """Their name and address; None only for whom there really is not, as the message is then hopeless."""
        ...


class Mail:
    """Handles the events that customers are written of."""

    def __init__(self, customers: Customers, documents: Objects, mailbox: Mailbox) -> None:
        """Address *customers*, keep invoices among *documents*, and send by *mailbox*."""
        self._customers = customers
        self._documents = documents
        self._mailbox = mailbox

    async def handle(self, message: Message) -> None:
        """Raises PoisonError for a type that nobody is written of, a message that names nothing, a lost customer."""
        if type(message) not in WORDS:
            raise PoisonError(f"{type(message).__name__} is not for the queue of mail")
        told: Any = message
        if not (
            re.match(IDENTIFIER, told.message_id) and re.match(IDENTIFIER, getattr(told, "order_id", told.message_id))
        ):
            raise PoisonError("the message or the order is not named by a UUID")
        customer = await self._customers.certain(told.customer_id)
        if customer is None:
            raise PoisonError("there is no such customer")
        letter = _letter(customer, told)
        if isinstance(message, OrderPaid):
            page = invoice(message.order_id, customer.name, message.lines)
            await self._documents.put(f"invoices/{message.order_id}.html", page.encode(), "text/html; charset=utf-8")
            letter.add_attachment(page, subtype="html", filename=f"invoice-{message.order_id}.html")
        await self._mailbox.send(message.message_id, letter)


def _letter(customer: Customer, message: Any) -> EmailMessage:
    """Without a date, which whoever sends it adds: no order of anything is told by our clocks."""
    subject, say = WORDS[type(message)]
    letter = EmailMessage(policy=SMTPUTF8)
    letter["Subject"] = subject
    letter["From"] = SENDER
    letter["Message-ID"] = f"<{message.message_id}@{SENDER.domain}>"
    try:
        letter["To"] = Address(customer.name, addr_spec=customer.email)
    except (HeaderParseError, ValueError, IndexError):  # what the parser raises for what it cannot take apart
        raise PoisonError("the customer's address cannot be written to") from None
    letter.set_content(f"Dear {customer.name},\n\n{say(message)}\n")
    return letter


def _lines(message: OrderPlaced) -> str:
    return ", ".join(f"{line.quantity} x {line.title}" for line in message.lines)


def _work(stores: Stores) -> Work:
    documents = stores.documents
    return Work(handle=Mail(PostgresCustomers(stores.database), documents, ObjectMailbox(documents)).handle)


KIND = Kind(work=_work, tables=("accounts",))
