"""A database takes the connections of all servers that may ask it, or the settings are refused."""

import pytest

from stacks.connections import refuse_too_many_servers
from stacks.knobs import SettingsError
from stacks.settings import parse
from tests.stacks.combinations import COMBINATIONS


def settings(**config):
    return parse({"scaling": "vertical"} | config, stack="test", region="us-east-1")


@pytest.mark.parametrize(("scaling", "size", "environment"), COMBINATIONS)
def test_every_preset_s_database_takes_all_of_its_servers(scaling, size, environment):
    refuse_too_many_servers(settings(scaling=scaling, size=size, environment=environment))


def few(workers):
    """Settings of one fleet of each kind, beside a database of 101 connections."""
    return settings(database_class="db.t4g.micro", app_servers="1..20", worker_servers=f"1..{workers}")


def test_the_last_server_that_the_database_takes_is_allowed():
    refuse_too_many_servers(few(workers=5))


def test_one_server_more_than_the_database_takes_is_refused():
    with pytest.raises(SettingsError) as refused:
        refuse_too_many_servers(few(workers=6))
    assert str(refused.value) == (
        "app_servers 1..20 and worker_servers 1..6 allow 26 servers of 4 connections each, and database_class"
        " db.t4g.micro takes 101; allowed: at most 25 servers that use the database."
        " Fix: a larger database_class, or smaller maxima"
    )
