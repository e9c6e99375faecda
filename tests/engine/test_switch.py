"""A deployed stack that holds data is switched to horizontal and back at each size: the data is there, as before."""

import subprocess
from types import SimpleNamespace

import pytest
from msgspec.structs import asdict

from engines.backend import offline_variables
from engines.data_loss import HELD
from engines.state import read_graph
from stacks.presets import SIZES
from tests.end_to_end.checkouts import clean_environment, make_checkout
from tests.engine.switches import travelled, unprotected

PRODUCTION = (SIZES[0], "production")
"""The sandbox is switched at this size by its own commands: test_sandbox.py and test_verbs.py."""
OF_PRODUCTION = pytest.mark.parametrize("journey", [PRODUCTION], indirect=True)
DOWN = "down --stack production --yes-destroy production"


@pytest.fixture(scope="module", params=[PRODUCTION, *((size, "sandbox") for size in SIZES[1:])], ids=" ".join)
def journey(request):
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PULUMI_SKIP_CHECKPOINTS", "true")  # a state for each step costs half of the time
        with travelled(*request.param) as made:
            yield made


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


@OF_PRODUCTION
def test_shards_that_were_emptied_go_and_nothing_else_does(journey):
    shards = {name for name in journey.back.after.identities if "customers-shard" in name and "-00-" not in name}
    gone = {table_of(urn) for step in journey.emptied.done.steps for urn in step.deleted}
    gone -= {f"{table}-{alarm}" for table in gone for alarm in ("errors", "throttled")}
    assert gone == {name.rpartition("-")[0] for name in shards} != set()


def table_of(urn):
    return urn.rpartition("::")[2]


@OF_PRODUCTION
def test_shards_that_were_emptied_go_as_the_preview_said(journey):
    planned, done = journey.emptied.planned, journey.emptied.done
    assert ([sorted_(step) for step in done.steps], done.kept) == ([sorted_(step) for step in planned.steps], [])


@OF_PRODUCTION
def test_everything_but_the_emptied_shards_stays(journey):
    before, after = journey.emptied.before, journey.emptied.after
    lost = before.identities.keys() - after.identities.keys()
    assert (after.data, lost) == (before.data, {name for name in lost if "customers-shard" in name})


@pytest.fixture(scope="module")
def destroyed(journey, tmp_path_factory):
    """What `down` said of protected production, then of production that was given up."""
    checkout = make_checkout(tmp_path_factory.mktemp("production"))
    with (checkout.folder / "stacks" / "Pulumi.production.yaml").open("a", encoding="utf-8") as file:
        file.write('  aws:allowedAccountIds: ["123456789012"]\n')
    stood, protected = known(journey), run(checkout, journey, DOWN)
    stands = known(journey)
    unprotected(journey.running, "small")
    return SimpleNamespace(stood=stood, protected=protected, stands=stands, down=run(checkout, journey, DOWN))


def known(journey):
    """The URNs of all that the state knows of."""
    return [each.urn for each in read_graph(journey.running).resources]


def run(checkout, journey, command):
    variables = {**clean_environment(), **offline_variables(journey.running), "AWS_ENDPOINT_URL": journey.endpoint}
    return subprocess.run(
        checkout.command(*command.split()), capture_output=True, text=True, env=variables, check=False
    )


@OF_PRODUCTION
def test_nothing_of_protected_production_is_destroyed_by_its_name(destroyed):
    refusal = destroyed.protected
    assert (refusal.returncode, " are protected, " in refusal.stderr) == (1, True), refusal
    assert destroyed.stands == destroyed.stood


@OF_PRODUCTION
def test_production_that_was_given_up_is_destroyed_by_its_name(destroyed):
    assert (destroyed.down.returncode, " deleted in " in destroyed.down.stdout) == (0, True), destroyed.down
