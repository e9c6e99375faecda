"""The payments service over HTTP: who may ask what of it, and what the gateway tells it by the front door."""

import hashlib
import hmac
import json
import uuid

import pytest

from app.calls.signature import CUSTOMER, SIGNATURE, Call, sign
from app.services.payments.notices import HEADER, Stamp
from app.services.payments.notices import sign as sign_notice
from tests.app.processes import running
from tests.app.world import ask
from tests.waiting import eventually

CHARGES = "/internal/payments/charges"
CHARGE = {"amount_cents": 100, "payment": "tok_accepted"}
A, B = "00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"


@pytest.fixture(scope="module")
def app(world):
    """One process, whose own address is the store's: late answers come in there."""
    own = {"BIGPICTURE_PUBLIC_URL": "http://127.0.0.1:{port}"}
    with running("web", "--services", "payments", **world.environment | own) as app:
        yield app


def call(world, app, method, path, body=None, customer_id="ann"):
    return world.call(app, method, path, customer_id, body)


@pytest.fixture
def charge_id():
    return str(uuid.uuid4())


def test_a_charge_is_made_once_found_again_and_refused_to_others(world, app, charge_id):
    path, made = f"{CHARGES}/{charge_id}", {"charge_id": charge_id, "state": "accepted", "amount_cents": 100}
    asked = [call(world, app, "PUT", path, CHARGE) for _ in range(2)]
    assert asked == [(201, made | {"refunded_cents": 0}), (200, made | {"refunded_cents": 0})]
    assert call(world, app, "PUT", path, CHARGE | {"amount_cents": 101})[0] == 409
    assert call(world, app, "GET", path, customer_id="bea")[0] == 404


def test_a_part_goes_back_once_and_never_more_than_there_is(world, app, charge_id):
    call(world, app, "PUT", f"{CHARGES}/{charge_id}", CHARGE)
    refund = f"{CHARGES}/{charge_id}/refunds"
    asked = [(A, 60), (A, 60), (A, 61), (B, 41), (B, 40)]
    statuses = [call(world, app, "PUT", f"{refund}/{id_}", {"amount_cents": cents})[0] for id_, cents in asked]
    assert statuses == [201, 200, 409, 409, 201]


def test_a_charge_that_was_taken_back_comes_no_more(world, app, charge_id):
    path = f"{CHARGES}/{charge_id}"
    asked = [("DELETE", None), ("PUT", CHARGE), ("DELETE", None)]
    assert [call(world, app, method, path, body)[0] for method, body in asked] == [204, 409, 204]
    assert call(world, app, "DELETE", path, customer_id="bea")[0] == 409


ROUTES = [("PUT", ""), ("GET", ""), ("DELETE", ""), ("PUT", f"/refunds/{A}")]


@pytest.mark.parametrize(("method", "rest"), ROUTES)
def test_nobody_calls_without_the_stores_own_signature(world, app, charge_id, method, rest):
    path, body = f"{CHARGES}/{charge_id}{rest}", CHARGE if method == "PUT" else None
    right = sign(world.secret("CALLS"), Call(method, path, "ann", json.dumps(body).encode() if body else b""))
    forged = sign("guessed", Call(method, path, "ann", b""))
    tries = [{}, {SIGNATURE: forged, CUSTOMER: "ann"}, {SIGNATURE: right, CUSTOMER: "bea"}, {SIGNATURE: right}]
    assert [ask(app, method, path, body, headers)[0] for headers in tries] == [401] * 4


def test_a_session_opens_no_internal_route_and_a_signature_no_customers(world, app, charge_id):
    call(world, app, "PUT", f"{CHARGES}/{charge_id}", CHARGE)
    assert world.log_in("ann").ask(app, "GET", f"{CHARGES}/{charge_id}")[0] == 401
    assert call(world, app, "GET", f"/payments/charges/{charge_id}")[0] == 401


def test_customers_see_their_own_charges_and_no_others(world, app):
    ann, bea, ids = world.log_in(), world.log_in(), [str(uuid.uuid4()) for _ in range(3)]
    for each in ids:
        call(world, app, "PUT", f"{CHARGES}/{each}", CHARGE, ann.customer_id)
    eventually(lambda: len(ann.ask(app, "GET", "/payments/charges")[1]["charges"]), wanted=3)
    pages = [ann.ask(app, "GET", "/payments/charges?limit=2")[1]]
    pages.append(ann.ask(app, "GET", f"/payments/charges?limit=2&before={pages[0]['next']}")[1])
    assert [charge["charge_id"] for page in pages for charge in page["charges"]] == ids[::-1]
    assert [who.ask(app, "GET", f"/payments/charges/{ids[0]}")[0] for who in (ann, bea)] == [200, 404]


def tell(world, app, notice, stamp=None, **changed):
    """A notice as the gateway sends it, or with something *changed* on its way."""
    body = json.dumps(notice)
    stamp = stamp or Stamp(world.primary_s(), str(uuid.uuid4()))
    header = changed.get("header", sign_notice(world.secret("GATEWAY"), stamp, body.encode()))
    return ask(app, "POST", "/payments/notices", changed.get("body", notice), {HEADER: header} if header else {})


def test_a_notice_is_taken_once_and_its_replay_and_what_is_stale_are_refused(world, app, charge_id):
    call(world, app, "PUT", f"{CHARGES}/{charge_id}", CHARGE)
    notice = {"charge_id": charge_id, "verdict": "accepted", "amount_cents": 100, "more": "of the gateway's own"}
    stamp, stale = Stamp(world.primary_s(), str(uuid.uuid4())), Stamp(world.primary_s() - 3600, str(uuid.uuid4()))
    assert [tell(world, app, notice, each)[0] for each in (stamp, stamp, stale)] == [204, 409, 409]


def test_a_notice_of_what_nobody_charged_is_refused(world, app, charge_id):
    assert tell(world, app, {"charge_id": charge_id, "verdict": "accepted", "amount_cents": 100})[0] == 404


def test_a_forged_notice_is_refused_before_it_is_read(world, app, charge_id):
    notice = {"charge_id": charge_id, "verdict": "refused", "amount_cents": 100}
    calls_secret = sign_notice(world.secret("CALLS"), Stamp(world.primary_s(), A), json.dumps(notice).encode())
    unsigned = f"t={world.primary_s()},n={A},v1={hmac.new(b'', b'', hashlib.sha256).hexdigest()}"
    tries = [{"header": header} for header in (None, "", "t=1", "t=1,n=1,v1=1", unsigned, calls_secret)]
    tries += [{"body": notice | {"verdict": "accepted"}}, {"body": "no notice at all"}]
    assert [tell(world, app, notice, **each)[0] for each in tries] == [401] * len(tries)


@pytest.mark.parametrize(
    "notice",
    [
        {"charge_id": A, "verdict": "perhaps", "amount_cents": 100},
        {"charge_id": A, "verdict": "accepted", "amount_cents": "100"},
        {"verdict": "accepted", "amount_cents": 100},
        [],
    ],
)
def test_a_notice_that_says_something_else_is_refused_with_the_field(world, app, notice):
    status, problem = tell(world, app, notice)
    assert (status, len(problem["errors"])) == (400, 1)


def test_a_late_answer_comes_in_by_the_front_door_and_is_told_to_the_saga(world, app, charge_id):
    sqs, queue = world.account.client("sqs"), world.hearing("late-answers", "ChargeSettled")
    before = int(world.postgres.primary.sql("select count(*) from payments.notices", "store"))
    call(world, app, "PUT", f"{CHARGES}/{charge_id}", CHARGE | {"payment": "tok_late"})
    heard = []

    def settled():
        now = int(world.postgres.primary.sql("select count(*) from payments.notices", "store"))
        heard.extend(sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", []))
        return now > before, charge_id in str(heard), call(world, app, "GET", f"{CHARGES}/{charge_id}")[1]["state"]

    assert eventually(settled, wanted=(True, True, "accepted")) == (True, True, "accepted")
