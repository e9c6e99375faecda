"""A change that AWS takes only in steps becomes a sequence of updates, each of which breaks no rule."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.checker import mandatory
from policies.handover import taken_away
from policies.resource import Options, Origin, Resource
from policies.sequence import StuckError, Update, after, check_change, updates
from policies.stack import Stack
from policies.values import UNKNOWN

CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
DATABASE = "aws:rds/instance:Instance"
TABLE = "aws:dynamodb/table:Table"
GET = "dynamodb:GetItem"
GROUP = "aws:autoscaling/group:Group"
POLICY = "aws:iam/rolePolicy:RolePolicy"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
CLASSES = ["db.t4g.micro", "db.t4g.medium", "db.m7g.large", "db.r7g.large", "db.m7g.2xlarge"]
NODE_TYPES = ["cache.t4g.micro", "cache.m7g.large"]


def made(type_, name, *, needs=(), id_=None, parent="", **inputs):
    origin = Origin(type=type_, name=name, urn=urn(type_, name), parent=parent)
    options = Options(depends_on=tuple(needs))
    return Resource(origin, inputs, outputs={"id": id_ or name}, options=options)


def urn(type_, name):
    return f"urn:pulumi:s::p::{type_}::{name}"


@st.composite
def caches(draw):
    """A cache that AWS could hold: Multi-AZ needs a replica."""
    replicas = draw(st.integers(0, 2))
    return made(
        CACHE,
        "cache",
        nodeType=draw(st.sampled_from(NODE_TYPES)),
        numNodeGroups=draw(st.integers(1, 3)),
        replicasPerNodeGroup=replicas,
        multiAzEnabled=draw(st.booleans()) and replicas > 0,
        snapshotRetentionLimit=1,
    )


@st.composite
def databases(draw):
    """A primary, and up to three replicas that are no smaller."""
    size = draw(st.integers(0, len(CLASSES) - 1))
    primary = made(DATABASE, "primary", identifier="primary", instanceClass=CLASSES[size])
    sizes = draw(st.lists(st.integers(size, len(CLASSES) - 1), max_size=3))
    return [primary, *(
        made(DATABASE, f"replica-{n}", replicateSourceDb="primary", instanceClass=CLASSES[each])
        for n, each in enumerate(sizes)
    )]  # fmt: skip


@st.composite
def tables(draw):
    """A table with some of four indexes."""
    return table(draw(st.sets(st.sampled_from("abcd"))))


def table(indexes):
    keys = ["id", *sorted(indexes)]
    return made(
        TABLE,
        "table",
        hashKey="id",
        attributes=[{"name": key, "type": "S"} for key in keys],
        globalSecondaryIndexes=[{"name": f"by-{key}", "hashKey": key} for key in sorted(indexes)],
    )


stacks = st.builds(lambda cache, rows, table: Stack([cache, *rows, table]), caches(), databases(), tables())


def walked(deployed, wanted):
    """What stands before the first update and after each of them."""
    now = deployed
    yield now
    for update in updates(deployed, wanted):
        now = after(now, wanted, update)
        yield now


def spelt(stack):
    return {each.urn: dict(each.inputs) for each in stack.resources}


@given(stacks, stacks)
def test_no_update_of_a_sequence_breaks_a_rule(deployed, wanted):
    stands = walked(deployed, wanted)
    assert [each for pair in pairwise(stands) for each in mandatory(check_change(*pair))] == []


@given(stacks, stacks)
def test_a_sequence_ends_with_what_is_wanted(deployed, wanted):
    *_, last = walked(deployed, wanted)
    assert spelt(last) == spelt(wanted)


@given(stacks)
def test_no_change_is_one_update_that_holds_nothing_back(stack):
    assert updates(stack, stack) == [Update()]


@given(tables(), tables())
def test_attributes_are_those_of_the_keys_after_each_update(deployed, wanted):
    for stack in walked(Stack([deployed]), Stack([wanted])):
        [each] = stack.resources
        keys = {"id", *(index["hashKey"] for index in each.inputs["globalSecondaryIndexes"])}
        assert {attribute["name"] for attribute in each.inputs["attributes"]} == keys


def test_a_table_changes_an_index_an_update():
    held = [update.held for update in updates(Stack([table("ab")]), Stack([table("c")]))]
    names = [[index["name"] for index in each[urn(TABLE, "table")]["globalSecondaryIndexes"]] for each in held[:-1]]
    assert names == [["by-b"], []]


def test_what_no_sequence_solves_is_refused_with_its_rule():
    old, new = (Stack([made(DATABASE, "db", allocatedStorage=gib)]) for gib in (30, 20))
    with pytest.raises(StuckError, match="allocatedStorage is 20; allowed: 30 or more"):
        updates(old, new)


def test_a_finding_that_somebody_accepts_makes_no_sequence():
    old, new = Stack([table("ab")]), Stack([table("c")])
    assert updates(old, new, lambda _found: []) == [Update()]


def test_two_resources_of_one_name_cannot_be_held_back():
    twin = Resource(Origin(type=TABLE, name="table", urn="urn:pulumi:s::p::other:Box$t::table"), {})
    old, new = Stack([table("ab"), twin]), Stack([table("c"), twin])
    with pytest.raises(StuckError, match="globalSecondaryIndexes"):
        updates(old, new)


def rolling(*, told):
    """A fleet whose servers are told of a replica or not, and the replica with what it needs."""
    replica = made(DATABASE, "replica", replicateSourceDb="elsewhere", needs=[urn("log", "group"), urn("box", "box")])
    needs = [replica.urn] if told else []
    template = made(TEMPLATE, "server", id_="lt-1", needs=needs, userData="replica" if told else "none")
    fleet = made(GROUP, "fleet", instanceRefresh={"strategy": "Rolling"}, launchTemplate={"id": "lt-1"})
    stand = [made("box", "box"), made("log", "group"), replica] if told else [made("box", "box")]
    return Stack([*stand, template, fleet])


def test_what_old_servers_use_stays_with_all_that_it_stands_on():
    [first, last] = updates(rolling(told=True), rolling(told=False))
    assert (first.kept, last) == ({urn(DATABASE, "replica"), urn("log", "group")}, Update())


def test_what_servers_use_stays_while_new_subnets_replace_them():
    old, new = rolling(told=True), rolling(told=False)
    moved = made(GROUP, "fleet", instanceRefresh={}, launchTemplate={"id": "lt-1"}, vpcZoneIdentifiers=["other"])
    [template] = old.of(TEMPLATE)
    wanted = Stack([*(each for each in new.resources if each.type not in (GROUP, TEMPLATE)), template, moved])
    assert [update.kept for update in updates(old, wanted)] == [{urn(DATABASE, "replica"), urn("log", "group")}, set()]


def test_what_servers_of_an_update_before_may_use_stays_until_they_are_new():
    new = rolling(told=False)
    old = Stack([*new.resources, made(DATABASE, "replica")])
    found = updates(old, new, rolling=frozenset({urn(GROUP, "fleet")}))
    assert [update.kept for update in found] == [{urn(DATABASE, "replica")}, set()]


def test_what_servers_of_an_update_before_may_use_stays_until_their_own_group_has_gone():
    new = Stack([made("box", "box")])
    old = Stack([*new.resources, made(GROUP, "fleet", instanceRefresh={}), made(DATABASE, "replica")])
    found = updates(old, new, rolling=frozenset({urn(GROUP, "fleet")}))
    assert [update.kept for update in found] == [{urn(DATABASE, "replica")}, set()]


def allowed(*tables, actions=("dynamodb:GetItem",)):
    return json.dumps({"Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": list(tables)}]})


def permitted(policy, *, told, on=()):
    """A fleet whose role allows *policy*, which came from *on*; it gets new servers when it is *told* another thing."""
    plain = made(POLICY, "policy", policy=policy)
    policy_ = Resource(plain.origin, plain.inputs, dependencies={"policy": list(on)}, options=plain.options)
    template = made(TEMPLATE, "server", id_="lt-1", userData=told)
    group = made(GROUP, "fleet", needs=[policy_.urn], instanceRefresh={}, launchTemplate={"id": "lt-1"})
    return Stack([policy_, template, group])


def test_a_role_goes_on_allowing_what_old_servers_do():
    old, new = permitted(allowed("a", "b"), told="old"), permitted(allowed("a", "c"), told="new")
    [first, last] = updates(old, new)
    document = json.loads(first.held[urn(POLICY, "policy")]["policy"].beside(allowed("a", "c")))
    assert [each["Resource"] for each in document["Statement"]] == [["a", "c"], ["b"]]
    assert last == Update()


@pytest.mark.parametrize(
    ("policy", "told"),
    [(allowed("a"), "old"), (allowed("a", "b", "c"), "new"), (allowed("a", "b", actions=("dynamodb:*", GET)), "new")],
)
def test_a_role_that_old_servers_have_or_that_allows_no_less_changes_at_once(policy, told):
    assert updates(permitted(allowed("a", "b"), told="old"), permitted(policy, told=told)) == [Update()]


def test_a_role_that_is_to_allow_less_counts_among_what_is_taken_away():
    old, new = (permitted(allowed(*tables), told="old") for tables in ("ab", "a"))
    assert ([each.name for each in taken_away(old, new)], taken_away(new, old)) == (["policy"], [])


@pytest.mark.parametrize(("on", "count"), [(["a", "b", "c"], 1), (["a"], 2)])
def test_a_policy_that_nobody_knows_yet_allows_less_when_it_names_fewer_resources(on, count):
    old = permitted(allowed("a", "b"), told="old", on=["a", "b"])
    assert len(updates(old, permitted(UNKNOWN, told="new", on=on))) == count


def test_a_primary_grows_when_its_smaller_replica_has_gone():
    primary, replica = made(DATABASE, "a", identifier="a", instanceClass="db.t4g.small"), {"replicateSourceDb": "a"}
    old = Stack([primary, made(DATABASE, "b", instanceClass="db.t4g.small", **replica)])
    new = Stack([made(DATABASE, "a", identifier="a", instanceClass="db.t4g.medium")])
    assert [update.held for update in updates(old, new)] == [{primary.urn: {"instanceClass": "db.t4g.small"}}, {}]
