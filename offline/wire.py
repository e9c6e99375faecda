"""Turn property bags of Pulumi's wire protocol into plain values and back, keeping track of what is secret."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from google.protobuf import struct_pb2

SECRET = "[secret]"  # noqa: S105  what is shown in a secret's place
SIGNATURE = "4dabf18193072939515e22adb298388d"
"""Key that marks a special object; this and the secret's mark are constants of the protocol (pulumi/runtime/rpc.py)."""
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  a protocol constant
ASSET_SIGNATURE = "c44067f5952c0a294b673a41bacd8c17"
"""What marks an asset (pulumi/runtime/rpc.py, _special_asset_sig)."""
SECRET_LENGTH = 6
"""Shorter secret texts are not looked for in other outputs: they would stand there by chance."""
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""Stands in a preview for a value that only the change itself will tell; a text to the protocol, whatever the type."""
UNKNOWNS = frozenset(
    {
        UNKNOWN,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # bool
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)
"""Every spelling that the engine may use (pulumi sdk/go/common/resource/plugin/rpc.go)."""


def plain(value: struct_pb2.Struct | struct_pb2.Value | Any) -> Any:
    """Read a protobuf value, secrets still marked. Integral numbers become int: `5.0` in a policy is a real defect."""
    if isinstance(value, struct_pb2.Struct):
        items = sorted(value.fields.items())  # protobuf maps have no order, and two runs must record the same text
        return {key: plain(item) for key, item in items if item.WhichOneof("kind") != "null_value"}
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return plain(value.struct_value)
    if kind == "list_value":
        return [plain(item) for item in value.list_value.values]
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    return None if kind in (None, "null_value") else getattr(value, kind)


def is_secret(value: Any) -> bool:
    """Say whether *value* is itself a marked secret."""
    return isinstance(value, dict) and value.get(SIGNATURE) == SECRET_SIGNATURE


def secret(value: Any) -> dict[str, Any]:
    """Mark *value*, which is not marked yet, as secret."""
    return {SIGNATURE: SECRET_SIGNATURE, "value": value}


def holds(value: Any, wanted: Callable[[Any], bool]) -> bool:
    """Say whether *value* is *wanted*, or anything inside of it."""
    if wanted(value):
        return True
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(holds(item, wanted) for item in items)


def holds_secret(value: Any) -> bool:
    """Say whether a secret stands anywhere inside *value*."""
    return holds(value, is_secret)


def is_unknown(value: Any) -> bool:
    """Say whether *value* itself is not known yet."""
    return isinstance(value, str) and value in UNKNOWNS


def holds_unknown(value: Any) -> bool:
    """Say whether anything inside *value* is not known yet."""
    return holds(value, is_unknown)


def tainted(state: dict[str, Any], inputs: dict[str, Any]) -> frozenset[str]:
    """Top-level keys of *state* that are secret: asked for with a secret, or holding a secret's text somewhere."""
    keys = frozenset(key for key, value in inputs.items() if holds_secret(value))
    texts = [json.dumps(text)[1:-1] for value in inputs.values() for text in _secret_texts(value)]
    if texts:
        dumped = {key: json.dumps(value) for key, value in state.items()}
        keys |= frozenset(key for key, dump in dumped.items() if any(text in dump for text in texts))
    return keys


def _secret_texts(value: Any, inside: bool = False) -> Iterator[str]:
    if isinstance(value, dict):
        inside = inside or is_secret(value)
        items = [value["value"]] if is_secret(value) else value.values()
        for item in items:
            yield from _secret_texts(item, inside)
    elif isinstance(value, list):
        for item in value:
            yield from _secret_texts(item, inside)
    elif inside and isinstance(value, str) and len(value) >= SECRET_LENGTH:
        yield value


def reveal(value: Any) -> Any:
    """Take the secret marks off, values in clear: what a provider gets to see."""
    return replaced(value, is_secret, lambda secret: reveal(secret["value"]))


def mask(value: Any) -> Any:
    """Put `[secret]` in each secret's place: what a person gets to see."""
    return replaced(value, is_secret, lambda _: SECRET)


def replaced(value: Any, wanted: Callable[[Any], bool], instead: Callable[[Any], Any]) -> Any:
    """Put what *instead* makes of it in the place of everything inside *value* that is *wanted*."""
    if wanted(value):
        return instead(value)
    if isinstance(value, dict):
        return {key: replaced(item, wanted, instead) for key, item in value.items()}
    return [replaced(item, wanted, instead) for item in value] if isinstance(value, list) else value


def to_struct(properties: dict[str, Any], secrets: frozenset[str] = frozenset()) -> struct_pb2.Struct:
    """Spell plain properties as a protobuf Struct, the top-level keys in *secrets* marked as such."""
    struct = struct_pb2.Struct()
    struct.update({key: secret(value) if key in secrets else value for key, value in properties.items()})
    return struct
