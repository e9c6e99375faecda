"""A later update of a sequence takes nothing away but what was shown before the first one."""

import pytest

from engines.agreement import AgreementError, demand_as_agreed
from engines.data_loss import TABLE, Loss
from engines.outcome import step
from engines.refusals import DataLossError

QUEUE, SHARD = "urn:pulumi:s::p::aws:sqs/queue:Queue::letters", f"urn:pulumi:s::p::{TABLE}::shard-01"
LOSS = Loss(name="shard-01", urn=SHARD, type=TABLE, change="delete", properties=[])


@pytest.mark.parametrize("kind", ["delete", "replace"])
def test_what_nobody_was_shown_ends_the_sequence(kind):
    with pytest.raises(AgreementError, match="would also replace or delete letters; allowed: what was shown"):
        demand_as_agreed([step({QUEUE: kind})], [step({QUEUE: "update"})], [], [])


def test_what_was_shown_in_any_of_the_updates_that_are_left_is_agreed():
    demand_as_agreed([step({QUEUE: "delete"})], [step({}), step({QUEUE: "delete"})], [], [])


def test_what_is_only_changed_in_place_may_differ():
    demand_as_agreed([step({QUEUE: "update"})], [step({QUEUE: "same"})], [], [])


def test_a_table_that_was_empty_when_it_was_shown_and_no_longer_is_ends_the_sequence():
    gone = [step({SHARD: "delete"})]
    with pytest.raises(DataLossError, match="would lose data"):
        demand_as_agreed(gone, gone, [LOSS], [])


def test_a_loss_that_was_allowed_needs_no_second_name_and_a_name_may_be_of_a_loss_before():
    gone = [step({SHARD: "delete"})]
    demand_as_agreed(gone, gone, [LOSS], ["shard-01", "shard-02"])
