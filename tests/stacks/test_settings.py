"""A stack's settings are read with their types, and everything wrong with them is refused at once, by name."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stacks.knobs import Range, SettingsError
from stacks.settings import own_fields, parse, preset_fields


def read(region="us-east-1", **config):
    return parse(config, stack="test", region=region)


def problems(region="us-east-1", **config):
    with pytest.raises(SettingsError) as refused:
        read(region, **config)
    return refused.value.problems


def test_an_empty_stack_file_means_vertical_small_sandbox():
    settings = read()
    assert (settings.scaling, settings.size, settings.environment) == ("vertical", "small", "sandbox")


def test_a_knob_in_the_stack_file_wins_over_the_preset():
    assert read(scaling="horizontal", table_shards="5").preset.table_shards == 5


def test_a_range_is_read_with_both_its_ends():
    assert read(app_servers="2..9").preset.app_servers == Range(2, 9)


def test_the_word_preset_leaves_a_knob_to_the_preset():
    assert read(table_shards="preset").preset == read().preset


def test_named_zones_decide_how_many_there_are():
    assert read(zones='["us-east-1a","us-east-1c","us-east-1d"]').preset.zone_count == 3


def test_a_misspelt_setting_is_refused_with_the_nearest_real_names():
    assert problems(app_server="2..4") == [
        (
            "app_server is not a setting; allowed: those of docs/settings.md."
            " Nearest: app_servers, app_server_type, worker_servers."
            " Fix: app_servers, by --set or in stacks/Pulumi.test.yaml"
        )
    ]


def test_a_setting_that_is_like_none_is_to_be_left_out():
    assert problems(zz="1") == [
        (
            "zz is not a setting; allowed: those of docs/settings.md."
            " Fix: leave it out, by --set or in stacks/Pulumi.test.yaml"
        )
    ]


def test_a_word_that_is_none_is_mended_by_its_own_option():
    assert problems(scaling="diagonal") == [
        "scaling is 'diagonal'; allowed: vertical, horizontal. Fix: scaling, by --scaling or in stacks/Pulumi.test.yaml"
    ]


def test_a_bare_region_is_refused_with_its_real_name():
    with pytest.raises(SettingsError, match=r"^region is not a setting; .* Nearest: aws:region\."):
        parse({"region": "eu-west-1"}, stack="test", region="us-east-1")


def test_a_range_below_its_floor_is_refused_with_what_is_allowed():
    assert problems(app_servers="0..4") == [
        (
            "app_servers is '0..4'; allowed: 1 <= min <= max <= 100, written min..max."
            " Fix: app_servers, by --set or in stacks/Pulumi.test.yaml"
        )
    ]


def test_every_problem_is_told_at_once():
    assert len(problems(scaling="sideways", table_shards="0", sizes="small")) == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("app_servers", "6..2"),
        ("app_servers", "4"),
        ("app_servers", "2..101"),
        ("table_shards", "0"),
        ("table_shards", "257"),
        ("table_shards", "two"),
        ("table_shards", "2.5"),
        ("cache_snapshot_days", "0"),
        ("database_backup_days", "0"),
        ("database_replicas", "16"),
        ("database_storage_gb", "400"),
        ("database_monitoring_s", "7"),
        ("secret_recovery_days", "3"),
        ("log_retention_days", "17"),
        ("worker_servers", "0..3"),
        ("app_server_type", "m7i.large"),
        ("app_server_type", "t4g.huge"),
        ("database_class", "t4g.small"),
        ("waf", "yes"),
        ("scaling", "diagonal"),
        ("size", "tiny"),
        ("environment", "staging"),
        ("domain", "no domain"),
        ("domain", "-shop.com"),
        ("domain", "shop"),
        ("domain", "example.com"),
        ("domain", "shop.example.com"),
        ("vpc_cidr", "10.0.0.1/16"),
        ("vpc_cidr", "10.0.0.0/8"),
        ("vpc_cidr", "10.0.0.0/24"),
        ("vpc_cidr", "8.8.0.0/16"),
        ("vpc_cidr", "ten"),
        ("zones", '["us-east-1a","us-east-1a"]'),
        ("zones", '["somewhere"]'),
        ("alarm_email", "nobody"),
        ("ami_id", "ami-latest"),
        ("origin_secret_generation", "0"),
        ("valkey_version", "8.x"),
    ],
)
def test_a_value_out_of_range_is_refused_by_its_name(name, value):
    [problem] = problems(**{name: value})
    assert problem.startswith(f"{name} is {value!r}; allowed: ")


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ({"nat_gateways": "none"}, "nat_gateways is none and interface_endpoints is false"),
        (
            {"table_shards": "200", "table_shards_draining": "57"},
            "table_shards + table_shards_draining is 257; allowed: at most 256",
        ),
        ({"cache_multi_az": "true"}, "cache_multi_az is true and cache_replicas_per_shard is 0"),
        ({"database_max_storage_gb": "21"}, "database_max_storage_gb is 21 and database_storage_gb is 20"),
        ({"hosted_zone": "make"}, "hosted_zone is 'make' and domain is not set"),
        ({"zone_name": "bigpicture.dev"}, "zone_name is 'bigpicture.dev' and domain is ''"),
        (
            {"domain": "shop.bigpicture.dev", "zone_name": "picture.dev"},
            "zone_name is 'picture.dev' and domain is 'shop.bigpicture.dev'",
        ),
        ({"zones": '["us-east-1a","us-east-1b"]', "zone_count": "3"}, "zone_count is 3 and zones names 2"),
        ({"zones": '["us-east-1a"]'}, "zones is us-east-1a; allowed: 2 or 3 zones. Fix: zones, by --set"),
        ({"zones": '["eu-west-1a","eu-west-1b"]'}, "zones is eu-west-1a, eu-west-1b"),
        ({"protect": "true"}, "protect and disposable are both true"),
        (
            {"cache_shards": "50", "cache_replicas_per_shard": "1"},
            "cache_shards x (1 + cache_replicas_per_shard) is 100",
        ),
    ],
)
def test_settings_that_contradict_each_other_are_refused(config, sentence):
    [problem] = problems(**config)
    assert problem.startswith(sentence)
    [named] = re.findall("Fix: (.*), by --set or in stacks/Pulumi.test.yaml$", problem)
    assert all(each in problem.partition("; allowed: ")[0] for each in named.split(" or "))


@pytest.mark.parametrize("digits", ["\N{FULLWIDTH DIGIT FOUR}", "1_0", " 4", "+4"])
def test_a_number_is_written_in_digits_alone(digits):
    [problem] = problems(table_shards=digits)
    assert problem.startswith(f"table_shards is {digits!r}")


def test_the_nearest_instance_types_are_named():
    [problem] = problems(app_server_type="t4g.smal")
    assert "Nearest: t4g.small" in problem


@given(st.sampled_from(sorted({**own_fields(), **preset_fields()})), st.text(max_size=40))
def test_any_text_is_either_read_or_refused_with_a_fix(name, text):
    try:
        problems_ = []
        read(**{name: text})
    except SettingsError as refused:
        problems_ = refused.problems
    assert all("Fix: " in problem for problem in problems_)


def test_a_day_without_quotation_marks_is_that_day_as_pulumi_reads_it_too():
    read = [parse({"expires_at": text}, stack="x", region="us-east-1").expires_at for text in DAY_TEXTS]
    assert read == ["2026-12-31", "2026-12-31"]


DAY_TEXTS = ("2026-12-31", "2026-12-31 00:00:00 +0000 UTC")
