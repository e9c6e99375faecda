"""Events that are safe before they are sent: written with the change that they tell of, published behind it."""

import asyncio
import logging
from collections.abc import Sequence

from botocore.exceptions import ClientError

from app import log
from app.data.aws import Aws
from app.data.database import Database
from app.data.outage import Unavailable
from app.data.postgres import Connection
from app.data.sending import BATCH, publish
from app.messages import Message, encode

PAUSE_S = 1.0
"""Seconds between two looks at an empty outbox: how late an event may be, at one query a second and process."""


async def add(connection: Connection, service: str, message: Message) -> None:
    """Write *message* into the outbox of *service*, in the caller's transaction: both are there, or neither."""
    statement = f"INSERT INTO {service}.outbox (message_id, type, body) VALUES ($1, $2, $3)"  # noqa: S608 - a service's name
    await connection.execute(statement, message.message_id, type(message).__name__, encode(message))


class Relay:
    """Publishes the outboxes of some services. Any number of processes may do so at once; each row goes to one."""

    def __init__(self, database: Database, aws: Aws, topic_arn: str, services: Sequence[str]) -> None:
        """Take from the outboxes of *services* in *database*, publish on *topic_arn*."""
        self._database = database
        self._aws = aws
        self._topic = topic_arn
        self._services = services

    async def run(self) -> None:
        """Publish until cancelled; what cannot be published now stays where it is."""
        while True:
            sent = 0
            for service in self._services:
                try:
                    sent += await self.publish(service)
                except (Unavailable, ClientError) as fault:
                    kind = type(fault).__name__
                    log.event("outbox waits", level=logging.WARNING, service=service, reason=kind)
            if not sent:
                await asyncio.sleep(PAUSE_S)

    async def publish(self, service: str) -> int:
        """Publish the oldest events of *service* and delete them; returns how many.

        A crash between the two publishes them again: at least once, and consumers know the message id.
        """
        sent, _ = await self._database.write(lambda connection: self._publish(connection, service))
        return sent

    async def _publish(self, connection: Connection, service: str) -> int:
        rows = await connection.fetch(
            f"DELETE FROM {service}.outbox WHERE message_id IN ("  # noqa: S608 - a service's name
            f"SELECT message_id FROM {service}.outbox ORDER BY place LIMIT {BATCH} FOR UPDATE SKIP LOCKED"
            ") RETURNING body"
        )
        if rows:
            await publish(self._aws, self._topic, [row["body"] for row in rows])
        return len(rows)
