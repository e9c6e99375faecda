"""Measure Pulumi's own engine over the offline account: the store against as many plain queues, and how both grow."""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measure import Result, computed_by_all
from engines.backend import offline
from engines.empty_account import empty_account
from engines.outcome import Outcome
from engines.pulumi import PulumiEngine
from engines.stack_file import DEFAULT_STACK, ROOT

HORIZONTAL = {"scaling": "horizontal", "size": "small"}
FIRST, UNCHANGED = 2.0, 1.5
GROWTH = 1.1
"""1 is the growth of the queues; the rest is for the noise of two exponents, twice that of `benchmarks.growth`."""
ROUNDS = 2
FEW, MANY = 100, 1_000
QUEUES = """import pulumi_aws as aws

for number in range({count}):
    aws.sqs.Queue(f"queue-{{number:04}}")
"""
COMPONENTS = """from benchmarks.growth import shards_and_queues

shards_and_queues({count})
"""
PER_PAIR = 6
"""Resources of one shard and one queue, about: what was really made is counted."""

Times = tuple[int, float, float]
"""Resources, and the seconds of CPU of all processes for a first `up` and for one that changes nothing."""


def measure() -> list[Result]:
    """Alternate both programs; the best of each counts."""
    store, queues = _ratios()
    return [
        _ratio("first up, store / queues", store[1], queues[1], FIRST, store[0]),
        _ratio("up of nothing new, store / queues", store[2], queues[2], UNCHANGED, store[0]),
        _growth(),
    ]


def _ratios() -> tuple[Times, Times]:
    rounds = []
    for _ in range(ROUNDS):
        store = _times(ROOT, HORIZONTAL)
        with _project(QUEUES.format(count=store[0])) as queues:
            rounds.append((store, _times(queues)))
    return _best([store for store, _ in rounds]), _best([queues for _, queues in rounds])


def _ratio(name: str, store: float, queues: float, bound: float, count: int) -> Result:
    detail = f"{store:.1f} s of CPU against {queues:.1f} s, {count} resources each"
    return Result(name, store / queues, bound, "x", detail)


def _growth() -> Result:
    """Without Pulumi writing the whole state before and after each resource, which hides all else: n x n bytes."""
    with _states_at_the_end():
        ours, queues = _exponent(COMPONENTS, PER_PAIR), _exponent(QUEUES, 1)
    detail = f"exponent from {FEW} to {MANY} resources: {ours:.2f} of shards and queues, {queues:.2f} of plain queues"
    return Result("growth under Pulumi's engine / of queues", ours / queues, GROWTH, "x", detail)


def _exponent(program: str, each: int) -> float:
    """The exponent of a first `up` and one that changes nothing, together."""
    (few, *small), (many, *large) = (_grown(program, count // each) for count in (FEW, MANY))
    return math.log(sum(large) / sum(small)) / math.log(many / few)


def _grown(program: str, count: int) -> Times:
    with _project(program.format(count=count)) as folder:
        return _times(folder)


def _times(root: Path, overrides: Mapping[str, str] | None = None) -> Times:
    with empty_account(DEFAULT_STACK) as (running, _):
        engine = PulumiEngine(DEFAULT_STACK, offline(running, DEFAULT_STACK, overrides or {}, root), root=root)
        outcomes: list[Outcome] = []
        first, again = (computed_by_all(lambda: outcomes.append(engine.up())) for _ in range(2))
    if not outcomes[1].is_unchanged:
        raise ValueError(f"a second up did {outcomes[1].changes}; allowed: nothing. Fix: the handler of what changed")
    return outcomes[0].changes["create"], first, again


def _best(times: list[Times]) -> Times:
    return times[0][0], min(first for _, first, _ in times), min(again for *_, again in times)


@contextmanager
def _states_at_the_end() -> Iterator[None]:
    os.environ["PULUMI_SKIP_CHECKPOINTS"] = "true"
    try:
        yield
    finally:
        del os.environ["PULUMI_SKIP_CHECKPOINTS"]


@contextmanager
def _project(program: str) -> Iterator[Path]:
    """A project of *program* alone, with a configuration of its own."""
    with tempfile.TemporaryDirectory(prefix="bigpicture-") as folder:
        root = Path(folder)
        (root / "stacks").mkdir()
        (root / "stacks" / f"Pulumi.{DEFAULT_STACK}.yaml").write_text("config:\n  aws:region: us-east-1\n")
        (root / "__main__.py").write_text(program)
        yield root
