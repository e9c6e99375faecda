"""A shard that is no longer wanted stays while it holds items, and goes when nobody writes to it and it is empty."""

import gc
from types import SimpleNamespace

import pytest

from engines.backend import offline
from engines.data_loss import demand
from engines.draining import SETTING, Shards
from engines.pulumi import PulumiEngine
from engines.refusals import DataLossError
from engines.switching import Site, carry_out, plan
from tests.engine.small import STACK, small

PROGRAM = """import pulumi

from components.protection import Protection
from components.sharded_table import ShardedTable, ShardedTableArgs

config = pulumi.Config("bigpicture")
args = ShardedTableArgs(
    shards=config.require_int("table_shards"), draining=config.get_int("table_shards_draining") or 0,
    partition_key="id", point_in_time_recovery=False, protection=Protection(protect=False, disposable=True),
)
pulumi.export("shard_map", ShardedTable("customers", args).shard_map)
"""
ITEM = {"id": {"S": "c1"}}
SHARD = "customers-shard-01"

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


class Stack:
    """The small project with as many shards as a test wants."""

    def __init__(self, project):
        self.project, self.engine = project, PulumiEngine(STACK, self.configured(project, 2), root=project.root)
        self.dynamodb = project.gate.account.client("dynamodb")

    @staticmethod
    def configured(project, shards, draining=0):
        settings = {"table_shards": str(shards), SETTING: str(draining)}
        return offline(project.running, STACK, settings, project.root)

    def wanting(self, shards, allowed=()):
        def drain(number):
            self.engine.configure(self.configured(self.project, shards, number))

        return Site(self.engine, self.project.gate.account, Shards(wanted=shards, allowed=allowed, drain=drain))

    def switch(self, shards):
        """Plan it and carry it out: what was foreseen, and what was done."""
        site = self.wanting(shards)
        planned = plan(site)
        return planned.foreseen, carry_out(site, planned)

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
        yield SimpleNamespace(empty=empty, **with_an_item(stack))
    gc.collect()  # what the SDK left open ends here, and not in the middle of another test


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
        f"Table {SHARD} still holds items. Move them to the shards that stay, then run `up` again; or give them up:"
        f" --allow-data-loss {SHARD}"
    )
    assert (story.planned.kept, story.kept.kept) == ([said], [said])


def test_a_shard_that_is_named_is_a_loss_and_no_longer_kept(story):
    with pytest.raises(DataLossError, match=f"add: --allow-data-loss {SHARD}"):
        demand(story.named.data, [])
    assert story.named.kept == []


def test_a_drained_shard_goes_with_nothing_to_name(story):
    demand(story.drained.data, [])
    assert (deleted(story.let_go), len(story.left)) == ([[SHARD]], 1)
