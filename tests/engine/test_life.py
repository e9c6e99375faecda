"""Every stack goes through its life under Pulumi's own engine: made, found unchanged, and gone without a trace."""

import pytest

from offline import wire
from tests.engine.lives import lived
from tests.engine.wiring import spelt

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


def test_both_engines_hand_over_the_same_inputs(life):
    assert spelt(life.graph, life.embedded) == spelt(life.embedded, life.graph)


def wires(graph):
    """(URN, input) of every input into which another resource's output flows."""
    return {(each.urn, name) for each in graph.resources for name, urns in each.property_dependencies.items() if urns}


def unknown(life):
    foreseen = life.foreseen.items()
    return {(urn, name) for urn, each in foreseen for name, value in each.inputs.items() if wire.holds_unknown(value)}


def test_a_preview_leaves_open_only_what_another_resource_decides(life):
    assert unknown(life) - wires(life.graph) == set()


def test_a_preview_knows_every_other_input_as_it_then_is(life):
    held = {each.urn: each.inputs for each in life.graph.resources if each.custom}
    open_ = unknown(life)
    for urn, each in life.foreseen.items():
        known = {name: value for name, value in each.inputs.items() if (urn, name) not in open_}
        assert known == {name: held[urn].get(name) for name in known}
