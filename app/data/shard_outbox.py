"""Rows beside customers' entries on their shard: events that wait to be sent, and work that is not done yet.

They are written in the transaction that they tell of. Whoever relays them claims each by a conditional write, and takes
over the claim of a server that died: a claim that has not changed for some time of the relay's own, whatever the clock.
"""

from app.data.customers import Row
from app.data.shard import Key
from app.messages import Message, encode

EVENTS = "#events"
"""Partition of the messages that are published once, and then deleted."""
OPEN = "#open"
"""Partition of what is not done: each row is sent to its queue again and again until a transaction deletes it."""


def event(message: Message) -> Row:
    """The row that has *message* published."""
    return Row((EVENTS, message.message_id), encode(message))


def unfinished(message: Message) -> Row:
    """The row that has *message* sent until the row is deleted."""
    return Row(open_key(message.message_id), encode(message))


def open_key(message_id: str) -> Key:
    """Where the row of unfinished work lies."""
    return OPEN, message_id
