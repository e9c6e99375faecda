"""Measure how quickly the command line starts against the least that any click program needs."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.measure import Result, best, timed
from engines.stack_file import ROOT

BOUND = 1.5
ROUNDS = 15


def measure() -> list[Result]:
    """`./bigpicture --help` through the launcher, against `python -c "import click"` in the same environment."""
    help_ = best(lambda: _seconds([str(ROOT / "bigpicture"), "--help"]), ROUNDS)
    floor = best(lambda: _seconds([sys.executable, "-c", "import click"]), ROUNDS)
    detail = f"{help_ * 1000:.0f} ms against {floor * 1000:.0f} ms"
    return [Result("./bigpicture --help / import click", help_ / floor, BOUND, "x", detail)]


def _seconds(command: list[str]) -> float:
    return timed(lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True))
