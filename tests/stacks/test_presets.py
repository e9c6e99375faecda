"""Presets are pure tables: what scaling, size and environment mean, and what must never differ between them."""

import dataclasses
import itertools

import pytest

from app.contract import QUEUES, SERVICES
from stacks.knobs import Range, knob_of
from stacks.money import WARNINGS, warning
from stacks.presets import ENVIRONMENTS, SCALINGS, SIZES, Preset, app_fleets, preset, worker_fleets
from stacks.settings import parse

COMBINATIONS = list(itertools.product(SCALINGS, SIZES, ENVIRONMENTS))


def test_there_are_twelve_combinations():
    assert len(COMBINATIONS) == 12


@pytest.mark.parametrize(("scaling", "size", "environment"), COMBINATIONS)
def test_every_preset_value_is_one_that_the_setting_itself_would_take(scaling, size, environment):
    chosen = preset(scaling, size, environment)
    for field in dataclasses.fields(Preset):
        value = getattr(chosen, field.name)
        text = str(value).lower() if isinstance(value, bool) else str(value)
        assert knob_of(field).kind.read(text) == value, field.name


@pytest.mark.parametrize(("scaling", "size", "environment"), COMBINATIONS)
def test_every_preset_is_free_of_contradictions(scaling, size, environment):
    config = {"scaling": scaling, "size": size, "environment": environment}
    assert parse(config, stack="test", region="us-east-1").preset == preset(scaling, size, environment)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("knob", ["zone_count", "nat_gateways", "protect", "disposable", "point_in_time_recovery"])
def test_what_cannot_change_in_place_depends_on_the_environment_alone(knob, environment):
    assert len({getattr(preset(scaling, size, environment), knob) for scaling in SCALINGS for size in SIZES}) == 1


@pytest.mark.parametrize("size", SIZES)
def test_storage_is_the_same_in_both_scalings_because_it_never_shrinks(size):
    both = {preset(scaling, size, "sandbox").database_storage_gb for scaling in SCALINGS}
    assert len(both) == 1


@pytest.mark.parametrize("size", SIZES)
def test_vertical_has_one_of_each_and_horizontal_several(size):
    up, out = preset("vertical", size, "sandbox"), preset("horizontal", size, "sandbox")
    assert (up.table_shards, up.cache_shards, up.database_replicas) == (1, 1, 0)
    assert min(out.table_shards, out.cache_shards) > 1
    assert out.database_replicas >= 1


@pytest.mark.parametrize("scaling", SCALINGS)
@pytest.mark.parametrize("size", SIZES)
def test_production_keeps_a_server_in_each_zone(scaling, size):
    chosen = preset(scaling, size, "production")
    assert chosen.app_servers.min >= chosen.zone_count


@pytest.mark.parametrize(("scaling", "size"), list(itertools.product(SCALINGS, SIZES)))
def test_production_takes_play_money_only_when_that_is_asked_for_by_name(scaling, size):
    words = {"scaling": scaling, "size": size, "environment": "production"}
    asked = [parse(words | more, stack="x", region="us-east-1") for more in ({}, {"payment_gateway": "sandbox"})]
    assert [(each.preset.payment_gateway, warning(each)) for each in asked] == list(WARNINGS.items())


def test_a_sandbox_is_paid_in_play_money_without_a_word():
    asked = parse({}, stack="x", region="us-east-1")
    assert (asked.preset.payment_gateway, warning(asked)) == ("sandbox", "")


def test_vertical_runs_everything_on_one_fleet_of_servers_and_one_of_workers():
    assert app_fleets("vertical") == {"all": tuple(SERVICES)}
    assert worker_fleets("vertical") == {"all": tuple(QUEUES)}


def test_horizontal_has_a_fleet_for_each_service_and_each_kind_of_work():
    assert app_fleets("horizontal") == {service: (service,) for service in SERVICES}
    assert worker_fleets("horizontal") == {kind: (kind,) for kind in QUEUES}


def test_a_word_that_is_no_preset_is_refused():
    with pytest.raises(ValueError, match="'sideways' is no preset word; allowed: vertical, horizontal"):
        preset("sideways", "small", "sandbox")


def test_a_fleet_of_a_preset_can_always_grow():
    sizes = [preset(*words) for words in COMBINATIONS]
    assert all(isinstance(p.app_servers, Range) and p.app_servers.max > p.app_servers.min for p in sizes)
