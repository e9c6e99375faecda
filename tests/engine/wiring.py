"""Make the inputs of two runs comparable: what each account made up is spelt as the output that it came from."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import Any

from engines.graph import Graph
from offline import wire

Inputs = dict[str, dict[str, Any]]
"""URN -> inputs of the custom resources."""


def spelt(graph: Graph, other: Graph) -> Inputs:
    """The inputs of *graph*, every text that *other* has another of spelt as the resource and output it stands in."""
    made_up = sorted(_made_up(graph, other), key=lambda pair: len(pair[0]), reverse=True)
    return {each.urn: _spelt(each.inputs, made_up) for each in graph.resources if each.custom}


def _made_up(graph: Graph, other: Graph) -> Iterator[tuple[str, str]]:
    """(text, name) of every id and output that the two accounts gave differently to the same resource."""
    theirs = {each.urn: {"id": each.id, **each.outputs} for each in other.resources}
    for resource in graph.resources:
        for name, value in {"id": resource.id, **resource.outputs}.items():
            if name == "availabilityZone":
                continue  # which of two replicas stands in which zone is chance; a zone has one name in both accounts
            if isinstance(value, str) and len(value) > 5 and value != theirs.get(resource.urn, {}).get(name):
                yield value, f"<{resource.name} {name}>"


def _spelt(inputs: dict[str, Any], made_up: list[tuple[str, str]]) -> dict[str, Any]:
    text = json.dumps(_in_clear(inputs))
    for value, name in made_up:
        text = text.replace(value, name)
    return json.loads(re.sub(r'"pl-[0-9a-f]+"', '"<a prefix list>"', text))


def _in_clear(value: Any) -> Any:
    """Files without their hash, which only Pulumi's engine adds; user data as the text that it encodes."""
    if isinstance(value, list):
        return [_in_clear(each) for each in value]
    if not isinstance(value, dict):
        return value
    kept = {name: each for name, each in value.items() if not (name == "hash" and wire.SIGNATURE in value)}
    return {name: _decoded(each) if name == "userData" else _in_clear(each) for name, each in kept.items()}


def _decoded(text: str) -> str:
    return base64.b64decode(text).decode()
