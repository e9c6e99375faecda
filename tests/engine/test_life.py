"""Every stack goes through its life under Pulumi's own engine: made, found unchanged, and gone without a trace."""

import re

import pytest

from tests.engine.lives import lived

GIVING_UP = {"offline": {}, "sandbox": {}, "production": {"protect": "false", "disposable": "true"}}
"""Stack -> the settings under which it lets itself be destroyed."""


@pytest.fixture(scope="module", params=GIVING_UP)
def life(request):
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PULUMI_SKIP_CHECKPOINTS", "true")  # a state for each step costs half of the time
        return lived(request.param, GIVING_UP[request.param])


def unchanged(life):
    return {"create": 0, "update": 0, "replace": 0, "delete": 0, "same": life.up.changes["create"]}


def test_a_preview_says_what_up_then_does(life):
    assert life.preview.changes == life.up.changes


def test_a_first_up_creates_everything(life):
    assert life.up.changes == {**dict.fromkeys(life.up.changes, 0), "create": life.up.changes["create"]}


def test_a_second_up_changes_nothing(life):
    assert life.again.changes == unchanged(life)


def test_a_refresh_finds_nothing_changed(life):
    assert life.refresh.changes == unchanged(life)


def test_a_second_up_has_the_same_outputs(life):
    assert life.again.outputs == life.up.outputs


def test_a_preview_knows_only_outputs_that_come_true(life):
    assert life.preview.outputs == {name: life.up.outputs[name] for name in life.preview.outputs}


def test_a_preview_knows_what_no_resource_decides(life):
    assert "alarm_recipient" in life.preview.outputs


def test_a_destroyed_stack_leaves_only_what_stood_before_it(life):
    assert life.after == life.before


def identity(resource):
    return resource.urn, resource.parent, resource.custom


def test_both_engines_make_the_same_resources(life):
    assert sorted(map(identity, life.graph.resources)) == sorted(map(identity, life.embedded.resources))


def decided(graph, others):
    """The inputs that no other resource decides in either graph: names, numbers, switches."""
    wired = {(each.urn, name) for of in (graph, others) for each in of.resources for name in wires(each)}
    return {
        f"{resource.urn} {name}": comparable(value)
        for resource in graph.resources
        if resource.custom
        for name, value in resource.inputs.items()
        if (resource.urn, name) not in wired
    }


def wires(resource):
    return [name for name, urns in resource.property_dependencies.items() if urns]


def comparable(value):
    """A file by its path alone (the engine adds its hash); a prefix list, which an account draws the id of, by kind."""
    if isinstance(value, dict) and "path" in value:
        return value["path"]
    return re.sub(r"^pl-[0-9a-f]+$", "pl-", value) if isinstance(value, str) else value


def test_both_engines_hand_over_the_same_inputs(life):
    assert decided(life.graph, life.embedded) == decided(life.embedded, life.graph)
