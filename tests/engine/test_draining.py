"""A shard that is no longer wanted stays while it holds items, and goes when nobody writes to it and it is empty."""

import asyncio
import uuid
from types import SimpleNamespace

import pytest

from app.contract import ShardMap
from app.data.aws import Aws
from app.data.customers import FENCE, ShardedEntries
from app.data.emptying import empty
from engines import draining
from engines.backend import offline
from engines.data_loss import demand
from engines.draining import MAP_VERSION, SETTING, Shards
from engines.pulumi import PulumiEngine
from engines.refusals import DataLossError
from engines.switching import Site, carry_out, plan
from tests.engine.sharded import PROGRAM
from tests.engine.small import STACK, small

ITEM = {"customer_id": {"S": "c1"}, "entry": {"S": "cart"}}
SHARD = "customers-shard-01"


class Stack:
    """The small project with as many shards as a test wants."""

    def __init__(self, project):
        self.project, self.engine = project, PulumiEngine(STACK, self.configured(project, 2), root=project.root)
        self.dynamodb = project.gate.account.client("dynamodb")

    @staticmethod
    def configured(project, shards, draining=0, version=0):
        settings = {"table_shards": str(shards), SETTING: str(draining), MAP_VERSION: str(version)}
        return offline(project.running, STACK, settings, project.root)

    def wanting(self, shards, allowed=()):
        def drain(number, version):
            self.engine.configure(self.configured(self.project, shards, number, version))

        return Site(self.engine, self.project.gate.account, Shards(wanted=shards, allowed=allowed, drain=drain))

    def switch(self, shards):
        """Plan it and carry it out: what was foreseen, and what was done."""
        site = self.wanting(shards)
        planned = plan(site)
        return planned.foreseen, carry_out(site, planned)

    def map(self):
        """The shard map that servers would be told of now."""
        return ShardMap(**self.engine.outputs()["shard_map"])

    def tables(self):
        return sorted(self.dynamodb.list_tables()["TableNames"])


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """Two empty shards become one; two with an item in the second become one; the item moves, and the shard goes."""
    with small(tmp_path_factory.mktemp("draining"), 0) as project:
        project.write(PROGRAM)
        stack = Stack(project)
        stack.engine.up()
        empty = SimpleNamespace(**dict(zip(("planned", "done"), stack.switch(1), strict=True)), left=stack.tables())
        stack.switch(2)
        yield SimpleNamespace(empty=empty, **with_an_item(stack), lived_in=with_customers(stack))


def with_an_item(stack):
    shard = stack.tables()[-1]
    stack.dynamodb.put_item(TableName=shard, Item=ITEM)
    named = plan(stack.wanting(1, allowed=[SHARD])).foreseen
    planned, kept = stack.switch(1)
    stood = stack.dynamodb.scan(TableName=shard)["Items"]
    stack.dynamodb.delete_item(TableName=shard, Key=ITEM)
    drained, let_go = stack.switch(1)
    return {"named": named, "planned": planned, "kept": kept, "stood": stood, "drained": drained, "let_go": let_go,
            "left": stack.tables()}  # fmt: skip


def with_customers(stack):
    """Two shards with customers on both become one by the app's own job; who came before, and what is left of each."""
    stack.switch(2)
    customers = [str(uuid.UUID(int=number)) for number in range(8)]
    carts, maps = [asyncio.run(carts_of(stack, customers, write=True))], [stack.map()]
    _, kept = stack.switch(1)
    maps.append(stack.map())
    emptied = asyncio.run(with_aws(stack, lambda aws: empty(aws, stack.map())))
    stack.switch(1)
    carts.append(asyncio.run(carts_of(stack, customers)))
    return SimpleNamespace(maps=[*maps, stack.map()], carts=carts, kept=kept.kept, emptied=emptied, left=stack.tables())


async def with_aws(stack, work):
    """Do *work* with the app's own client, led to the account."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL", stack.project.gate.account.serve())
        environment.setenv("AWS_ACCESS_KEY_ID", "offline")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "offline")
        aws = Aws("us-east-1")
        try:
            return await work(aws)
        finally:
            aws.close()


async def carts_of(stack, customers, *, write=False):
    """What each customer has in the cart, as a server with the deployed map finds it; first put there if *write*."""

    async def ask(aws):
        server = ShardedEntries(aws, stack.map())
        for each in customers if write else []:
            await server.put(each, "cart", f"cart of {each}", 0)
        return [await server.get(each, "cart") for each in customers]

    return await with_aws(stack, ask)


def deleted(outcome):
    """The names of the tables that each update deletes."""
    return [[urn.rsplit("::", 1)[1] for urn in step.deleted if "dynamodb" in urn] for step in outcome.steps]


def test_a_preview_of_an_empty_shards_end_shows_it_drain_first(story):
    assert deleted(story.empty.planned) == [[], [SHARD]]


def test_an_empty_shard_is_no_loss(story):
    demand(story.empty.planned.data, [])
    assert [(loss.name, loss.empty) for loss in story.empty.planned.data] == [(SHARD, True)]


def test_an_empty_shard_goes_in_the_update_after_the_one_in_which_it_drains(story):
    assert (deleted(story.empty.done), len(story.empty.left)) == ([[], [SHARD]], 1)


def test_a_shard_with_items_stays_with_all_that_is_in_it(story):
    assert (story.kept.deleted, story.stood) == ([], [ITEM])


def test_the_map_says_that_it_drains(story):
    assert story.kept.outputs["shard_map"]["draining"] == ["shard-01"]


def test_what_stays_is_said_with_what_to_do_about_it(story):
    said = (
        f"Table {SHARD} still holds items. Move them to the shards that stay, ./bigpicture empty-shards, then run `up`"
        f" again; or give them up: --allow-data-loss {SHARD}"
    )
    assert (story.planned.kept, story.kept.kept) == ([said], [said])


def test_a_shard_that_is_named_is_a_loss_and_no_longer_kept(story):
    with pytest.raises(DataLossError, match=f"add: --allow-data-loss {SHARD}"):
        demand(story.named.data, [])
    assert story.named.kept == []


def test_a_drained_shard_goes_with_nothing_to_name(story):
    demand(story.drained.data, [])
    assert (deleted(story.let_go), len(story.left)) == ([[SHARD]], 1)


def test_a_shard_that_the_job_has_emptied_goes_and_every_customer_keeps_what_they_had(story):
    lived = story.lived_in
    assert (lived.kept[0].partition(". ")[0], len(lived.left)) == (f"Table {SHARD} still holds items", 1)
    assert lived.emptied["shard-01"]["left"] == 0 < lived.emptied["shard-01"]["moved"]
    assert lived.carts[0] == lived.carts[1] != []


def test_each_change_of_the_map_has_a_higher_version(story):
    versions = [each.version for each in story.lived_in.maps]
    assert versions == sorted(set(versions))


def test_the_fence_that_servers_keep_in_a_shard_is_no_item_of_anybody():
    assert {"S": FENCE[0]} == draining.FENCE
