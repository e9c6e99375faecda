"""Pieces of Pulumi programs that break one rule or stand right at its limit, each recorded without an account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from engines.checking import view
from engines.recorder import record
from policies.checker import check
from policies.rule import Finding
from policies.stack import Stack

REGION = "us-east-1"
Program = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Fragment:
    """A few lines of Pulumi, the rule that they are about, and every message of that rule; none for a good one."""

    rule: str
    program: Program
    messages: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.rule}: {self.program.__name__.strip('_')}"


def breaks(rule: str, *messages: str) -> Callable[[Program], Fragment]:
    """Say that the decorated program breaks *rule*, with exactly these messages."""
    assert messages
    return lambda program: Fragment(rule, program, messages)


def keeps(rule: str) -> Callable[[Program], Fragment]:
    """Say that the decorated program stands right at the limit of *rule*, and breaks no mandatory rule at all."""
    return lambda program: Fragment(rule, program, ())


def fragments() -> Iterator[Fragment]:
    """Every fragment of the files beside this one."""
    for path in sorted(Path(__file__).parent.glob("fragments_*.py")):
        module = import_module(f"tests.policies.{path.stem}")
        yield from (each for each in vars(module).values() if isinstance(each, Fragment))


@cache
def recorded(program: Program) -> Stack:
    """What *program* registers, as rules see it; recorded once for all tests that look at it."""
    recorder = record(lambda: _run(program), {"aws:region": REGION})
    return view(recorder.graph, recorder.inputs, REGION)


def findings(program: Program) -> list[Finding]:
    """What the rules say of *program*."""
    return check(recorded(program))


def _run(program: Program) -> None:
    program()
