"""Measure what the rules cost: checking the production stack against recording it, and how checking grows."""

from __future__ import annotations

import math

from benchmarks.growth import FEW, MANY, shards_and_queues
from benchmarks.measure import Result, best, computed
from engines.checking import view
from engines.embedded import project_program
from engines.recorder import Recorder, record
from engines.stack_file import ROOT, config_of
from policies.checker import check

STACK = "production"
SHARE = 25
"""Per cent of the time of recording that checking may take."""
BOUND = 1.05
"""1 is linear; the rest is for noise, as in `benchmarks.growth`."""
ROUNDS = 5


def measure() -> list[Result]:
    """The production stack, then ten and a hundred shards and queues."""
    return [_share(), _growth()]


def _share() -> Result:
    recorded = _production()
    _check(recorded)  # the models of the services are read once
    recording, checking = best(lambda: computed(_production), ROUNDS), best(lambda: _check(recorded), ROUNDS)
    detail = f"{len(recorded.graph.resources)} resources checked in {checking:.3f} s, recorded in {recording:.3f} s"
    return Result("checking / recording, production stack", 100 * checking / recording, SHARE, "%", detail)


def _growth() -> Result:
    small, large = _of(FEW), _of(MANY)
    _check(small)
    few, many = best(lambda: _check(small), ROUNDS), best(lambda: _check(large), ROUNDS)
    grown = len(large.graph.resources) / len(small.graph.resources)
    detail = f"{len(small.graph.resources)} resources in {few:.3f} s, {len(large.graph.resources)} in {many:.3f} s"
    return Result("exponent of growth of checking", math.log(many / few) / math.log(grown), BOUND, "", detail)


def _production() -> Recorder:
    return record(project_program(ROOT), config_of(STACK), ROOT)


def _of(count: int) -> Recorder:
    return record(lambda: shards_and_queues(count), {"aws:region": "us-east-1"})


def _check(recorded: Recorder) -> float:
    return computed(lambda: check(view(recorded.graph, recorded.inputs, "us-east-1")))
