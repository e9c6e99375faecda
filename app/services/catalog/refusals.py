"""What a seller is told of an item that is not there, or not theirs."""

from app.http.problems import Problem
from app.services.catalog.domain import NotTheirsError, UnknownItemError


def refusal(wrong: UnknownItemError | NotTheirsError) -> Problem:
    """The answer to a request for such an item."""
    if isinstance(wrong, NotTheirsError):
        return Problem(409, "this item belongs to another seller", "item_id")
    return Problem(404, "there is no item of this id", "item_id")
