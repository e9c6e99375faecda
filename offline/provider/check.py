"""Say whether the offline account carries all that a resource and the provider ask for."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from offline import resources, wire
from offline.handler import REGION, Handler, fields
from offline.provider import metadata
from offline.provider.metadata import Fault


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


def faults(token: str, inputs: Mapping[str, Any]) -> Iterator[Fault]:
    """Every property that the account would drop in silence, and every value of a wrong type; *inputs* in clear."""
    try:
        handler = handler_of(token)
    except LookupError as error:
        yield "", str(error.args[0])
        return
    carried = handler.carried
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
