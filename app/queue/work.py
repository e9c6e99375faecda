"""What a kind of work is: who handles its messages, how many at once, and how a handler says that one is hopeless."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from app.messages import Message
from app.stores import Stores

AT_ONCE = 10
"""SQS hands out ten messages at most in one answer."""


class PoisonError(Exception):
    """No repetition will ever help: the message goes to the dead-letter queue at once, with this reason.

    The reason is read by people who mend the cause; it quotes nothing that a customer wrote.
    """


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """One kind of work."""

    handle: Callable[[Message], Awaitable[None]]
    """Returns when the effect is safe. The same message comes more than once, so its id is recorded *with* the effect,
    in one transaction or conditional write. Raises PoisonError for what is hopeless; whatever else it raises means
    another try later."""
    at_once: int = AT_ONCE
    """Messages that one of a process's two lanes takes at once, 1 to 10: few where each needs a processor."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """How one kind of work is put together; each file of `app/work/` has one as KIND."""

    work: Callable[[Stores], Work]
    tables: tuple[str, ...] = ()
    """Services whose tables it uses: their migrations must have been applied."""
