"""The store's 37th create is refused: the state holds what stands, the next `up` finishes, nothing is made twice."""

import itertools
from collections import Counter
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from engines import state
from engines.backend import offline
from engines.empty_account import reachable
from engines.pulumi import PulumiEngine
from engines.refusals import EngineError
from engines.rehearsal import rehearse
from offline.account import open_account
from tests.engine.inventory import inventory

STACK = "offline"
REFUSED = 37
BY_THE_VPC = {"ec2 NetworkAcls": 1, "ec2 RouteTables": 1}
"""What AWS makes with a VPC, and no program."""


class Refusing:
    """The account, which refuses one call that creates, whatever it creates."""

    def __init__(self, account):
        self.account, self.account_id, self.region = account, account.account_id, account.region
        self.created = itertools.count(1)

    def client(self, service, region=None):
        return _Refusing(self.account.client(service, region), self.created)


class _Refusing:
    def __init__(self, client, created):
        self.client, self.created = client, created

    def __getattr__(self, name):
        if name.startswith("create_") and next(self.created) == REFUSED:
            raise ClientError({"Error": {"Code": "LimitExceeded", "Message": "one too many"}}, name)
        return getattr(self.client, name)


@pytest.fixture(scope="module")
def story():
    """The store deployed with one create refused, and deployed again; beside it, deployed with none refused."""
    with_none, throwaway = rehearse(STACK)
    expected, size = inventory(throwaway), sum(each.custom for each in with_none.graph.resources)
    throwaway.close()
    account = open_account("us-east-1", STACK)
    try:
        with reachable(STACK, Refusing(account)) as running:
            yield SimpleNamespace(expected=expected, size=size, **deployed_twice(running, account))
    finally:
        account.close()


def deployed_twice(running, account):
    before, engine = inventory(account), PulumiEngine(STACK, offline(running, STACK, {}))
    with pytest.raises(EngineError) as refused:
        engine.up()
    stood, known = inventory(account) - before, [each.id for each in state.read_graph(running).resources if each.custom]
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PULUMI_SKIP_CHECKPOINTS", "true")  # of the run that ends well, a state for each step
        again = engine.up()
    return {"refused": str(refused.value), "stood": stood, "known": known, "again": again, "left": inventory(account)}


def test_the_account_refuses_one_create_of_the_store(story):
    assert story.refused.endswith("one too many")


def test_the_state_holds_just_what_stands(story):
    assert kinds(each for each in story.stood if each.partition(": ")[2] not in story.known) == BY_THE_VPC


def test_the_next_up_makes_just_what_is_missing(story):
    changes = {"create": story.size - len(story.known), "update": 0, "replace": 0, "delete": 0}
    assert story.again.changes == {**changes, "same": len(story.known)}


def test_nothing_of_the_store_is_made_twice(story):
    assert kinds(story.left) == kinds(story.expected)


def kinds(found):
    """How many of each kind: two accounts draw other ids."""
    return Counter(each.partition(": ")[0] for each in found)
