"""What holds for every component and every setting of the store, whatever it is."""

import pytest

from engines.graph import STACK_TYPE
from engines.rehearsal import rehearse
from tests.guards.component_classes import component_classes

EVERYTHING = {"domain": "shop.bigpicture.dev", "hosted_zone": "make", "interface_endpoints": "true"}
"""Settings with which no output of any component is None: Pulumi does not register those."""

CLASSES = component_classes()


@pytest.fixture(scope="module")
def graph():
    return rehearse("production", EVERYTHING)[0].graph


@pytest.fixture(scope="module")
def registered(graph):
    """Class name -> the outputs that its instances registered."""
    outputs = {}
    for resource in graph.resources:
        if not resource.custom and resource.type != STACK_TYPE:
            outputs.setdefault(resource.type.rpartition(":")[2], set()).update(resource.outputs)
    return outputs


def test_the_store_uses_every_component(registered):
    assert set(registered) == {name for name in CLASSES if not name.startswith("_")}


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_declared_outputs_are_the_registered_ones(registered, name):
    assert set(CLASSES[name].__annotations__) == registered[name]


def test_every_resource_stands_under_a_component(graph):
    by_urn = {resource.urn: resource for resource in graph.resources}
    outside = [r.urn for r in graph.resources if r.custom and by_urn[r.parent].type == STACK_TYPE]
    assert outside == []


def test_every_child_is_named_after_its_component(graph):
    by_urn = {resource.urn: resource for resource in graph.resources}
    strays = [
        f"{r.name} under {by_urn[r.parent].name}"
        for r in graph.resources
        if r.custom and not r.name.lower().startswith(by_urn[r.parent].name.lower()[:12])
    ]
    assert strays == []


def test_every_component_token_names_its_room(graph):
    tokens = {r.type for r in graph.resources if not r.custom and r.type != STACK_TYPE}
    assert {token.split(":")[0] for token in tokens} == {"bigpicture"}


def test_no_secret_stands_in_the_graph(graph):
    secrets = {"password", "authToken", "secretString", "result"}
    shown = [
        f"{r.name}.{key}"
        for r in graph.resources
        for bag in (r.inputs, r.outputs)
        for key in secrets & bag.keys()
        if bag[key] != "[secret]"
    ]
    assert shown == []


def test_everything_that_can_carry_tags_carries_the_stacks(graph):
    bare = [
        r.name
        for r in graph.resources
        if r.custom and dict(r.outputs.get("tagsAll", {"stack": "production"})).get("stack") != "production"
    ]
    assert bare == []


def test_every_resource_says_where_it_was_made(graph):
    assert [r.urn for r in graph.resources if r.type != STACK_TYPE and not r.source] == []
