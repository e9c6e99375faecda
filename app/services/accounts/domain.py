"""What a customer is, what may be asked of one, and where customers are kept."""

from typing import Annotated, Protocol

from msgspec import Meta, Struct

from app.data.database import NOWHERE, Position
from app.services.fields import Email, PersonName

Password = Annotated[
    str,
    Meta(min_length=12, max_length=128, description="Any characters; what is asked of it is length (NIST SP 800-63B)."),
]


class SignUp(Struct, frozen=True, forbid_unknown_fields=True):
    """A new customer."""

    email: Email
    name: PersonName
    password: Password


class LogIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Who says that they are a customer."""

    email: Annotated[str, Meta(max_length=254)]
    password: Annotated[str, Meta(max_length=128)]


class Rename(Struct, frozen=True, forbid_unknown_fields=True):
    """A customer's new name."""

    name: PersonName


class Customer(Struct, frozen=True):
    """A customer, as they see themselves."""

    customer_id: str
    email: str
    name: str


class Registered(Struct, frozen=True):
    """A customer with what only a log-in needs; never sent."""

    customer: Customer
    password_hash: str
    known_since: Position
    """Who reads the customer next has to have seen this: a replica may not have heard of them yet."""


class EmailTakenError(Exception):
    """Another customer has this e-mail address."""


class Customers(Protocol):
    """Where customers are kept."""

    async def add(self, customer: Customer, password_hash: str) -> Position:
        """Keep a new customer, and the event that tells of them; raises EmailTakenError."""
        ...

    async def registered(self, email: str) -> Registered | None:
        """The customer with *email*, in any case of letters, with the hash of the password."""
        ...

    async def find(self, customer_id: str, after: Position = NOWHERE) -> Customer | None:
        """The customer, with every change up to *after*."""
        ...

    async def rename(self, customer_id: str, name: str) -> tuple[Customer | None, Position]:
        """Give the customer another name."""
        ...


def normal(email: str) -> str:
    """Spell an address as it is compared: nobody has two accounts for want of a capital."""
    return email.strip().casefold()
