"""Charges and refunds: once, whoever asks how often; never more back than was taken; nothing unknown for ever."""

import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.messages import ChargeSettled, RefundIssued
from app.services.payments.domain import ExceededError, ForgedError, State, TakenError, UnknownChargeError, Verdict
from tests.app.paying import Paying, all_at_once


@pytest.fixture
def paying(world):
    return Paying(world)


@pytest.mark.parametrize(
    ("payment", "state", "taken"), [("tok_accepted", "accepted", 100), ("tok_refused", "refused", 0)]
)
def test_the_gateway_says_at_once_what_becomes_of_a_charge(paying, payment, state, taken):
    assert (paying.charge(payment).state, paying.taken_cents()) == (state, taken)


def test_a_token_that_nobody_gave_out_is_refused(paying):
    assert paying.charge("tok_of_another_shop").state == State.REFUSED


def test_a_charge_that_is_asked_for_again_is_the_same(paying):
    assert [paying.charge(), paying.charge()] == [paying.found()] * 2


@pytest.mark.parametrize("other", [{"amount_cents": 101}, {"payment": "tok_refused"}])
def test_another_charge_under_the_same_id_is_refused(paying, other):
    paying.charge()
    with pytest.raises(TakenError):
        paying.charge(**other)


def test_another_customers_charge_under_the_same_id_is_refused(paying, world):
    paying.charge()
    with pytest.raises(TakenError):
        Paying(world, paying.charge_id, "bea").charge()
    with pytest.raises(UnknownChargeError):
        Paying(world, paying.charge_id, "bea").found()


def test_of_many_servers_that_charge_at_once_only_one_does(paying, world):
    outcomes = all_at_once(world, *(paying.charging() for _ in range(20)))
    assert sorted(is_new for _, is_new in outcomes) == [False] * 19 + [True]
    assert (paying.found().state, paying.taken_cents()) == ("accepted", 100)


@pytest.mark.parametrize("payment", ["tok_late", "tok_late_refused", "tok_lost"])
def test_a_gateway_that_does_not_answer_in_time_leaves_the_charge_pending(paying, payment):
    assert (paying.charge(payment).state, paying.told()) == (State.PENDING, [])


@pytest.mark.parametrize("verdict", ["accepted", "refused"])
def test_a_late_answer_settles_the_charge_and_is_told_to_who_waits(paying, verdict):
    paying.charge("tok_late")
    paying.notice(verdict)
    [event] = paying.told()
    assert (type(event), event.customer_id, event.verdict) == (ChargeSettled, "ann", verdict)
    assert paying.found().state == verdict


def test_a_gateway_whose_answer_was_lost_is_asked_again_under_the_same_id(paying):
    paying.charge("tok_lost")
    assert (paying.charge("tok_lost").state, paying.taken_cents()) == (State.ACCEPTED, 100)


def test_a_charge_that_nobody_asks_about_any_more_is_settled_and_told_all_the_same(paying):
    paying.charge("tok_lost")
    paying.errand()
    assert (paying.found().state, [type(event) for event in paying.told()]) == (State.ACCEPTED, [ChargeSettled])


def test_a_notice_is_believed_once(paying):
    paying.charge("tok_late")
    paying.notice(nonce="0123456789abcdef")
    with pytest.raises(ForgedError):
        paying.notice(nonce="0123456789abcdef")
    assert len(paying.told()) == 1


@pytest.mark.parametrize("old_s", [3600, -3600])
def test_a_notice_that_is_not_of_these_minutes_is_not_believed(paying, old_s):
    paying.charge("tok_late")
    with pytest.raises(ForgedError):
        paying.notice(old_s=old_s)
    assert paying.found().state == State.PENDING


def test_a_notice_of_another_amount_settles_nothing(paying):
    paying.charge("tok_late")
    with pytest.raises(TakenError):
        paying.notice(amount_cents=1)
    assert paying.found().state == State.PENDING


def test_a_notice_of_a_charge_that_nobody_made_is_refused(paying):
    with pytest.raises(UnknownChargeError):
        paying.notice()


def test_a_second_notice_changes_nothing(paying):
    paying.charge("tok_late")
    paying.notice("accepted")
    paying.notice("refused")
    assert (paying.found().state, len(paying.told())) == (State.ACCEPTED, 1)


def test_of_many_refunds_at_once_no_more_goes_back_than_was_taken(paying, world):
    paying.charge()
    ids = [str(uuid.uuid4()) for _ in range(50)]
    outcomes = all_at_once(world, *(paying.charges.refund(paying.charge_id, "ann", each, 30) for each in ids))
    refused = [each for each in outcomes if isinstance(each, ExceededError)]
    assert (len(refused), paying.found().refunded_cents) == (47, 90)


def test_a_refund_that_is_asked_for_again_is_the_same_and_of_another_amount_is_refused(paying):
    paying.charge()
    for _ in range(2):
        paying.refund(60, "00000000-0000-4000-8000-000000000001")
    with pytest.raises(TakenError):
        paying.refund(40, "00000000-0000-4000-8000-000000000001")
    assert paying.found().refunded_cents == 60


@pytest.mark.parametrize("payment", ["tok_refused", "tok_late"])
def test_of_what_was_not_taken_nothing_goes_back(paying, payment):
    paying.charge(payment)
    with pytest.raises(ExceededError):
        paying.refund(1)


def test_a_refund_is_made_once_and_told(paying):
    paying.charge()
    paying.refund(60)
    paying.errand()
    paying.errand()
    assert (paying.taken_cents(), [event.amount_cents for event in paying.told()]) == (40, [60])


def test_a_refund_that_the_gateway_is_asked_for_twice_is_made_once(paying, world):
    paying.charge()
    paying.refund(40, "00000000-0000-4000-8000-000000000001")
    world.run(paying.gateway.refund(paying.charge_id, "00000000-0000-4000-8000-000000000001", 40))
    paying.errand()
    assert (paying.taken_cents(), paying.found().refunded_cents) == (60, 40)


def test_of_a_charge_that_was_taken_back_after_a_part_of_it_the_rest_is_told(paying):
    paying.charge()
    paying.refund(60)
    paying.errand()
    paying.cancel()
    paying.errand()
    assert (paying.taken_cents(), [event.amount_cents for event in paying.told()]) == (0, [60, 40])


@pytest.mark.parametrize("payment", ["tok_accepted", "tok_late", "tok_lost"])
def test_of_a_charge_that_was_taken_back_the_gateway_keeps_nothing(paying, payment):
    paying.charge(payment)
    paying.cancel()
    paying.errand()
    assert (paying.taken_cents(), [(type(each), each.amount_cents) for each in paying.told()]) == (
        0,
        [(RefundIssued, 100)],
    )


def test_a_charge_that_comes_after_it_was_taken_back_is_refused_and_never_asked_for(paying):
    paying.cancel()
    with pytest.raises(TakenError):
        paying.charge()
    assert paying.ask("SELECT count(*) FROM sandbox_gateway.charges WHERE charge_id = $1", paying.charge_id) == 0


def test_a_late_answer_after_the_charge_was_taken_back_changes_nothing(paying):
    paying.charge("tok_late")
    paying.cancel()
    paying.notice()
    assert (paying.found().state, paying.told()) == (State.CANCELLED, [])


def test_a_charge_that_is_taken_back_while_the_gateway_is_asked_is_refused(paying):
    class Slow:
        """A gateway during whose answer the charge is taken back."""

        async def charge(self, charge_id, *_):
            await paying.charges.cancel(charge_id, "ann")
            return Verdict.ACCEPTED

    paying.gateway = Slow()
    with pytest.raises(TakenError):
        paying.charge()
    assert paying.found().state == State.CANCELLED


STEPS = st.lists(
    st.one_of(
        st.sampled_from(["charge", "cancel", "errand", "notice accepted"]),
        st.integers(1, 100).map("refund {}".format),
    ),
    max_size=8,
)


def go(paying, payment, step):
    """One step of anybody's; what is refused changes nothing."""
    what, _, how = step.partition(" ")
    try:
        if what == "charge":
            paying.charge(payment)
        elif what == "refund":
            paying.refund(int(how))
        elif what == "notice":
            paying.notice()
        else:
            getattr(paying, what)()
    except (TakenError, ExceededError, UnknownChargeError):
        pass


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(payment=st.sampled_from(["tok_accepted", "tok_refused", "tok_lost"]), steps=STEPS)
def test_in_any_order_of_steps_the_gateway_has_what_the_charge_says_and_all_refunds_were_told(world, payment, steps):
    paying = Paying(world)
    for step in ["charge", *(step for step in steps if payment == "tok_lost" or "notice" not in step), "errand"]:
        go(paying, payment, step)
    charge, taken = paying.found(), paying.taken_cents()
    back = sum(each.amount_cents for each in paying.told() if isinstance(each, RefundIssued))
    kept = 100 - charge.refunded_cents if charge.state == State.ACCEPTED else 0
    assert (taken, back) == (kept, charge.refunded_cents)
