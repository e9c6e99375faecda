"""A shard that drains gets no new customer, is left by all who are on it, and is emptied though somebody is killed."""

import json
import os
import subprocess
import sys

import pytest

from app.contract import ShardMap
from app.data.customers import FENCE, Change, ChangedError, Row, ShardedEntries
from app.data.emptying import empty
from app.data.outage import Unavailable
from app.data.scatter import gather
from app.data.shards import former_owners, shard_for
from engines.preflight.permissions import EMPTYING
from tests.app.dying import DyingAws
from tests.app.world import new_id
from tests.offline.policy_documents import TRUST, document

ALL = ["shard-00", "shard-01", "shard-02"]
LEAVING = ("shard-01", "shard-02")


class Shop:
    """Three tables of its own, servers with one map or the other, and a customer on each shard."""

    def __init__(self, world):
        self.world, self.tables = world, world.tables(f"e{new_id()[:8]}", 3)
        self.full = ShardMap(version=3, tables=self.tables)
        self.draining = ShardMap(version=4, tables=self.tables, draining=LEAVING)
        self.customers = [next(each for each in iter(new_id, None) if shard_for(each, ALL) == name) for name in ALL]
        for each in self.customers:
            self.put(self.full, each, "one", 0)

    def server(self, known, aws=None):
        return ShardedEntries(aws or self.world.stores.aws, known)

    def put(self, known, customer, body, seen):
        self.world.run(self.server(known).put(customer, "cart", body, seen))

    def carts(self, known):
        return [self.world.run(self.server(known).get(each, "cart")) for each in self.customers]

    def empty(self, aws=None):
        return self.world.run(empty(aws or self.world.stores.aws, self.draining))

    def items(self, shard):
        """What is in a table, without the fence."""
        found = self.world.account.client("dynamodb").scan(TableName=self.tables[shard])["Items"]
        return [each for each in found if each["customer_id"]["S"] != FENCE[0]]


@pytest.fixture
def shop(world):
    return Shop(world)


def test_a_draining_shard_owns_nobody_and_is_asked_for_who_was_there():
    tables = dict.fromkeys(ALL, "table")
    for customer in (new_id() for _ in range(30)):
        before = shard_for(customer, ALL)
        assert (before in former_owners(customer, tables, LEAVING)) == (before != "shard-00")


def test_a_new_customer_comes_to_a_shard_that_stays(shop, world):
    customer = next(each for each in iter(new_id, None) if shard_for(each, ALL) == "shard-02")
    shop.put(shop.draining, customer, "new", 0)
    assert customer in {each["customer_id"]["S"] for each in shop.items("shard-00")}


def test_emptying_moves_everybody_with_all_that_they_have(shop):
    assert shop.empty() == {name: {"moved": 1, "left": 0} for name in LEAVING}
    assert shop.carts(shop.draining) == [("one", 1)] * 3
    assert [shop.items(name) for name in LEAVING] == [[], []]


def test_what_was_written_beside_them_goes_along_once(shop):
    rows = [Row(("#sales1", new_id()), "{}") for _ in range(3)]
    for each in shop.customers:
        shop.world.run(shop.server(shop.full).write(each, [Change("order", "{}", 0)], [rows.pop()]))
    done, found = shop.empty(), shop.world.run(gather(shop.server(shop.draining).shards, "#sales1", None, 10))
    assert (done["shard-02"], len(found.rows), len(shop.items("shard-00"))) == ({"moved": 1, "left": 0}, 3, 12)


def test_what_is_on_two_shards_while_it_moves_is_told_once(shop):
    row = Row(("#sales1", new_id()), "{}")
    for each in shop.customers:
        shop.world.run(shop.server(shop.full).write(each, [Change("order", "{}", 0)], [row]))
    found = shop.world.run(gather(shop.server(shop.full).shards, "#sales1", None, 10))
    assert [each["entry"] for each in found.rows] == [row.key[1]]


def test_emptying_what_is_empty_does_nothing(shop):
    shop.empty()
    assert shop.empty() == {name: {"moved": 0, "left": 0} for name in LEAVING}


def test_a_server_with_the_old_map_follows_who_has_moved(shop):
    shop.empty()
    old = shop.server(shop.full)
    shop.world.run(old.put(shop.customers[2], "cart", "two", 1))
    assert (old.version, shop.carts(shop.draining)[2], shop.items("shard-02")) == (4, ("two", 2), [])


def test_a_customer_who_came_by_before_is_taken_off_the_old_shard_too(shop):
    shop.put(shop.draining, shop.customers[1], "two", 1)
    shop.empty()
    assert (shop.carts(shop.draining)[1], shop.items("shard-01")) == (("two", 2), [])


@pytest.mark.parametrize("calls", [*range(3, 24, 2)])
def test_emptying_that_is_killed_at_any_call_loses_nothing_and_is_gone_on_with(shop, calls):
    aws = DyingAws(calls)
    with pytest.raises(Unavailable):
        shop.empty(aws)
    aws.close()
    assert shop.carts(shop.full) == [("one", 1)] * 3
    shop.empty()
    assert (shop.carts(shop.full), shop.items("shard-01"), shop.items("shard-02")) == ([("one", 1)] * 3, [], [])


def test_a_map_in_which_they_stay_after_all_brings_back_what_was_changed_meanwhile(shop):
    for each in shop.customers:
        shop.put(shop.draining, each, "two", 1)
    again = ShardMap(version=5, tables=shop.tables)
    assert shop.carts(again) == [("two", 2)] * 3
    with pytest.raises(ChangedError):
        shop.put(shop.full, shop.customers[2], "other", 1)


def test_who_was_there_before_two_shards_drained_one_after_the_other_is_found(shop):
    first = ShardMap(version=4, tables=shop.tables, draining=("shard-02",))
    for each in shop.customers:
        shop.put(first, each, "two", 1)
    assert shop.carts(ShardMap(version=5, tables=shop.tables, draining=LEAVING)) == [("two", 2)] * 3


def test_servers_go_on_without_the_map_of_the_tables_that_have_gone(shop):
    shop.empty()
    [stays] = shop.tables.keys() - set(LEAVING)
    for name in LEAVING:
        shop.world.account.client("dynamodb").delete_table(TableName=shop.tables[name])
    assert shop.carts(ShardMap(version=5, tables={stays: shop.tables[stays]})) == [("one", 1)] * 3


def session(account, actions):
    """The credentials of somebody who may do *actions* and nothing else."""
    iam, name = account.client("iam"), f"who-empties-{new_id()[:8]}"
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(TRUST))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=document(statement))
    return account.client("sts").assume_role(RoleArn=arn, RoleSessionName="i-1")["Credentials"]


def test_the_command_answers_what_it_moved_for_a_caller_who_may_no_more_than_it_needs(shop):
    known = {"version": 4, "tables": shop.tables, "draining": list(LEAVING)}
    told = {"BIGPICTURE_REGION": "eu-west-1", "BIGPICTURE_SHARD_MAP": json.dumps(known)}
    given = session(shop.world.account, EMPTYING)
    keys = {"AWS_ACCESS_KEY_ID": given["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
            "AWS_SESSION_TOKEN": given["SessionToken"]}  # fmt: skip
    endpoint = {"AWS_ENDPOINT_URL": shop.world.environment["AWS_ENDPOINT_URL"]}
    done = subprocess.run([sys.executable, "-m", "app.data.emptying"], env={**os.environ, **told, **keys, **endpoint},
                          capture_output=True, text=True, check=True)  # fmt: skip
    assert json.loads(done.stdout) == {name: {"moved": 1, "left": 0} for name in LEAVING}
