"""`empty-shards` moves every customer out of the deployed shards that drain, and the next `up` deletes them."""

import asyncio
import uuid

import pytest

from app.contract import ShardMap
from app.data.aws import Aws
from app.data.customers import ShardedEntries
from tests.end_to_end.checkouts import make_checkout
from tests.engine.sharded import PROGRAM

CUSTOMERS = [str(uuid.UUID(int=number)) for number in range(6)]


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What each command answered: an `up` that keeps a shard, the move, an `up` that does not, and the carts then."""
    checkout = make_checkout(tmp_path_factory.mktemp("shards"))
    (checkout.folder / "__main__.py").write_text(f'"""A sharded table."""\n\n{PROGRAM}')
    checkout.json("up", "--engine", "pulumi", "--no-serve", "--set", "table_shards=2")
    with pytest.MonkeyPatch.context() as environment:
        for name, value in checkout.json("env").items():
            environment.setenv(name, value)
        carts(checkout, write=True)
        kept = checkout.json("up", "--no-serve", "--set", "table_shards=1")
        moved = checkout.json("empty-shards")
        gone = checkout.json("up", "--no-serve", "--set", "table_shards=1")
        found = carts(checkout)
    again = checkout.run("empty-shards").stdout
    checkout.run("down", "--now")
    return kept, moved, gone, found, again


def carts(checkout, *, write=False):
    """What each customer has in the cart, as a server of the store finds it; first put there if *write*."""
    known = ShardMap(**checkout.json("outputs")["shard_map"])

    async def ask():
        aws = Aws("us-east-1")
        server = ShardedEntries(aws, known)
        for each in CUSTOMERS if write else []:
            await server.put(each, "cart", each, 0)
        found = [(await server.get(each, "cart"))[0] for each in CUSTOMERS]
        aws.close()
        return found

    return asyncio.run(ask())


def test_everybody_leaves_the_shard_that_drains(answers):
    kept, moved, _, _, _ = answers
    assert "still holds items" in kept["kept"][0]
    assert moved["shard-01"]["moved"] > 0 == moved["shard-01"]["left"]


def test_the_next_up_takes_the_shard_away_and_nobody_loses_anything(answers):
    _, _, gone, found, _ = answers
    assert [urn.rpartition("::")[2] for urn in gone["deleted"] if "dynamodb/table" in urn] == ["customers-shard-01"]
    assert found == CUSTOMERS


def test_where_nothing_drains_it_says_so(answers):
    assert answers[-1] == "no shard drains\n"
