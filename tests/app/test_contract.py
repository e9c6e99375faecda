"""The contract between infrastructure and app: complete, refused by name all at once, the same after a round trip."""

from dataclasses import replace

import pytest

from app.contract import ALB_IDLE_S, DRAIN_S, KEEP_ALIVE_S, QUEUES, Contract, ContractError, ShardMap, variables

GOOD = {variable.name: variable.example for variable in variables().values()}


def refusals(environment):
    with pytest.raises(ContractError) as refused:
        Contract.from_environment(environment)
    return str(refused.value).splitlines()


def test_every_example_in_the_contract_is_a_good_value():
    contract = Contract.from_environment(GOOD)
    assert (contract.port, contract.database_reader_hosts, contract.shard_map) == (
        8080,
        ("replica.example.rds.amazonaws.com",),
        ShardMap(version=1, tables={"shard-00": "shard-00-3f1c9a0"}),
    )


def test_what_is_written_is_what_is_read():
    contract = Contract.from_environment(GOOD)
    assert Contract.from_environment(contract.to_environment()) == contract


def test_a_shard_that_drains_is_written_and_read():
    tables = {"shard-00": "first", "shard-01": "second"}
    draining = replace(
        Contract.from_environment(GOOD), shard_map=ShardMap(version=2, tables=tables, draining=("shard-01",))
    )
    assert Contract.from_environment(draining.to_environment()) == draining


def test_an_empty_environment_is_refused_with_every_variable_at_once():
    lines = refusals({})
    assert [line.split(" is missing; ")[0] for line in lines] == [variable.name for variable in variables().values()]


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("BIGPICTURE_PORT", "0"),
        ("BIGPICTURE_PORT", "65536"),
        ("BIGPICTURE_PORT", "80a"),
        ("BIGPICTURE_STACK", ""),
        ("BIGPICTURE_LOG_LEVEL", "LOUD"),
        ("BIGPICTURE_PUBLIC_URL", "https://shop.example.org/path"),
        ("BIGPICTURE_DATABASE_HOST", "db host"),
        ("BIGPICTURE_DATABASE_READER_HOSTS", "replica"),
        ("BIGPICTURE_DATABASE_READER_HOSTS", "[1]"),
        ("BIGPICTURE_SHARD_MAP", '{"version":0,"tables":{"shard-00":"one"}}'),
        ("BIGPICTURE_SHARD_MAP", '{"version":1,"tables":{}}'),
        ("BIGPICTURE_SHARD_MAP", '{"version":1,"tables":{"shard-00":"one"},"more":1}'),
        ("BIGPICTURE_SHARD_MAP", '{"version":1,"tables":{"shard-00":"one"},"draining":["shard-00"]}'),
        ("BIGPICTURE_SHARD_MAP", '{"version":1,"tables":{"shard-00":"one"},"draining":["shard-01"]}'),
        ("BIGPICTURE_QUEUE_URLS", '{"mail":"https://sqs.eu-west-1.amazonaws.com/123456789012/mail"}'),
        ("BIGPICTURE_TOPIC_ARN", "events"),
        ("BIGPICTURE_PAGES_BUCKET", "Pages"),
    ],
)
def test_a_malformed_value_is_refused_with_its_name_what_is_allowed_and_the_fix(name, bad):
    [variable] = [each for each in variables().values() if each.name == name]
    [line] = refusals(GOOD | {name: bad})
    assert line == (
        f"{name} is {bad!r}; allowed: {variable.meaning}, such as {variable.example}. "
        "Fix: /etc/bigpicture/app.env, which the launch template's user data writes"
    )


@pytest.mark.parametrize("name", ["BIGPICTURE_DATABASE_SECRET_ARN", "BIGPICTURE_CACHE_SECRET_ARN"])
def test_a_secret_in_place_of_its_arn_is_refused_and_never_shown(name):
    [line] = refusals(GOOD | {name: "hunter2"})
    assert (line.startswith(f"{name} is not an ARN (not shown); "), "hunter2" in line) == (True, False)


def test_infrastructure_is_refused_what_the_server_would_refuse():
    with pytest.raises(ContractError, match="BIGPICTURE_PORT is '0'"):
        Contract(**{**attributes(), "port": 0}).to_environment()


def attributes():
    contract = Contract.from_environment(GOOD)
    return {name: getattr(contract, name) for name in variables()}


def test_no_variable_but_a_secrets_arn_speaks_of_a_secret():
    words = ("SECRET", "PASSWORD", "TOKEN")
    assert [v.name for v in variables().values() if any(word in v.name for word in words) and not v.is_secret_arn] == []


def test_sigterm_leaves_time_for_the_longest_job():
    assert max(QUEUES.values()) < DRAIN_S


def test_the_app_keeps_a_silent_connection_longer_than_the_load_balancer():
    assert KEEP_ALIVE_S > ALB_IDLE_S
