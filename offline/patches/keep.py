"""Gives back settings that moto accepts and forgets, wherever AWS shows them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jmespath

from offline.patches.overlay import Answer, Call, amends


@dataclass(frozen=True, kw_only=True)
class Keep:
    """One kind of resource and what moto forgets of it."""

    service: str
    creates: str
    modifies: tuple[str, ...] = ()
    key: str
    """The member that names the resource, in requests and answers alike."""
    settings: tuple[str, ...]
    """The members that moto forgets; they have the same name in requests and answers."""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """What AWS shows for a member that was never given."""
    shown_by: Mapping[str, str]
    """Operation -> JMESPath of the resource, or list of them, in its answer."""


def keeps(keep: Keep) -> None:
    """Register *keep* with the operations it names; a resource made anew under an old name starts from the defaults."""

    def remember(call: Call, _: Answer) -> None:
        kept = call.memory(keep.creates)
        before = {} if call.operation == keep.creates else kept.get(call.params[keep.key], {})
        given = {name: call.params[name] for name in keep.settings if name in call.params}
        kept[call.params[keep.key]] = {**before, **given}

    def show(call: Call, answer: Answer) -> None:
        found = jmespath.search(keep.shown_by[call.operation], answer) or []
        for resource in found if isinstance(found, list) else [found]:
            kept = call.memory(keep.creates).get(resource[keep.key], {})
            resource.update({**keep.defaults, **kept})

    amends(keep.service, keep.creates, *keep.modifies)(remember)
    amends(keep.service, *keep.shown_by)(show)
