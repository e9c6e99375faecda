"""The HTTP contract of accounts: sign up, log in, who am I, log out."""

import uuid
from typing import Any

from litestar import Request, Response, delete, get, patch, post
from litestar.params import JSONBody

from app.contract import SERVICES
from app.data.attempts import Attempts
from app.data.sessions import Session, Sessions
from app.http.dependencies import Given, Routes
from app.http.problems import Problem
from app.http.repetition import again
from app.http.session_cookie import NAME, SECURITY, clear_cookie, set_cookie
from app.services.accounts.domain import Customer, Customers, EmailTakenError, LogIn, Registered, Rename, SignUp, normal
from app.services.accounts.passwords import Passwords


@post("/customers", summary="Sign up", responses=again(Customer))
async def sign_up(
    data: JSONBody[SignUp], customers: Given[Customers], passwords: Given[Passwords], attempts: Given[Attempts]
) -> Response[Customer]:
    """Make a customer. The same request again, as after a lost answer, finds the same customer: 200 instead of 201.

    Consistent. That an address is taken is told to who does not know its password, as every sign-up that does not
    go by way of a mail must.
    """
    new = Customer(str(uuid.uuid4()), normal(data.email), data.name)
    hashed = await passwords.hash(data.password)
    try:
        await customers.add(new, hashed)
    except EmailTakenError:
        known = await _recognised(data, customers, passwords, attempts)
        if known is None:
            raise Problem(409, "this e-mail address has an account already", "email") from None
        return Response(known.customer, status_code=200)
    return Response(new, status_code=201)


@post("/session", summary="Log in")
async def log_in(
    data: JSONBody[LogIn],
    customers: Given[Customers],
    passwords: Given[Passwords],
    attempts: Given[Attempts],
    sessions: Given[Sessions],
) -> Response[Customer]:
    """Begin a session and hand out its cookie.

    A wrong password and an unknown address get the same answer in the same time; after ten of them the address is
    closed to further tries for a quarter of an hour.
    """
    known = await _recognised(data, customers, passwords, attempts)
    if known is None:
        raise Problem(401, "e-mail address and password do not belong together", headers={"WWW-Authenticate": "Cookie"})
    begun = await sessions.start(known.customer.customer_id, known.known_since)
    return Response(known.customer, status_code=201, cookies=[set_cookie(begun)])


async def _recognised(
    said: SignUp | LogIn, customers: Customers, passwords: Passwords, attempts: Attempts
) -> Registered | None:
    """The customer whose password this is. Each wrong one counts, wherever it was tried."""
    wait_s = await attempts.another(normal(said.email))
    if wait_s:
        raise Problem(429, "too many tries for this e-mail address", "email", headers={"Retry-After": str(wait_s)})
    known = await customers.registered(said.email)
    if not await passwords.check(said.password, known.password_hash if known else None) or known is None:
        return None
    await attempts.clear(normal(said.email))
    return known


@get("/session", summary="Who am I", security=SECURITY)
async def who_am_i(session: Given[Session], customers: Given[Customers]) -> Customer:
    """The customer of this session. Available: from a replica that has seen the session's own writes."""
    return _known(await customers.find(session.customer_id, session.written))


@delete("/session", summary="Log out", status_code=204, response_cookies=[clear_cookie()])
async def log_out(request: Request[Any, Any, Any], sessions: Given[Sessions]) -> None:
    """End the session on every server at once; without one there is nothing to end."""
    if cookie := request.cookies.get(NAME):
        await sessions.end(cookie)


@patch("/customer", summary="Change my name", security=SECURITY)
async def rename(
    data: JSONBody[Rename], session: Given[Session], customers: Given[Customers], sessions: Given[Sessions]
) -> Customer:
    """Change the customer's name. Consistent; this session reads it back at once, others when their replica has it."""
    renamed, written = await customers.rename(session.customer_id, data.name)
    await sessions.wrote(session, written)
    return _known(renamed)


def _known(customer: Customer | None) -> Customer:
    if customer is None:
        raise Problem(404, "this session's customer is no longer there")
    return customer


def accounts_router(customers: Customers, passwords: Passwords, attempts: Attempts) -> Routes:
    """The service over what it keeps its customers in."""
    return Routes(
        SERVICES["accounts"],
        [sign_up, log_in, who_am_i, log_out, rename],
        {"customers": customers, "passwords": passwords, "attempts": attempts},
    )
