"""A deployed stack that holds data is switched to horizontal and back at each size: the data is there, as before."""

import pytest

from engines.data_loss import HELD
from stacks.presets import SIZES
from tests.engine.switches import travelled


@pytest.fixture(scope="module", params=SIZES)
def journey(request):
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PULUMI_SKIP_CHECKPOINTS", "true")  # a state for each step costs half of the time
        return travelled(request.param)


@pytest.fixture(params=["there", "back"])
def switch(request, journey):
    return getattr(journey, request.param)


def test_all_data_is_there_after_a_switch(switch):
    before = switch.before.data
    assert {where: switch.after.data.get(where) for where in before} == before


def test_a_switch_keeps_every_table_database_cache_and_secret(switch):
    before = switch.before.identities
    assert {name: switch.after.identities.get(name) for name in before} == before


def test_the_engine_replaces_nothing_in_a_switch(switch):
    assert [urn for urn, kind in switch.kinds.items() if kind == "replace"] == []


def test_the_engine_deletes_nothing_that_holds_data_but_copies(switch):
    copies = {loss.urn for loss in switch.done.data if loss.copy}
    deleted = {urn for urn, kind in switch.kinds.items() if kind == "delete" and held(urn)}
    assert deleted - copies == set()


def held(urn):
    return urn.split("::")[2].rpartition("$")[2] in HELD


def test_a_switch_does_to_each_resource_what_its_preview_said(switch):
    assert switch.kinds == switch.foreseen_kinds


def test_a_preview_names_the_same_losses_as_the_switch_makes(switch):
    assert switch.foreseen.data == switch.done.data


def test_horizontal_has_a_shard_with_data_for_each_of_its_tables(journey):
    tables = {where for where in journey.back.before.data if "customers-shard" in where}
    assert tables == {name for name in journey.back.before.identities if "customers-shard" in name}
