"""Read a resource's inputs by path, so that what a preview does not know yet can never become a finding."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, NoReturn, ParamSpec, TypeVar

MISSING: Any = object()
P = ParamSpec("P")
T = TypeVar("T")


class UnknownValueError(Exception):
    """A rule asked for a value that only the deployment will bring: the rule ends here, without a finding."""


def apart(check: Callable[P, Iterator[Fault]]) -> Callable[P, Iterator[Fault]]:
    """Make a check end by itself where it meets what is not known yet, so that the rule goes on with its others.

    Each check that a rule makes of its own, such as one for each entry of a list, is to be one of these: an unknown in
    the first would hide what the second finds.
    """

    @wraps(check)
    def until_unknown(*args: P.args, **named: P.kwargs) -> Iterator[Fault]:
        try:
            yield from check(*args, **named)
        except UnknownValueError:
            return

    return until_unknown


def of_each(parts: Iterable[T], check: Callable[[T], Iterator[Fault]]) -> Iterator[Fault]:
    """What *check* finds in each of *parts*, apart from the others: an unknown in one hides nothing in the next."""
    for part in parts:
        yield from apart(check)(part)


class _Unknown:
    """Stand for a value that is not known yet; whoever asks it anything leaves the rule."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def _ask(self, *_: Any) -> NoReturn:
        raise UnknownValueError

    __bool__ = __len__ = __iter__ = __getitem__ = __contains__ = __str__ = __int__ = __float__ = _ask
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __add__ = __mul__ = __format__ = __hash__ = _ask


UNKNOWN: Any = _Unknown()


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule says of one property: where, what it is, what it may be; `fix` where the rule's is too general."""

    property: str
    got: Any
    allowed: str
    fix: str = ""
    meanwhile: Mapping[str, Any] | None = None
    """Of a change: what the resource's properties are in an update before, which makes this one possible."""


class Properties:
    """An object of inputs in wire form (camelCase), read by dotted paths; None stands for what was not given."""

    def __init__(self, values: Mapping[str, Any], at: str = "") -> None:
        self._values = values
        self._at = at

    def __contains__(self, path: str) -> bool:
        return self._find(path) is not None

    def keys(self) -> set[str]:
        """The names that were given."""
        return {name for name, value in self._values.items() if value is not None}

    def is_known(self, path: str) -> bool:
        """Whether the value at *path* is known, be it that there is none."""
        return self._find(path) is not UNKNOWN

    def get(self, path: str) -> Any:
        """The value at *path*; UnknownValueError where it, or what it stands in, is not known yet."""
        found = self._find(path)
        if found is UNKNOWN:
            raise UnknownValueError
        return found

    def text(self, path: str) -> str:
        """The text at *path*, numbers spelled out; empty when it was not given."""
        found = self.get(path)
        if found is None:
            return ""
        return found if isinstance(found, str) else json.dumps(found, default=str)

    def texts(self, path: str) -> list[str]:
        """The list of texts at *path*; one text counts as a list of one."""
        found = self.get(path)
        listed = found if isinstance(found, list) else [] if found is None else [found]
        if any(each is UNKNOWN for each in listed):
            raise UnknownValueError
        return [str(each) for each in listed]

    def known_texts(self, path: str) -> list[str]:
        """As `texts`, without those that are not known yet: for a rule that each of the others breaks by itself."""
        found = self._find(path)
        listed = found if isinstance(found, list) else [found]
        return [str(each) for each in listed if each is not UNKNOWN and each is not None]

    def number(self, path: str) -> float | None:
        """The number at *path*, also when the provider spells it as a text; None when it is absent or no number."""
        found = self.get(path)
        if isinstance(found, bool) or found is None:
            return None
        try:
            number = float(found)
        except (TypeError, ValueError):
            return None
        return int(number) if number.is_integer() else number

    def flag(self, path: str) -> bool:
        """Whether the value at *path* is true; what was not given is not."""
        found = self.get(path)
        return found is True or found == "true"

    def part(self, path: str) -> Properties:
        """The object at *path*; an empty one when it was not given."""
        found = self.get(path)
        return Properties(found if isinstance(found, Mapping) else {}, self._path(path))

    def parts(self, path: str) -> list[Properties]:
        """The objects in the list at *path*; one object counts as a list of one, what is not known yet is left out."""
        found = self.get(path)
        if isinstance(found, Mapping):
            return [Properties(found, self._path(path))]
        return [
            Properties(each, f"{self._path(path)}[{position}]")
            for position, each in enumerate(found or [])
            if isinstance(each, Mapping)
        ]

    def all_parts(self, path: str) -> list[Properties]:
        """As `parts`, of a rule that needs all of them: UnknownValueError where one is not known yet."""
        found = self.get(path)
        if isinstance(found, list) and any(each is UNKNOWN for each in found):
            raise UnknownValueError
        return self.parts(path)

    def document(self, path: str) -> dict[str, Any]:
        """The JSON document at *path*; empty when it was not given or is none."""
        found = self.get(path)
        if not isinstance(found, str):
            return dict(found) if isinstance(found, Mapping) else {}
        try:
            parsed = json.loads(found)
        except json.JSONDecodeError:
            return {}
        return parsed if isinstance(parsed, dict) else {}

    def fault(
        self,
        path: str,
        allowed: str,
        *,
        got: Any = MISSING,
        fix: str = "",
        meanwhile: Mapping[str, Any] | None = None,
    ) -> Fault:
        """Say that *path* is not *allowed*; `got` where the value itself does not tell what is wrong."""
        return Fault(self._path(path), self._find(path) if got is MISSING else got, allowed, fix, meanwhile)

    @apart
    @apart
    def between(self, path: str, low: float, high: float) -> Iterator[Fault]:
        """A fault when the number at *path* is out of low..high, both included."""
        number = self.number(path)
        if number is not None and not low <= number <= high:
            yield self.fault(path, f"{low} to {high}")

    @apart
    def matching(self, path: str, pattern: str, allowed: str) -> Iterator[Fault]:
        """A fault when the text at *path* was given and is not wholly what *pattern* describes."""
        text = self.text(path)
        if text and not re.fullmatch(pattern, text):
            yield self.fault(path, allowed)

    @apart
    def one_of(self, path: str, *allowed: Any) -> Iterator[Fault]:
        """A fault when the value at *path* was given and is none of *allowed*."""
        found = self.get(path)
        if found is not None and found not in allowed:
            yield self.fault(path, " or ".join(str(each) for each in allowed))

    @apart
    def must_be(self, path: str, value: Any) -> Iterator[Fault]:
        """A fault when the value at *path* is anything but *value*, absence included."""
        if self.get(path) != value:
            yield self.fault(path, json.dumps(value))

    def _path(self, path: str) -> str:
        return f"{self._at}.{path}" if self._at else path

    def _find(self, path: str) -> Any:
        found: Any = self._values
        for name in path.split("."):
            if found is UNKNOWN:
                return UNKNOWN
            found = found.get(name) if isinstance(found, Mapping) else None
        return found
