"""Every property that the stacks use and that AWS changes in place is carried by an update and read back."""

from itertools import pairwise

import pytest

from offline import replacement, sameness
from tests.offline.provider.calls import serving
from tests.offline.provider.changes import CHANGES, Made, Other, made
from tests.stores import DOMAIN, standing

PAIRS = [(token, name) for token, names in CHANGES.items() for name in names]


@pytest.fixture(scope="module")
def store():
    with standing("production", DOMAIN) as store:
        yield store


@pytest.fixture(scope="module")
def provider(store):
    with serving(store.account) as provider:
        yield provider


@pytest.fixture(scope="module")
def beside(store):
    return made(store)


def subject(store, token, name):
    """(URN, live resource) of the type, one with the property if there is any."""
    found = [(urn, live) for urn, live in store.monitor.live.items() if live.handler.token == token]
    return next(((urn, live) for urn, live in found if name in live.inputs), found[0])


def changed(store, beside, live, name):
    """The resource's inputs with the property changed."""
    new, old = CHANGES[live.handler.token][name], live.inputs.get(name)
    if callable(new):
        new = new(old)
    elif name == "iamInstanceProfile":
        new = {"arn": new["arn"].of(store, old)}
    elif isinstance(new, Made):
        new = beside[new.name]
    elif isinstance(new, Other):
        new = new.of(store, old)
        new = [{**old[0], "targetGroupArn": new}] if name == "actions" else new
    together = new if isinstance(new, dict) and name in new and name != "enabled" else {name: new}
    return {key: value for key, value in {**live.inputs, **together}.items() if value is not None}


@pytest.mark.parametrize(("token", "name"), PAIRS, ids=[f"{t.split(':', 1)[1]} {n}" for t, n in PAIRS])
def test_a_change_in_place_is_read_back_and_taken_back(store, provider, beside, token, name):
    urn, live = subject(store, token, name)
    new = changed(store, beside, live, name)
    state = provider.read(urn, live.id, live.inputs)[1]
    assert not provider.diff(urn, live.inputs, new, state).replaces
    provider.update(urn, live.id, live.inputs, new, state)
    try:
        assert wrong(live, new) == {}
    finally:
        for before, after in pairwise(way_back(live, new, name)):
            provider.update(urn, live.id, before, after, provider.read(urn, live.id, before)[1])
    assert wrong(live, live.inputs) == {}


def way_back(live, new, name):
    """Over a database without autoscaled storage where that would leave a size alone which has grown."""
    bare = {key: value for key, value in live.inputs.items() if key != "maxAllocatedStorage"}
    return [new, bare, live.inputs] if name == "allocatedStorage" else [new, live.inputs]


def wrong(live, wanted):
    """Emulated properties that the account, asked through boto3, does not hold as wanted: name -> (wanted, held)."""
    held = live.handler.read(live.aws, live.id, wanted)
    names = wanted.keys() & live.handler.emulates
    return {key: (wanted[key], held.get(key)) for key in names if not sameness.held(wanted[key], held.get(key))}


def test_every_property_that_the_stack_uses_replaces_or_is_changed_here(store):
    used = {(live.handler.token, name) for live in store.monitor.live.values() for name in live.inputs}
    in_place = {(token, name) for token, name in used if not replacement.replaces(token, name, "a", "b")}
    assert in_place - set(PAIRS) - NOTHING_ELSE == set()


NOTHING_ELSE = {
    ("aws:autoscaling/lifecycleHook:LifecycleHook", "autoscalingGroupName"),  # the group of a hook is its owner
    ("aws:autoscaling/policy:Policy", "policyType"),  # one type is carried
    ("aws:dynamodb/table:Table", "attributes"),  # those of the keys, which never change
    ("aws:ec2/internetGateway:InternetGateway", "vpcId"),  # refused while NAT gateways use it: test_order.py
}
