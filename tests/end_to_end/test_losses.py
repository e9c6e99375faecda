"""Whatever is lost at whichever step of a customer's walk: what they were told is so, once, and the region heals."""

import itertools

import pytest

from offline.region.region import running
from tests.end_to_end import truth
from tests.end_to_end.losses import Losses
from tests.end_to_end.victims import VICTIMS, Running
from tests.end_to_end.walking import PAID, STEPS, Walk, at_the_end
from tests.stores import standing
from tests.waiting import eventually

LETTERS = ["We have your order", "Welcome", "Your invoice", "Your money is back", "Your parcel has arrived"]


@pytest.fixture(scope="module")
def lost(tmp_path_factory):
    """What is left when everything was lost at every step, and everybody is at the end of their walk."""
    with standing("offline") as store, running(store.account, tmp_path_factory.mktemp("region") / "run") as region:
        here = Running(store, region)
        assert eventually(here.is_whole, wanted=True)
        cards = itertools.cycle(["tok_accepted", "tok_late"])  # late is who checks out when the sagas' worker is lost
        story = Losses(here, [Walk(here.url, card) for _, card in zip(VICTIMS, cards, strict=False)])
        story.suffer()
        yield story


def test_everything_that_may_be_lost_was_lost_at_every_step_of_the_walk(lost):
    assert lost.pairs == {*itertools.product([victim.name for victim in VICTIMS], [step.__name__ for step in STEPS])}


def test_all_that_was_lost_came_back(lost):
    assert lost.unhealed == []


def test_every_kind_of_worker_was_lost_with_work_in_its_hands(lost):
    assert lost.full_handed == {victim.name for victim in VICTIMS if victim.queue}


def test_a_customer_notices_no_more_than_a_request_that_is_sent_again_once(lost):
    assert {*lost.patience} == {1}


def test_customers_have_all_that_they_were_told_and_nothing_twice(lost):
    assert [walk.seen() for walk in lost.walks] == [at_the_end(walk.order) for walk in lost.walks]


def test_the_gateway_was_asked_for_just_what_was_ordered_and_gave_all_of_it_back(lost):
    asked = truth.rows(lost.running, "select charge_id, amount_cents, given_back_cents from sandbox_gateway.charges")
    orders = [name.partition("#")[2] for name in truth.entries(lost.running.store, "order#")]
    assert (sorted(asked), orders) == (
        [f"{order}|{PAID}|{PAID}" for order in orders],
        sorted(walk.order for walk in lost.walks),
    )


def test_each_customer_is_written_each_letter_once(lost):
    wanted = {walk.name: LETTERS for walk in lost.walks}
    assert eventually(lambda: truth.letters(lost.running.store, lost.walks), wanted) == wanted


def test_each_event_counts_once(lost):
    wanted = [f"{what}|{len(lost.walks)}" for what in ("delivered", "paid", "placed", "returned")]
    question = "select what, count from statistics.totals order by what"
    assert eventually(lambda: truth.rows(lost.running, question), wanted) == wanted


def test_nothing_is_left_to_be_done_and_nothing_was_buried(lost):
    outboxes = " union all ".join(
        f"select message_id from {service}.outbox" for service in ("accounts", "feedback", "payments")
    )

    def left():
        return truth.waiting(lost.running.store), truth.unsent(lost.running.store), truth.rows(lost.running, outboxes)

    assert eventually(left, ({}, [], [])) == ({}, [], [])
