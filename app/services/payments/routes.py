"""The HTTP contract of payments: what customers see of their charges, and what the payment gateway tells."""

from typing import Annotated

from litestar import get, post
from litestar.params import JSONBody, QueryParameter

from app.contract import SERVICES
from app.data.sessions import Session
from app.http.dependencies import Asked, Given, Routes
from app.http.problems import Problem
from app.http.session_cookie import SECURITY
from app.services.fields import PathId, PlaceParameter
from app.services.payments import domain
from app.services.payments.domain import PAGE, Charge, Charges, History, Notice
from app.services.payments.notices import NoticeGate, Stamp, stamp

NOTICES = "/notices"
"""Below the service's path: where the gateway tells what it could not say in time."""

Limit = Annotated[int, QueryParameter(ge=1, le=PAGE, description="Charges on the page.")]


@get("/charges", summary="My charges", security=SECURITY)
async def mine(
    session: Given[Session], charges: Given[Charges], before: PlaceParameter = None, limit: Limit = 20
) -> History:
    """A page of the caller's charges, the latest first. Available: it may lag."""
    return await charges.of_customer(session.customer_id, int(before) if before else None, limit, session.written)


@get("/charges/{charge_id:str}", summary="Look at my charge", security=SECURITY)
async def look(charge_id: PathId, session: Given[Session], charges: Given[Charges]) -> Charge:
    """The caller's charge of an order, whose id it has, as it is now. Consistent."""
    try:
        return await charges.find(charge_id, session.customer_id)
    except domain.UnknownChargeError:
        raise Problem(404, "you have no charge of this id", "charge_id") from None


@post(NOTICES, summary="Tell what became of a charge", status_code=204)
async def notice(data: JSONBody[Notice], sent: Given[Stamp], charges: Given[Charges]) -> None:
    """For the gateway, which signs each notice anew: none is believed twice, or after five minutes. Consistent."""
    try:
        await charges.notice(data, sent.nonce, sent.sent_s)
    except domain.ForgedError:
        raise Problem(409, "this notice was seen before, or is too old") from None
    except domain.UnknownChargeError:
        raise Problem(404, "there is no charge of this id", "charge_id") from None
    except domain.TakenError:
        raise Problem(409, "the charge is of another amount", "amount_cents") from None


def payments_routes(charges: Charges, gate: NoticeGate) -> list[Routes]:
    """The service over what it keeps its charges in; only what passes *gate* is a notice."""
    path, given = SERVICES["payments"], {"charges": charges}
    return [Routes(path, [mine, look], given), Routes(path, [notice], {**given, "sent": Asked(stamp)}, [gate])]
