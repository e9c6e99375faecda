"""The HTTP contract of orders towards sellers: what was bought of their items, by whomever."""

from typing import Annotated

from litestar import get
from litestar.params import QueryParameter

from app.data.sessions import Session
from app.http.dependencies import Given
from app.http.session_cookie import SECURITY
from app.services.fields import END
from app.services.orders.domain import Sales, Selling

PAGE = 50
"""Sales on one page at most."""

Place = Annotated[
    str | None, QueryParameter(pattern="^[0-9a-z/-]{1,100}" + END, description="`next` of the page before.")
]
Limit = Annotated[int, QueryParameter(ge=1, le=PAGE, description="Sales on the page.")]


@get("/sales", summary="List what was sold", security=SECURITY)
async def sold(session: Given[Session], selling: Given[Selling], after: Place = None, limit: Limit = PAGE) -> Sales:
    """A page of what others bought of the caller's items, in no order of time: it is gathered from all shards.

    Available: `silent` names the shards that did not answer; the same page asked again later holds theirs too.
    """
    return await selling.of_seller(session.customer_id, after, limit)
