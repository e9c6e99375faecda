"""Examples are tests: every Python block of the documentation is run, and every component has one of its own."""

import runpy

import pytest

from tests.deploying import deploy
from tests.guards.component_classes import component_classes
from tests.guards.documentation import ROOT, SPAN, sections, snippets

COMPONENTS_PAGE = "docs/components.md"
OWN_STACK_PAGE = "docs/testing.md"
"""Its blocks are the files of one project, which `tests/end_to_end/test_own_stack.py` runs."""
SNIPPETS = [snippet for snippet in snippets() if snippet.page != OWN_STACK_PAGE]
PARTS = {"Workers": {"Workers", "Fleet"}}
"""A component that is built around another one."""
CLASSES = component_classes()


@pytest.mark.parametrize("snippet", SNIPPETS, ids=str)
def test_a_snippet_deploys_and_uses_only_the_component_it_is_about(snippet, tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)  # as Pulumi runs a program in the project's folder
    program = tmp_path / "__main__.py"
    program.write_text(snippet.code, encoding="utf-8")
    deployed = deploy(lambda: runpy.run_path(str(program), run_name="__main__"))
    made = {each.type.rpartition(":")[2] for each in deployed.graph.resources if each.type.startswith("bigpicture:")}
    assert made == PARTS.get(snippet.section, {snippet.section})


def test_every_component_has_its_section_and_every_section_its_component():
    assert {heading for heading in sections(COMPONENTS_PAGE) if heading} == set(CLASSES)


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_a_components_section_holds_one_snippet(name):
    assert [each.number for each in SNIPPETS if (each.page, each.section) == (COMPONENTS_PAGE, name)] == [1]


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_a_components_section_names_every_output(name):
    text = sections(COMPONENTS_PAGE)[name].partition("```")[0]
    assert set(CLASSES[name].__annotations__) <= set(SPAN.findall(text))
