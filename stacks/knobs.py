"""Say what a setting is: the values it may take, how its text is read, and the sentence that refuses a wrong one."""

from __future__ import annotations

import dataclasses
import difflib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

WORDS = ("scaling", "size", "environment")
"""The settings that choose the preset; a stack exports what it was deployed with as `deployed_as`."""


class SettingsError(Exception):
    """Settings that cannot be deployed; each problem is one line that says what, got, allowed, fix."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """How few and how many, both included; written `2..6`. A fleet's size is a range: the scaler picks within it."""

    min: int
    max: int

    def __str__(self) -> str:
        return f"{self.min}..{self.max}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """How one kind of value is read from text, and what it may be."""

    read: Callable[[str], Any]
    """Turn text into the value; ValueError when it is not one."""
    allowed: str
    """The permitted values, in words, for the message that refuses another."""
    nearest: tuple[str, ...] = ()
    """Real values, to suggest the one that was meant."""


def whole(low: int, high: int, unit: str = "") -> Kind:
    """A whole number from *low* to *high*, both included."""

    def read(text: str) -> int:
        number = _number(text)
        if not low <= number <= high:
            raise ValueError(text)
        return number

    return Kind(read=read, allowed=f"{low} to {high}{' ' + unit if unit else ''}")


def _number(text: str) -> int:
    """Digits alone: Python's own takes `1_000` and the digits of every script as well."""
    if not re.fullmatch(r"-?[0-9]+", text):
        raise ValueError(text)
    return int(text)


def span(low: int, high: int) -> Kind:
    """A range written `min..max` within *low* to *high*."""

    def read(text: str) -> Range:
        few, many = map(_number, text.split(".."))
        if not low <= few <= many <= high:
            raise ValueError(text)
        return Range(few, many)

    return Kind(read=read, allowed=f"{low} <= min <= max <= {high}, written min..max")


def switch() -> Kind:
    """On or off, as YAML writes it: true or false."""
    return Kind(read=lambda text: {"true": True, "false": False}[text.lower()], allowed="true, false")


def choice(*options: str) -> Kind:
    """One of a few words."""

    def read(text: str) -> str:
        if text not in options:
            raise ValueError(text)
        return text

    return Kind(read=read, allowed=", ".join(options), nearest=options)


def one_of(*numbers: int) -> Kind:
    """One of a few whole numbers."""
    words = choice(*(str(number) for number in numbers))
    return Kind(read=lambda text: int(words.read(text)), allowed=words.allowed)


def pattern(regex: str, allowed: str, refuse: Callable[[str], bool] = lambda _: False) -> Kind:
    """Text that matches *regex* as a whole and that *refuse* does not turn down."""

    def read(text: str) -> str:
        if not re.fullmatch(regex, text) or refuse(text):
            raise ValueError(text)
        return text

    return Kind(read=read, allowed=allowed)


def listing(each: Kind) -> Kind:
    """A list of values of one kind, each at most once; JSON in a stack's configuration, commas on the command line."""

    def read(text: str) -> tuple[Any, ...]:
        items = json.loads(text) if text.startswith("[") else [part.strip() for part in text.split(",")]
        values = tuple(each.read(str(item)) for item in items)
        if not values or len(set(values)) != len(values):
            raise ValueError(text)
        return values

    return Kind(read=read, allowed=f"a list without repetition of: {each.allowed}")


def read_value(name: str, kind: Kind, text: str, stack: str) -> tuple[Any, str | None]:
    """Return the value and no problem, or None and the sentence that says what is wrong and where to mend it."""
    try:
        return kind.read(text), None
    except (ValueError, KeyError):
        near = difflib.get_close_matches(text, kind.nearest, n=2)
        meant = f" Nearest: {', '.join(near)}." if near else ""
        return None, f"{name} is {text!r}; allowed: {kind.allowed}.{meant} Fix: {name}, {place(stack, name)}"


def unknown(name: str, names: Iterable[str], stack: str) -> str:
    """The sentence that refuses a setting nobody reads, with the names that were probably meant."""
    near = difflib.get_close_matches(name, list(names), n=3, cutoff=0.5)
    meant = f". Nearest: {', '.join(near)}" if near else ""
    fix = f"{near[0]}, {place(stack, near[0])}" if near else f"leave it out, {place(stack)}"
    return f"{name} is not a setting; allowed: those of docs/settings.md{meant}. Fix: {fix}"


def place(stack: str, name: str = "") -> str:
    """Where a setting may stand, for the message that asks to correct it; the three words have options of their own."""
    return f"by {f'--{name}' if name in WORDS else '--set'} or in stacks/Pulumi.{stack}.yaml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Knob:
    """What a dataclass field says of itself when it is a setting."""

    kind: Kind
    doc: str
    value: Callable[[str, str, str], Any] | None = None
    """Preset value by (scaling, size, environment); None for a setting that is not part of a preset."""


def knob_of(field: dataclasses.Field[Any]) -> Knob:
    """The knob behind a dataclass field."""
    return field.metadata["knob"]
