"""A deployed stack that holds data is switched to horizontal and back at each size: the data is there, as before."""

import pytest
from msgspec.structs import asdict

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
    assert [step.replaced for step in switch.done.steps if step.replaced] == []


def test_the_engine_deletes_nothing_that_holds_data_but_copies(switch):
    copies = {loss.urn for loss in switch.done.data if loss.copy}
    deleted = {urn for step in switch.done.steps for urn in step.deleted if held(urn)}
    assert deleted - copies == set()


def held(urn):
    return urn.split("::")[2].rpartition("$")[2] in HELD


def test_each_update_of_a_switch_does_what_its_preview_said(switch):
    assert [sorted_(step) for step in switch.done.steps] == [sorted_(step) for step in switch.planned.steps]


def sorted_(step):
    """What an update does to which resource; the order of what does not depend on each other is anybody's."""
    return {name: sorted(urns) if isinstance(urns, list) else urns for name, urns in asdict(step).items()}


def test_a_preview_names_the_losses_that_the_switch_makes(switch):
    assert switch.planned.data == switch.done.data


def test_a_preview_names_what_the_switch_changes_in_place_of_what_holds_data(switch):
    assert [asdict(touch) for touch in switch.planned.touched] == [asdict(touch) for touch in switch.done.touched] != []


def test_horizontal_has_a_shard_with_data_for_each_of_its_tables(journey):
    tables = {where for where in journey.back.before.data if "customers-shard" in where}
    assert tables == {name for name in journey.back.before.identities if "customers-shard" in name}


def test_the_way_back_keeps_each_shard_that_is_no_longer_wanted_and_says_so(journey):
    shards = {name.rpartition("-")[0] for name in journey.back.before.identities if "customers-shard" in name}
    said = {sentence.removesuffix(" still holds items") for sentence in map(first_sentence, journey.back.done.kept)}
    assert said == {f"Table {name}" for name in shards - {"customers-shard-00"}} != set()


def first_sentence(text):
    return text.partition(". ")[0]
