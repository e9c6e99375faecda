"""Decide what a resource is called that nobody named: the same in every engine, and told apart from a given name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from components import names


class Urn(NamedTuple):
    """The parts of a URN that a provider needs (sdk/go/common/resource/urn)."""

    stack: str
    type: str
    name: str


def parts(urn: str) -> Urn:
    """Take a URN apart; its type is the resource's own, without those of its parents."""
    head, _, qualified, name = urn.split("::", 3)
    return Urn(head.rpartition(":")[2], qualified.rpartition("$")[2], name)


def automatic_name(urn: str, inputs: Mapping[str, Any], replaced: str | None = None) -> tuple[str, str] | None:
    """(property, name) that a resource gets when it has none of its own; None where nothing is named automatically.

    The digits come from stack and URN, so that every engine gives one name; those of a replacement come from the name
    that it replaces too, since both stand for a while. ValueError when AWS takes no such name.
    """
    of = parts(urn)
    fifo = bool(inputs.get("fifoQueue") or inputs.get("fifoTopic"))
    seed = f"{of.stack}/{urn}" + (f"/{replaced}" if replaced else "")
    return names.physical(of.type, of.name, seed, fifo=fifo)


def is_automatic(urn: str, inputs: Mapping[str, Any]) -> bool:
    """Say whether the name in *inputs* is one that this provider made up: all but the digits are as they would be."""
    automatic = automatic_name(urn, inputs)
    if automatic is None:
        return False
    name, ours = inputs.get(automatic[0]), automatic[1]
    suffix = ".fifo" if ours.endswith(".fifo") else ""
    stem = ours.removesuffix(suffix)[: -names.HEX_DIGITS]
    return isinstance(name, str) and name.startswith(stem) and name.endswith(suffix) and len(name) == len(ours)


def name_in(urn: str, inputs: Mapping[str, Any]) -> str:
    """The physical name in *inputs*, of a type that is named automatically."""
    return str(inputs[names.RULES[parts(urn).type].property])


def name_of(urn: str, news: Mapping[str, Any], olds: Mapping[str, Any], replaced: str | None) -> dict[str, str]:
    """The property to add to *news* for the automatic name, if any: the one that the resource has already, or a new."""
    automatic = automatic_name(urn, news, replaced)
    if automatic is None or automatic[0] in news or f"{automatic[0]}Prefix" in news:
        return {}
    name, made = automatic
    return {name: olds[name] if is_automatic(urn, olds) else made}
