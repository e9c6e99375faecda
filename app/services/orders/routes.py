"""The HTTP contract of orders: the cart, and with it the whole service."""

from litestar import delete, get, put
from litestar.params import JSONBody

from app.contract import SERVICES
from app.data.sessions import Session
from app.http.dependencies import Given, Routes
from app.http.problems import Problem
from app.http.session_cookie import SECURITY
from app.services.fields import PathId
from app.services.orders.checkout_routes import HANDLERS
from app.services.orders.domain import MAX_LINES, Cart, Carts, FullError, Orders, Selling, Wanted
from app.services.orders.sales_routes import sold
from app.services.orders.settling import Settling


@get("/cart", summary="Look into the cart", security=SECURITY)
async def look(session: Given[Session], carts: Given[Carts]) -> Cart:
    """The caller's cart. Consistent; a customer whose shard is out gets a 503, and nobody else notices."""
    return await carts.find(session.customer_id)


@put("/cart/lines/{item_id:str}", summary="Put into the cart", security=SECURITY)
async def put_line(item_id: PathId, data: JSONBody[Wanted], session: Given[Session], carts: Given[Carts]) -> Cart:
    """Have just so many of an item in the cart. Consistent; the same request again changes nothing more."""
    try:
        return await carts.set_line(session.customer_id, item_id, data.quantity)
    except FullError:
        raise Problem(409, f"a cart has at most {MAX_LINES} different items", "item_id") from None


@delete("/cart/lines/{item_id:str}", summary="Take out of the cart", security=SECURITY, status_code=200)
async def take_out(item_id: PathId, session: Given[Session], carts: Given[Carts]) -> Cart:
    """Have none of an item in the cart. Consistent."""
    return await carts.set_line(session.customer_id, item_id, 0)


def orders_router(carts: Carts, orders: Orders, settling: Settling, selling: Selling) -> Routes:
    """The service over what it keeps its carts and orders in, what carries orders on, and what gathers them."""
    return Routes(
        SERVICES["orders"],
        [look, put_line, take_out, sold, *HANDLERS],
        {"carts": carts, "orders": orders, "settling": settling, "selling": selling},
    )
