"""The HTTP contract of catalog towards other services: hold stock for an order and give it back, by signed calls."""

from litestar import delete, put
from litestar.params import JSONBody

from app.calls.gate import SECURITY, Gate, customer
from app.contract import CALLED
from app.http.dependencies import Asked, Given, Routes
from app.http.problems import Problem
from app.services.catalog import domain
from app.services.catalog.domain import NewReservation, Reservation, Stock
from app.services.fields import PathId


@put("/reservations/{reservation_id:str}", summary="Hold stock", security=SECURITY)
async def reserve(
    reservation_id: PathId, data: JSONBody[NewReservation], customer_id: Given[str], stock: Given[Stock]
) -> Reservation:
    """Hold all the lines until they are given back, or none; the same request again finds them, at the same prices.

    Consistent: what is held is there, whoever else asks at the same time.
    """
    try:
        return Reservation(reservation_id, await stock.reserve(reservation_id, customer_id, data.lines))
    except domain.ShortageError as shortage:
        short = [f"lines[{at}].quantity" for at, line in enumerate(data.lines) if line.item_id in shortage.item_ids]
        raise Problem(409, "there is not so much of this item", *short) from None
    except domain.TakenError:
        raise _taken() from None


@delete("/reservations/{reservation_id:str}", summary="Give stock back", security=SECURITY)
async def release(reservation_id: PathId, customer_id: Given[str], stock: Given[Stock]) -> None:
    """Give back what is held, if anything is. Consistent; a reservation of this id that arrives later is refused."""
    try:
        await stock.release(reservation_id, customer_id)
    except domain.TakenError:
        raise _taken() from None


def _taken() -> Problem:
    return Problem(409, "this id names another reservation, or one that was given back", "reservation_id")


def internal_catalog_router(stock: Stock, gate: Gate) -> Routes:
    """What other services may ask of the stock, behind *gate*."""
    return Routes(CALLED["catalog"], [reserve, release], {"stock": stock, "customer_id": Asked(customer)}, [gate])
