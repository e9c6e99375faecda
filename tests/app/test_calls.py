"""Calls between services: signed, within their deadline, repeated where that is safe, refused with a reason."""

import asyncio
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calls.client import ATTEMPTS, Calls, Refused
from app.calls.signature import CUSTOMER, SIGNATURE, Call, fits, sign
from app.data.outage import Unavailable
from tests.app.called import BROKEN, SILENT, Vault, called, key_of

PATH = "/internal/payments/charges/1"
CALL = Call("PUT", PATH, "ann", b'{"amount_cents":100}')
TEXT = st.text(st.characters(min_codepoint=33, max_codepoint=126))
CALLS = st.builds(Call, st.sampled_from(["GET", "PUT", "DELETE"]), TEXT.map("/{}".format), TEXT, st.binary(max_size=20))


class Amount(msgspec.Struct):
    """What the tests send and get."""

    amount_cents: int


def ask(stub, times=1, deadline_s=60.0):
    """The last answer to the same call, made *times* times."""
    calls = Calls(key_of(stub.vault), stub.url)

    async def work():
        told = {"customer_id": "ann", "body": Amount(100), "deadline_s": deadline_s}
        return [await calls.call("PUT", PATH, Amount, **told) for _ in range(times)][-1]

    return stub.run(work(), calls)


def test_a_call_says_for_whom_it_is_and_carries_its_signature():
    with called((200, '{"amount_cents": 7}')) as stub:
        answer = ask(stub)
    [asked] = stub.asked
    told = Call(asked.method, asked.target, asked.headers[CUSTOMER], asked.body)
    assert (answer, told) == (Amount(7), CALL)
    assert fits(stub.vault.secret, told, asked.headers[SIGNATURE])


def test_calls_share_a_connection():
    with called((200, '{"amount_cents": 7}')) as stub:
        ask(stub, times=3)
    assert (len(stub.asked), len({asked.connection for asked in stub.asked})) == (3, 1)


@pytest.mark.parametrize("failure", [BROKEN, (502, ""), (503, ""), (504, ""), (429, "")])
def test_a_call_that_failed_at_once_is_made_again(failure):
    with called(failure, (200, '{"amount_cents": 7}')) as stub:
        assert (ask(stub), len(stub.asked)) == (Amount(7), 2)


@pytest.mark.parametrize("failure", [BROKEN, (503, "")])
def test_it_is_made_a_few_times_and_no_more(failure):
    with called(failure) as stub, pytest.raises(Unavailable, match="payments"):
        ask(stub)
    assert len(stub.asked) == ATTEMPTS


def test_an_error_of_the_services_own_is_not_repeated():
    with called((500, "")) as stub, pytest.raises(Unavailable, match="it answered 500"):
        ask(stub)
    assert len(stub.asked) == 1


def test_silence_ends_at_the_deadline_and_is_not_taken_for_a_refusal():
    with called(SILENT) as stub, pytest.raises(Unavailable, match="no answer within"):
        ask(stub, deadline_s=0.2)


def test_a_service_that_nobody_serves_is_unavailable():
    with called((200, "")) as gone:
        pass
    with pytest.raises(Unavailable, match="payments: ConnectError"):
        ask(gone)


def test_a_refusal_names_the_fields_at_fault():
    problem = '{"title": "Conflict", "status": 409, "detail": "taken", "errors": [{"field": "a", "detail": "b"}]}'
    with called((409, problem)) as stub, pytest.raises(Refused) as refused:
        ask(stub)
    assert (refused.value.status, refused.value.problem.detail) == (409, "taken")
    assert [fault.field for fault in refused.value.problem.errors] == ["a"]


def test_a_refusal_of_a_balancer_has_no_reason_and_is_a_refusal_all_the_same():
    with called((404, "Not Found")) as stub, pytest.raises(Refused, match="404: refused without a reason"):
        ask(stub)


def test_a_caller_whose_secret_was_rotated_fetches_the_new_one():
    with called((200, '{"amount_cents": 1}'), (401, ""), (200, '{"amount_cents": 2}')) as stub:
        calls = Calls(key_of(stub.vault, renew_s=0), stub.url)

        async def work():
            await calls.call("GET", PATH, Amount, customer_id="ann")
            stub.vault.secret = "the-next-secret"
            return await calls.call("GET", PATH, Amount, customer_id="ann")

        assert stub.run(work(), calls) == Amount(2)
    assert fits("the-next-secret", Call("GET", PATH, "ann", b""), stub.asked[-1].headers[SIGNATURE])


def test_a_caller_that_is_refused_all_the_same_is_told_that_the_service_is_out():
    with called((401, "")) as stub, pytest.raises(Unavailable, match="it answered 401"):
        ask(stub)
    assert len(stub.asked) == ATTEMPTS


def test_forged_signatures_do_not_have_the_secret_fetched_again_and_again():
    vault = Vault("a-secret")
    key = key_of(vault, renew_s=3600)

    async def work():
        await key.now()
        for _ in range(100):
            await key.renewed()

    asyncio.run(work())
    assert vault.fetched == 1


def test_while_the_secret_cannot_be_fetched_the_old_one_holds():
    vault = Vault("the-first")
    key = key_of(vault, renew_s=0)

    async def work():
        yield await key.now()
        vault.is_out, vault.secret = True, "the-next"
        with pytest.raises(Unavailable, match="secrets"):
            await key.renewed()
        yield await key.now()
        vault.is_out = False
        yield await key.renewed()

    assert asyncio.run(listed(work())) == ["the-first", "the-first", "the-next"]


async def listed(steps):
    return [each async for each in steps]


@given(CALLS)
def test_a_calls_own_signature_fits(call):
    assert fits("secret", call, sign("secret", call))


@given(CALLS, CALLS)
def test_no_other_calls_signature_fits(call, other):
    assert fits("secret", call, sign("secret", other)) == (call == other)


@given(st.sampled_from(["method", "target", "customer_id", "body"]), TEXT.filter(bool))
def test_a_call_that_was_changed_on_its_way_does_not_fit(what, more):
    changed = getattr(CALL, what) + (more.encode() if what == "body" else more)
    assert not fits("secret", replace(CALL, **{what: changed}), sign("secret", CALL))


@pytest.mark.parametrize("forged", ["", "v1=", "v1=0", "v2=" + "0" * 64, "\xff"])
def test_what_is_no_signature_does_not_fit(forged):
    assert not fits("secret", CALL, forged)


def test_another_secret_does_not_fit():
    assert not fits("secret", CALL, sign("another", CALL))
