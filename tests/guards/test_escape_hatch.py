"""The escape hatch: a transform in a component's options reaches each of its children, without a fork of it."""

import ast

import pulumi
import pytest

from tests.deploying import deploy
from tests.guards.component_classes import component_classes
from tests.guards.documentation import snippets

EXAMPLES = [snippet for snippet in snippets() if snippet.section in component_classes()]


class Optioned(ast.NodeTransformer):
    """Add `opts=OPTS` to every call of one class."""

    def __init__(self, name):
        self.name = name

    def visit_Call(self, node):
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == self.name:
            node.keywords.append(ast.keyword(arg="opts", value=ast.Name("OPTS", ast.Load())))
        return node


def retained(args):
    args.opts.retain_on_delete = True
    return pulumi.ResourceTransformResult(args.props, args.opts)


def owned(deployed, section):
    """Every resource under the component, however deep, and every component: what a program made by itself is AWS's."""
    return [
        each
        for each in deployed.graph.resources
        if f":{section}$" in each.urn or (each.type.startswith("bigpicture:") and not each.type.endswith(f":{section}"))
    ]


@pytest.mark.parametrize("snippet", EXAMPLES, ids=str)
def test_a_components_children_can_all_be_changed_from_outside(snippet):
    tree = ast.fix_missing_locations(Optioned(snippet.section).visit(ast.parse(snippet.code)))
    changed = {"OPTS": pulumi.ResourceOptions(transforms=[retained])}
    deployed = deploy(lambda: exec(compile(tree, str(snippet), "exec"), changed))  # noqa: S102  our own documentation
    held = owned(deployed, snippet.section)
    assert (len(held) > 0, [each.name for each in held if not each.options.retain_on_delete]) == (True, [])
