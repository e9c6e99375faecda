"""The HTTP contract of feedback: review an item, take it back, read what others say."""

from typing import Annotated

from litestar import Response, delete, get, put
from litestar.params import JSONBody, QueryParameter

from app.contract import SERVICES
from app.data.database import NOWHERE
from app.data.sessions import Session, Sessions
from app.http.dependencies import Given, Routes
from app.http.repetition import again
from app.http.session_cookie import SECURITY
from app.services.feedback.domain import PAGE, Feedback, Review, Reviews
from app.services.fields import PathId, PlaceParameter

Limit = Annotated[int, QueryParameter(ge=1, le=PAGE, description="Reviews on the page.")]


@put(
    "/items/{item_id:str}/review", summary="Review an item", security=SECURITY, status_code=201, responses=again(Review)
)
async def write(
    item_id: PathId,
    data: JSONBody[Review],
    session: Given[Session],
    feedback: Given[Feedback],
    sessions: Given[Sessions],
) -> Response[Review]:
    """Keep the caller's one review of the item: 201 for the first, 200 when it replaces that or repeats it.

    Consistent; the caller's own next reads hold it at once, others' when their replica has it. Whether there is such
    an item, and whether the caller bought it, is not known here.
    """
    is_first, written = await feedback.write(item_id, session.customer_id, data)
    await sessions.wrote(session, written)
    return Response(data, status_code=201 if is_first else 200)


@delete("/items/{item_id:str}/review", summary="Take a review back", security=SECURITY)
async def take_back(
    item_id: PathId, session: Given[Session], feedback: Given[Feedback], sessions: Given[Sessions]
) -> None:
    """Have no review of the item by the caller. Consistent; repeating it changes nothing more."""
    await sessions.wrote(session, await feedback.take_back(item_id, session.customer_id))


@get("/items/{item_id:str}/reviews", summary="Read reviews")
async def read(
    item_id: PathId,
    visitor: Given[Session | None],
    feedback: Given[Feedback],
    before: PlaceParameter = None,
    limit: Limit = 20,
) -> Reviews:
    """A page of an item's reviews, the latest first. Available: it may lag, yet holds what this session wrote."""
    seen = visitor.written if visitor else NOWHERE
    return await feedback.of_item(item_id, int(before) if before else None, limit, seen)


def feedback_router(feedback: Feedback) -> Routes:
    """The service over what it keeps its reviews in."""
    return Routes(SERVICES["feedback"], [write, take_back, read], {"feedback": feedback})
