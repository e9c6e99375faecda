"""The HTTP contract of payments towards other services: charge, look, take back, give a part back, by signed calls."""

from litestar import Response, delete, get, put
from litestar.params import JSONBody

from app.calls.gate import SECURITY, Gate, customer
from app.contract import CALLED
from app.http.dependencies import Asked, Given, Routes
from app.http.problems import Problem
from app.http.repetition import again
from app.services.fields import PathId
from app.services.payments import domain
from app.services.payments.charging import Charging
from app.services.payments.domain import Charge, Charges, NewCharge, NewRefund, Refund


@put("/charges/{charge_id:str}", summary="Charge", security=SECURITY, status_code=201, responses=again(Charge))
async def charge(
    charge_id: PathId, data: JSONBody[NewCharge], customer_id: Given[str], charging: Given[Charging]
) -> Response[Charge]:
    """Charge a customer once under this id, and wait five seconds for the gateway; the same request again finds it.

    A charge that is `pending` may have gone through: ask again under the same id. Consistent.
    """
    try:
        made, is_new = await charging.charge(charge_id, customer_id, data)
    except domain.TakenError:
        raise _taken() from None
    return Response(made, status_code=201 if is_new else 200)


@get("/charges/{charge_id:str}", summary="Look at a charge", security=SECURITY)
async def find(charge_id: PathId, customer_id: Given[str], charges: Given[Charges]) -> Charge:
    """The charge as it is now; the gateway is not asked. Consistent."""
    try:
        return await charges.find(charge_id, customer_id)
    except domain.UnknownChargeError:
        raise _unknown() from None


@delete("/charges/{charge_id:str}", summary="Take a charge back", security=SECURITY)
async def cancel(charge_id: PathId, customer_id: Given[str], charges: Given[Charges]) -> None:
    """Have the customer pay nothing under this id: what was taken goes back, and a charge that comes later is refused.

    Consistent; the money moves a moment later.
    """
    try:
        await charges.cancel(charge_id, customer_id)
    except domain.TakenError:
        raise _taken() from None


@put(
    "/charges/{charge_id:str}/refunds/{refund_id:str}",
    summary="Give a part back",
    security=SECURITY,
    status_code=201,
    responses=again(Refund),
)
async def refund(
    charge_id: PathId, refund_id: PathId, data: JSONBody[NewRefund], customer_id: Given[str], charges: Given[Charges]
) -> Response[Refund]:
    """Give a part of a charge back, never more than is left of it. Consistent; the money moves a moment later."""
    try:
        made, is_new = await charges.refund(charge_id, customer_id, refund_id, data.amount_cents)
    except domain.UnknownChargeError:
        raise _unknown() from None
    except domain.ExceededError:
        raise Problem(409, "there is not so much left of this charge", "amount_cents") from None
    except domain.TakenError:
        raise Problem(409, "this id names another refund", "refund_id") from None
    return Response(made, status_code=201 if is_new else 200)


def _taken() -> Problem:
    return Problem(409, "this id names another charge, or one that was taken back", "charge_id")


def _unknown() -> Problem:
    return Problem(404, "this customer has no charge of this id", "charge_id")


def internal_payments_router(charges: Charges, charging: Charging, gate: Gate) -> Routes:
    """What other services may ask of payments, behind *gate*."""
    return Routes(
        CALLED["payments"],
        [charge, find, cancel, refund],
        {"charges": charges, "charging": charging, "customer_id": Asked(customer)},
        [gate],
    )
