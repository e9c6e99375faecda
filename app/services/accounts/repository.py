"""Customers in PostgreSQL."""

import uuid

import asyncpg

from app.data import outbox
from app.data.database import NOWHERE, Database, Position
from app.data.postgres import Connection
from app.messages import CustomerSignedUp
from app.services.accounts.domain import Customer, EmailTakenError, Registered, normal

_ADD = "INSERT INTO accounts.customers (customer_id, email, name, password_hash) VALUES ($1, $2, $3, $4)"
_BY_EMAIL = "SELECT customer_id, email, name, password_hash FROM accounts.customers WHERE email = $1"
_FIND = "SELECT customer_id, email, name FROM accounts.customers WHERE customer_id = $1"
_RENAME = """
UPDATE accounts.customers SET name = $2, version = version + 1 WHERE customer_id = $1
RETURNING customer_id, email, name
"""


class PostgresCustomers:
    """Implements `domain.Customers`."""

    def __init__(self, database: Database) -> None:
        """Keep customers in *database*."""
        self._database = database

    async def add(self, customer: Customer, password_hash: str) -> Position:
        """Consistent: one address is one customer, by the primary's unique index. Raises EmailTakenError."""
        event = CustomerSignedUp(message_id=str(uuid.uuid4()), customer_id=customer.customer_id)

        async def insert(connection: Connection) -> None:
            email = normal(customer.email)
            await connection.execute(_ADD, customer.customer_id, email, customer.name, password_hash)
            await outbox.add(connection, "accounts", event)

        try:
            _, written = await self._database.write(insert)
        except asyncpg.UniqueViolationError:
            raise EmailTakenError from None
        return written

    async def registered(self, email: str) -> Registered | None:
        """Consistent: from the primary, as who has just signed up must be able to log in, and has no session yet."""
        row, seen = await self._database.read_latest(lambda at: at.fetchrow(_BY_EMAIL, normal(email)))
        return Registered(_customer(row), row["password_hash"], seen) if row else None

    async def find(self, customer_id: str, after: Position = NOWHERE) -> Customer | None:
        """Available: from a replica, which may lag but has seen the customer's own writes up to *after*."""
        row = await self._database.read(lambda connection: connection.fetchrow(_FIND, customer_id), after)
        return _customer(row) if row else None

    async def certain(self, customer_id: str) -> Customer | None:
        """Consistent: the primary is asked for whom no replica has heard of yet; a name may be the one before."""
        if found := await self.find(customer_id):
            return found
        row, _ = await self._database.read_latest(lambda connection: connection.fetchrow(_FIND, customer_id))
        return _customer(row) if row else None

    async def rename(self, customer_id: str, name: str) -> tuple[Customer | None, Position]:
        """Consistent: on the primary; repeating it changes nothing more."""
        row, written = await self._database.write(lambda connection: connection.fetchrow(_RENAME, customer_id, name))
        return (_customer(row) if row else None), written


def _customer(row: asyncpg.Record) -> Customer:
    return Customer(row["customer_id"], row["email"], row["name"])
