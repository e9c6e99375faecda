"""The accounts service over HTTP: sign-up, log-in, the cookie, and sessions that no server holds."""

import hashlib
import re

import pytest

from app.data.attempts import LIMIT, ValkeyAttempts
from app.data.sessions import IDLE_S
from tests.app.processes import running
from tests.app.world import PASSWORD, Caller, ask, new_id


def sign_up(store, email=None, password=PASSWORD, name="Ann"):
    email = email or f"{new_id()}@example.org"
    return ask(store, "POST", "/accounts/customers", {"email": email, "name": name, "password": password})


def cookie_of(store, email):
    body = f'{{"email":"{email}","password":"{PASSWORD}"}}'
    response, _ = store.ask("POST", "/accounts/session", body=body, headers={"Content-Type": "application/json"})
    return response.headers["Set-Cookie"]


@pytest.fixture(scope="module")
def ann(store):
    """A customer with a password, as (customer, Caller)."""
    _, customer = sign_up(store)
    session_id = cookie_of(store, customer["email"]).partition(";")[0].removeprefix("session=")
    return customer, Caller(customer["customer_id"], session_id)


def test_a_sign_up_answers_with_the_customer_and_never_the_password(store):
    status, customer = sign_up(store, "Bea@Example.org", name="Bea")
    assert (status, customer.pop("customer_id")[14], customer) == (
        201,
        "4",
        {"email": "bea@example.org", "name": "Bea"},
    )


def test_the_same_sign_up_again_finds_the_same_customer(store):
    email = f"{new_id()}@example.org"
    first, again = sign_up(store, email), sign_up(store, email.upper())
    assert (first[0], again) == (201, (200, first[1]))


def test_an_address_is_one_customer(store, ann):
    status, problem = sign_up(store, ann[0]["email"], password="another password")
    assert (status, [error["field"] for error in problem["errors"]]) == (409, ["email"])


def test_the_cookie_is_opaque_and_kept_from_scripts_other_sites_and_plain_http(store, ann):
    assert re.fullmatch(
        rf"session=[A-Za-z0-9_-]{{43}}; HttpOnly; Max-Age={IDLE_S}; Path=/; SameSite=strict; Secure",
        cookie_of(store, ann[0]["email"]),
    )


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(store, ann):
    answers = [
        ask(store, "POST", "/accounts/session", {"email": email, "password": "wrong password"})
        for email in (ann[0]["email"], f"{new_id()}@example.org")
    ]
    assert (answers[0][0], answers[0]) == (401, answers[1])


def test_after_too_many_tries_an_address_is_closed_for_a_while(store, world):
    attempts, email = ValkeyAttempts(world.stores.cache), f"{new_id()}@example.org"
    waits = [world.run(attempts.another(email)) for _ in range(LIMIT + 1)]
    status, _ = ask(store, "POST", "/accounts/session", {"email": email.upper(), "password": PASSWORD})
    assert (waits[:LIMIT], 890 < waits[LIMIT] <= 900, status) == ([0] * LIMIT, True, 429)


def test_a_session_says_who_one_is(store, ann):
    customer, caller = ann
    assert caller.ask(store, "GET", "/accounts/session") == (200, customer)


@pytest.mark.parametrize(
    "cookie", ["", "session=", f"session={'x' * 43}", "session=../../x", "session=%00", "session=\xe9"]
)
def test_without_a_live_session_nobody_is_let_in(store, cookie):
    assert ask(store, "GET", "/accounts/session", headers={"Cookie": cookie})[0] == 401


def test_a_log_out_ends_the_session_on_every_server(store, world, ann):
    caller = world.log_in(ann[0]["customer_id"])
    with running("web", "--services", "accounts", **world.environment) as other:
        before = caller.ask(other, "GET", "/accounts/session")[0]
        ended = caller.ask(store, "DELETE", "/accounts/session")
        assert (before, ended, caller.ask(other, "GET", "/accounts/session")[0]) == (200, (204, None), 401)


def test_a_session_outlives_the_server_that_began_it(store, world, ann):
    with running("web", "--services", "accounts", **world.environment) as doomed:
        cookie = cookie_of(doomed, ann[0]["email"])
        doomed.process.kill()
    session = cookie.partition(";")[0]
    assert ask(store, "GET", "/accounts/session", headers={"Cookie": session}) == (200, ann[0])


def test_each_request_starts_the_sessions_time_anew(store, world, ann):
    caller = world.log_in(ann[0]["customer_id"])
    key = f"session:{hashlib.sha256(caller.session_id.encode()).hexdigest()}"

    world.run(world.stores.cache.run("return redis.call('EXPIRE', KEYS[1], ARGV[1])", key, "5"))
    caller.ask(store, "GET", "/accounts/session")
    assert world.run(world.stores.cache.run("return redis.call('TTL', KEYS[1])", key, "")) > IDLE_S - 60


def test_the_database_holds_no_password_and_the_cache_no_cookie(store, world, ann):
    hashed = world.postgres.primary.sql(
        f"select password_hash from accounts.customers where email = '{ann[0]['email']}'", "store"
    )
    keys = [key for node in world.valkey.hosts for key in world.valkey.client(node).keys("*")]
    assert hashed.startswith("scrypt$14$8$5$")
    assert not [key for key in keys if ann[1].session_id in key]
    assert PASSWORD not in hashed


def test_nobody_is_told_who_they_are_while_the_cache_is_out_but_all_may_look(store, world):
    with running(
        "web", "--services", "accounts,catalog", **world.environment | {"BIGPICTURE_CACHE_PORT": "1"}
    ) as blind:
        caller = world.log_in()
        response, _ = blind.ask("GET", "/accounts/session", headers={"Cookie": f"session={caller.session_id}"})
        assert (response.status, response.headers["Retry-After"]) == (503, "2")
        assert caller.ask(blind, "GET", "/catalog/items?limit=1")[0] == 200
