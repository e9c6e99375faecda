"""Measure the most memory that deploying the production stack ever takes, everything imported."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.measure import Result
from engines.stack_file import ROOT

BOUND_MB = 500
PROGRAM = """
import resource, sys
from engines.rehearsal import rehearse
deployment, account = rehearse("production")
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak // (1024 if sys.platform == "linux" else 1024 * 1024), len(deployment.graph.resources))
"""
"""ru_maxrss is in KiB on Linux and in bytes on macOS (getrusage(2))."""


def measure() -> list[Result]:
    """Peak resident memory of a fresh process that does nothing else."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True)
    peak, resources = done.stdout.split()[-2:]
    return [Result("peak memory, production stack", float(peak), BOUND_MB, "MB", f"{resources} resources")]
