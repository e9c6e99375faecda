"""A table shard is given up by its name together with those after it, and what is kept says which names that takes."""

import pytest
from msgspec import structs

from engines.draining import Shards
from engines.graph import STACK_TYPE, Graph, Options, Resource
from engines.refusals import DataLossError
from offline.account import open_account

TABLE = "bigpicture:data:ShardedTable$aws:dynamodb/table:Table"
KEY = {"TableName": "", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST",
       "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}]}  # fmt: skip
GIVE_UP = "--allow-data-loss customers-shard-{}"


@pytest.fixture(scope="module")
def account():
    """Four tables of a customers' table, an item in each but the third."""
    made = open_account("us-east-1", "small")
    dynamodb = made.client("dynamodb")
    for number in range(4):
        dynamodb.create_table(**KEY | {"TableName": f"table-{number}"})
        if number != 2:
            dynamodb.put_item(TableName=f"table-{number}", Item={"id": {"S": "c1"}})
    yield made
    made.close()


def shard(number, *, protect=False):
    urn = f"urn:pulumi:s::p::{TABLE}::customers-shard-0{number}"
    return Resource(urn=urn, type=TABLE, name=f"customers-shard-0{number}", parent="", custom=True, inputs={},
                    outputs={}, id=f"table-{number}", options=Options(protect=protect))  # fmt: skip


def looked(account, *allowed, count=4, protect=False, asked=0):
    """What stays of *count* shards of which one is wanted."""
    outputs = {"shard_map": {"draining": ["shard-01", "shard-02", "shard-03"]}}
    stack = structs.replace(shard(0), type=STACK_TYPE, outputs=outputs, urn="s")
    shards = [shard(number, protect=protect) for number in range(count)]
    deployed = Graph(project="p", stack="s", resources=[stack, *shards])
    return Shards(wanted=1, asked=asked, allowed=allowed).look(deployed, account)


def give_up(*numbers):
    return " ".join(GIVE_UP.format(number) for number in numbers)


def test_what_is_kept_names_every_shard_that_has_to_go_with_it(account):
    kept = looked(account).kept
    assert [each.partition("give them up: ")[2] for each in kept] == [give_up("01", "03"), give_up("03")]


@pytest.mark.parametrize(("allowed", "later"), [(["01", "03"], 0), (["03"], 1)])
def test_what_is_kept_offers_names_that_are_taken(account, allowed, later):
    assert looked(account, *(f"customers-shard-{each}" for each in allowed)).later == later


def test_a_shard_before_another_with_items_is_not_given_up_alone(account):
    with pytest.raises(DataLossError, match=f"stays as long as customers-shard-03 after it; .* add {give_up('03')}$"):
        looked(account, "customers-shard-01")


def test_a_shard_is_named_by_more_of_its_urn_too(account):
    assert looked(account, f"{TABLE}::customers-shard-01", "customers-shard-03").later == 0


def test_a_protected_shard_is_given_up_after_an_update_without_its_name(account):
    [said] = looked(account, count=2, protect=True).kept
    assert said.endswith(f"; or give them up: once `up` has taken their protection away, {give_up('01')}")
    with pytest.raises(DataLossError, match=r"is protected, or one after it is; .* Fix: leave it out once"):
        looked(account, "customers-shard-01", count=2, protect=True)


def test_a_shard_that_the_settings_keep_is_not_given_up(account):
    with pytest.raises(DataLossError, match=r"kept by table_shards_draining, which is 1; .* table_shards_draining=0$"):
        looked(account, "customers-shard-01", count=2, asked=1)


NAMES = ["shard-00", "shard-01", "shard-02", "shard-03"]


@pytest.mark.parametrize(
    ("deployed", "draining", "wanted", "versions"),
    [
        ((7, 4, []), 0, 4, (7, 7)),
        ((4, 4, []), 0, 4, (0, 0)),
        ((2, 2, []), 0, 4, (0, 0)),
        ((7, 1, []), 0, 4, (8, 8)),
        ((4, 4, []), 3, 1, (5, 5)),
        ((5, 4, NAMES[1:]), 3, 1, (5, 5)),
        ((5, 4, NAMES[1:]), 0, 1, (6, 6)),
    ],
)
def test_a_map_keeps_its_version_until_it_says_another_thing(account, deployed, draining, wanted, versions):
    version, tables, leaving = deployed
    known = {"version": version, "tables": dict.fromkeys(NAMES[:tables], "table"), "draining": leaving}
    stack = structs.replace(shard(0), type=STACK_TYPE, outputs={"shard_map": known}, urn="s")
    site = Shards(wanted=wanted, asked=draining)
    assert site.look(Graph(project="p", stack="s", resources=[stack]), account).versions == versions
