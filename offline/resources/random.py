"""Draw the random values that a program keeps: passwords never twice, ids the same in every like account."""

from __future__ import annotations

import base64
import secrets
import string
from collections.abc import Mapping
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from moto.moto_api._internal import mock_random

from offline.handler import Aws, Handler, Properties, fields

SPECIALS = "!@#$%&*()-_=+[]{}<>:?"
"""What `special` means; source: the random provider's documentation of overrideSpecial."""
CLASSES = {"lower": string.ascii_lowercase, "upper": string.ascii_uppercase, "numeric": string.digits}
ID_DIGITS = 16

_drawn: WeakKeyDictionary[Any, dict[str, Properties]] = WeakKeyDictionary()
"""Account -> what was drawn for it, by id; no AWS service holds these values, and they go with the account."""


def _keep(aws: Aws, id_: str, drawn: Properties) -> str:
    _drawn.setdefault(aws.account, {})[id_] = drawn
    return id_


def _kept(aws: Aws, id_: str) -> Properties | None:
    return _drawn.get(aws.account, {}).get(id_)


def _forget(aws: Aws, id_: str) -> None:
    _drawn.get(aws.account, {}).pop(id_, None)


class RandomPassword(Handler):
    """`random.RandomPassword`; its id says nothing of the result (the real provider's is the constant `none`)."""

    token = "random:index/randomPassword:RandomPassword"
    emulates = fields(
        "length lower upper numeric special overrideSpecial minLower minUpper minNumeric minSpecial keepers"
    )
    defaults: ClassVar[Mapping[str, Any]] = {"lower": True, "upper": True, "numeric": True, "special": True}

    def create(self, aws: Aws, inputs: Properties) -> str:
        settings = {**self.defaults, **inputs}
        id_ = f"none-{mock_random.get_random_hex(ID_DIGITS)}"
        return _keep(aws, id_, {**settings, "result": _password(settings)})

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        return _kept(aws, id_)

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        _forget(aws, id_)


def _password(settings: Properties) -> str:
    """Draw from the operating system's generator: the least of each class first, the rest from all, then shuffled."""
    alphabets = {**CLASSES, "special": settings.get("overrideSpecial", SPECIALS)}
    allowed = {name: letters for name, letters in alphabets.items() if settings[name]}
    wanted = {name: settings.get(f"min{name.capitalize()}", 0) for name in allowed}
    length = settings["length"]
    if not allowed or sum(wanted.values()) > length:
        raise ValueError(f"length is {length} for {wanted}; allowed: a class of characters, and room for each minimum")
    drawn = [secrets.choice(allowed[name]) for name, count in wanted.items() for _ in range(count)]
    drawn += [secrets.choice("".join(allowed.values())) for _ in range(length - len(drawn))]
    secrets.SystemRandom().shuffle(drawn)
    return "".join(drawn)


class RandomId(Handler):
    """`random.RandomId`; its id is the URL-safe base64 of its bytes."""

    token = "random:index/randomId:RandomId"
    emulates = fields("byteLength keepers prefix")

    def create(self, aws: Aws, inputs: Properties) -> str:
        drawn, prefix = mock_random.randbytes(inputs["byteLength"]), inputs.get("prefix", "")
        url_safe = base64.urlsafe_b64encode(drawn).decode().rstrip("=")
        outputs = {
            "hex": f"{prefix}{drawn.hex()}",
            "dec": f"{prefix}{int.from_bytes(drawn, 'big')}",
            "b64Std": f"{prefix}{base64.b64encode(drawn).decode()}",
            "b64Url": f"{prefix}{url_safe}",
        }
        return _keep(aws, url_safe, {**inputs, **outputs})

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        return _kept(aws, id_)

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        _forget(aws, id_)


HANDLERS: tuple[Handler, ...] = (RandomPassword(), RandomId())
INVOKES: dict[str, Any] = {}
