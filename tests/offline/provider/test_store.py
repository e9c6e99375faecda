"""Refresh and import tell the truth of a whole store, resource by resource."""

import pytest

from tests.offline.provider.calls import serving
from tests.stores import DOMAIN, standing


@pytest.fixture(scope="module")
def store():
    with standing("offline", DOMAIN) as store:
        yield store


@pytest.fixture(scope="module")
def provider(store):
    with serving(store.account) as provider:
        yield provider


@pytest.fixture(scope="module")
def states(store, provider):
    """URN -> (id, state, inputs) as a refresh tells them."""
    return {urn: provider.read(urn, live.id, live.inputs) for urn, live in store.monitor.live.items()}


UNTOLD = {
    "engineVersion",  # AWS tells 17.6 where the program says 17
    "origins",  # AWS's defaults are left out, and this program says some of them
}
"""What an import shows otherwise than the program has it, and an update then sets to what it is."""


def import_id(live, state):
    """What a person gives to `pulumi import`, where that is not the id (pulumi.com/registry, "Import")."""
    kind = live.handler.token.rpartition(":")[2]
    if kind in ("LifecycleHook", "Policy") and "autoscalingGroupName" in state:
        return f"{state['autoscalingGroupName']}/{live.id}"
    destination = state.get("destinationCidrBlock") or state.get("destinationPrefixListId")
    ids = {
        "Instance": state.get("identifier"),
        "Route": f"{state.get('routeTableId')}_{destination}",
        "RouteTableAssociation": f"{state.get('subnetId')}/{state.get('routeTableId')}",
        "WebAcl": f"{live.id}/{state.get('name')}/{state.get('scope')}",
    }
    return ids.get(kind, live.id)


def test_a_refresh_of_an_untouched_store_changes_no_input(store, states):
    assert {urn: inputs for urn, (_, _, inputs) in states.items()} == {
        urn: live.inputs for urn, live in store.monitor.live.items()
    }


def test_an_untouched_store_has_no_difference(store, provider, states):
    different = {
        urn: list(answer.diffs)
        for urn, live in store.monitor.live.items()
        if (answer := provider.diff(urn, states[urn][2], live.inputs, states[urn][1])).diffs
    }
    assert different == {}


def test_every_resource_can_be_imported_and_then_has_no_difference(store, provider, states):
    wrong = {}
    for urn, live in store.monitor.live.items():
        id_, state, inputs = provider.read(urn, import_id(live, states[urn][1]))
        wanted = {name: value for name, value in live.inputs.items() if name in live.handler.emulates}
        answer = provider.diff(urn, inputs, wanted, state)
        if id_ != live.id or set(answer.diffs) - UNTOLD:
            wrong[urn] = (id_, list(answer.diffs))
    assert sorted({(urn.rpartition("$")[2], str(found)) for urn, found in wrong.items()}) == []
