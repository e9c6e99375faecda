"""Bad input over HTTP: refused with the field's name, nothing changed, no failure of the store's own."""

import json
import re
from contextlib import closing
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.openapi import documents
from app.services.payments.notices import HEADER, Stamp, sign
from tests.app.world import PASSWORD, ask, new_id

GOOD = {
    "SignUp": {"email": "ann@example.org", "name": "Ann", "password": PASSWORD},
    "LogIn": {"email": "ann@example.org", "password": PASSWORD},
    "Rename": {"name": "Ann"},
    "NewItem": {"title": "Mug", "price_cents": 900, "stock": 3, "description": ""},
    "ItemChange": {"version": 1, "title": "Mug", "price_cents": 1, "description": ""},
    "Delivery": {"quantity": 1},
    "Review": {"rating": 5, "words": ""},
    "Wanted": {"quantity": 1},
    "Purchase": {"payment": "token"},
    "NewPicture": {"content_type": "image/png"},
    "NewReservation": {"lines": [{"item_id": new_id(), "quantity": 1}]},
    "NewCharge": {"amount_cents": 900, "payment": "tok_accepted"},
    "NewRefund": {"amount_cents": 900},
    "NewWebhook": {"url": "https://example.org/told"},
    "Notice": {"charge_id": new_id(), "verdict": "charged", "amount_cents": 900},
}
"""A body that each schema lets pass."""

CONTRACTS = {name: json.loads(text) for name, text in documents().items() if name != "messages.json"}
OPERATIONS = [
    (method.upper(), path, operation)
    for contract in CONTRACTS.values()
    for path, methods in contract["paths"].items()
    for method, operation in methods.items()
]

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def schema_of(operation):
    content = operation.get("requestBody", {}).get("content", {})
    return content["application/json"]["schema"]["$ref"].rpartition("/")[2] if content else None


@st.composite
def requests(draw):
    """A request that is close to a good one, or far from it."""
    method, path, operation = draw(st.sampled_from(OPERATIONS))
    while "{" in path:
        before, _, rest = path.partition("{")
        path = (
            before
            + draw(st.sampled_from([new_id(), quote(draw(st.text(max_size=9)), safe="")]))
            + rest.partition("}")[2]
        )
    names = [each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"]
    if names and draw(st.booleans()):
        path += f"?{draw(st.sampled_from(names))}={quote(draw(st.text(max_size=20)), safe='')}"
    good = GOOD.get(schema_of(operation) or "", {})
    body = good | draw(st.dictionaries(st.sampled_from([*good, "x"]), JUNK, max_size=2)) if good else draw(JUNK)
    return method, path, draw(st.sampled_from([json.dumps(body), draw(st.text(max_size=30))])).encode()


@given(st.lists(requests(), min_size=20, max_size=20))
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_nothing_that_is_sent_makes_the_store_fail(store, world, sent):
    headers = {"Content-Type": "application/json", "Cookie": f"session={world.log_in().session_id}"}
    with closing(store.connect()) as connection:
        for method, path, body in sent:
            connection.request(method, path, body=body, headers=headers)
            response = connection.getresponse()
            answer = response.read()
            assert response.status < 500, (method, path, body)
            assert response.status < 400 or {"type", "title", "status", "detail"} <= set(json.loads(answer))


def test_each_body_of_the_contracts_has_a_good_one_here():
    assert set(GOOD) == {schema_of(operation) for _, _, operation in OPERATIONS} - {None}


def send(store, world, name, body):
    """Ask as whoever may send such a body: another service, the gateway, or a customer."""
    method, path = next((method, path) for method, path, operation in OPERATIONS if schema_of(operation) == name)
    caller, path = world.log_in(), re.sub(r"{\w+}", lambda _: new_id(), path)
    if path.startswith("/internal/"):
        return world.call(store, method, path, caller.customer_id, body)
    stamp = Stamp(world.primary_s(), new_id())
    signature = sign(world.secret("GATEWAY"), stamp, json.dumps(body).encode())
    return caller.ask(store, method, path, body, **({HEADER: signature} if name == "Notice" else {}))


@pytest.mark.parametrize("name", [name for name in GOOD if name != "Notice"])
def test_a_field_that_is_unknown_is_refused_by_its_name(store, world, name):
    status, problem = send(store, world, name, GOOD[name] | {"x": {"nested": 1}})
    assert (status, [error["field"] for error in problem["errors"]]) == (400, ["x"])


@pytest.mark.parametrize("name", GOOD)
def test_a_field_of_another_type_is_refused_by_its_name(store, world, name):
    field = next(iter(GOOD[name]))
    status, problem = send(store, world, name, GOOD[name] | {field: {"nested": 1}})
    assert (status, [error["field"] for error in problem["errors"]]) == (400, [field])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"price_cents": -1}, "price_cents"),
        ({"price_cents": "900"}, "price_cents"),
        ({"price_cents": 900.5}, "price_cents"),
        ({"price_cents": True}, "price_cents"),
        ({"price_cents": 10**20}, "price_cents"),
        ({"stock": -1}, "stock"),
        ({"title": ""}, "title"),
        ({"title": " Mug"}, "title"),
        ({"title": "Mug\r\nSet-Cookie: session=x"}, "title"),
        ({"title": "Mug\n"}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"description": "\0"}, "description"),
        ({"description": "x" * 10_001}, "description"),
    ],
)
def test_a_value_out_of_bounds_is_refused_by_its_fields_name(store, world, body, field):
    caller, path = world.log_in(), f"/catalog/items/{new_id()}"
    status, problem = caller.ask(store, "PUT", path, GOOD["NewItem"] | body)
    assert (status, [error["field"] for error in problem["errors"]]) == (400, [field])
    assert caller.ask(store, "GET", path)[0] == 404


@pytest.mark.parametrize("missing", ["title", "price_cents", "stock"])
def test_a_missing_field_is_refused_by_its_name(store, world, missing):
    body = {name: value for name, value in GOOD["NewItem"].items() if name != missing}
    _, problem = world.log_in().ask(store, "PUT", f"/catalog/items/{new_id()}", body)
    assert problem["errors"] == [{"field": missing, "detail": "this field is required"}]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=51", "limit"),
        ("limit=", "limit"),
        ("limit=1&limit=2", "limit"),
        ("before=-1", "before"),
        ("seller=1", "seller"),
        ("words=%00", "words"),
        ("word=a", "word"),
        ("%0d%0aX:1=1", "query"),
    ],
)
def test_a_query_that_is_not_allowed_is_refused_by_its_parameters_name(store, query, field):
    status, problem = ask(store, "GET", f"/catalog/items?{query}")
    assert (status, [error["field"] for error in problem["errors"]]) == (400, [field])


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b'"\xed\xa0\x80"', "application/json", 400),
        (b"[" * 30_000, "application/json", 400),
        (b"email=a&password=b", "application/x-www-form-urlencoded", 415),
        (json.dumps(GOOD["LogIn"]).encode(), "text/plain", 415),
    ],
)
def test_a_body_that_is_no_json_is_refused(store, body, kind, status):
    response, text = store.ask("POST", "/accounts/session", body=body, headers={"Content-Type": kind})
    assert (response.status, json.loads(text)["status"]) == (status, status)


def test_a_refusal_never_repeats_what_was_sent(store):
    _, problem = ask(store, "POST", "/accounts/session", {"email": "hunter2", "password": ["hunter2"]})
    assert (problem["status"], "hunter2" in json.dumps(problem)) == (400, False)
