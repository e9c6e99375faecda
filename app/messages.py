"""Every message that one part of the store sends to another, with its version; the consumer's contract."""

from typing import Any

import msgspec

VERSION = 1
"""Version that this release writes. A field may be added with a default; anything else is a new version, which every
consumer must know before a producer writes it."""


class UnknownMessageError(Exception):
    """A message of a type or version that this release does not know: left to the dead-letter queue, never guessed."""


class Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", forbid_unknown_fields=False):
    """What all messages have. A reader ignores fields that it does not know: a newer producer may have added them."""

    message_id: str
    """The same each time that the message is delivered, which may be more than once."""
    version: int = VERSION


class CustomerSignedUp(Message, frozen=True, kw_only=True, tag="CustomerSignedUp"):
    """A customer exists. The mail worker welcomes them."""

    customer_id: str


MESSAGES: tuple[type[Message], ...] = (CustomerSignedUp,)
"""Every type of message; `docs/api/messages.json` holds their schemas."""


def encode(message: Message) -> str:
    """Write *message* as JSON, its type among its fields."""
    return msgspec.json.encode(message).decode()


def decode(text: str | bytes) -> Message:
    """Read a message; raises UnknownMessageError for a type, version or shape that this release does not know."""
    try:
        message: Message = msgspec.json.decode(text, type=MESSAGES[0] if len(MESSAGES) == 1 else _any_of(MESSAGES))
    except msgspec.DecodeError as wrong:
        raise UnknownMessageError(str(wrong)) from None
    if message.version != VERSION:
        raise UnknownMessageError(f"{type(message).__name__} has version {message.version}; known: {VERSION}")
    return message


def schemas() -> dict[str, Any]:
    """The JSON Schema of every message, by name."""
    _, components = msgspec.json.schema_components(MESSAGES)
    return components


def _any_of(types: tuple[type[Message], ...]) -> Any:
    union: Any = types[0]
    for each in types[1:]:
        union |= each
    return union
