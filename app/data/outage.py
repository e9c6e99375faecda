"""The one exception of a store that cannot answer now, whatever its client calls it."""


class Unavailable(Exception):  # noqa: N818 - no error of ours: a store is out
    """A store cannot answer now; the same request may succeed later, and repeating it is safe."""

    def __init__(self, store: str, reason: str, retry_after_s: int = 2) -> None:
        """Name the *store* for the customer and the *reason* for the log; the reason is never sent to a customer."""
        super().__init__(f"{store}: {reason}")
        self.store = store
        self.reason = reason
        self.retry_after_s = retry_after_s


def reason_of(fault: BaseException) -> str:
    """Name a client's exception by its type alone: its text may quote what was stored."""
    return type(fault).__name__
