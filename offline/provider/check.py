"""Decide what a resource is called, and whether the offline account carries all that it asks for."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from components import names
from offline import resources, wire
from offline.handler import Handler, fields
from offline.provider import metadata
from offline.provider.metadata import Fault
from offline.replacement import REGION


class Urn(NamedTuple):
    """The parts of a URN that a provider needs (sdk/go/common/resource/urn)."""

    stack: str
    type: str
    name: str


def parts(urn: str) -> Urn:
    """Take a URN apart; its type is the resource's own, without those of its parents."""
    head, _, qualified, name = urn.split("::", 3)
    return Urn(head.rpartition(":")[2], qualified.rpartition("$")[2], name)


def handler_of(token: str) -> Handler:
    """The handler of a type; LookupError says which types near it are carried."""
    handler = resources.handlers().get(token)
    if handler is None:
        near = difflib.get_close_matches(token, resources.handlers(), n=2)
        raise LookupError(
            f"{token} is not carried by the offline account; nearest that are: {', '.join(near) or 'none'}."
            " Fix: add a handler to the file of its service in offline/resources/"
        )
    return handler


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


def faults(token: str, inputs: Mapping[str, Any]) -> Iterator[Fault]:
    """Every property that the account would drop in silence, and every value of a wrong type; *inputs* in clear."""
    try:
        handler = handler_of(token)
    except LookupError as error:
        yield "", str(error.args[0])
        return
    carried = handler.emulates | handler.records | {REGION}
    for name in sorted(inputs.keys() - carried):
        if name in metadata.inputs_of(token):
            fix = "carry it in offline/resources/, or leave it out"
        else:
            fix = f"its name; nearest: {', '.join(difflib.get_close_matches(name, carried)) or 'none'}"
        yield (
            name,
            f"{name} is not carried by the offline account; carried: {', '.join(sorted(carried))}. Fix: {fix}",
        )
    yield from metadata.faults(token, inputs)


def config_faults(config: Mapping[str, Any], region: str, account_id: str) -> Iterator[Fault]:
    """What the provider's configuration asks for and the offline account cannot be."""
    for name, value in config.items():
        if name == REGION and value != region and not wire.is_unknown(value):
            where = f"aws:region is {value!r}; allowed: {region!r}, where the offline account stands"
            yield name, f"{where}. Fix: the `region` argument of the resources that stand elsewhere"
        elif name == "allowedAccountIds" and account_id not in str(value):
            yield name, f"allowedAccountIds is {value}; allowed: {account_id}, the offline account. Fix: add it"
        elif name not in HARMLESS:
            yield name, f"aws:{name} is not obeyed by the offline account; obeyed: region. Fix: leave it out"


HARMLESS = fields(
    """allowedAccountIds pluginDownloadURL region skipCredentialsValidation skipMetadataApiCheck skipRegionValidation
    skipRequestingAccountId version"""
)
"""Settings of the provider that change nothing in an account that asks for no credentials."""
