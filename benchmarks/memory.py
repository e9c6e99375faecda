"""Measure the most memory that deploying the production stack ever takes, everything imported."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.measure import Result
from engines.stack_file import ROOT

BOUND_MB = 500
PROGRAM = """
import resource, sys
from pathlib import Path
from engines.rehearsal import rehearse
deployment, account = rehearse("production")
status = Path("/proc/self/status")
if status.exists():
    peak = int(status.read_text().partition("VmHWM:")[2].split()[0]) // 1024
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024 // 1024
print(peak, len(deployment.graph.resources))
"""
"""VmHWM is in KiB (proc(5)), ru_maxrss in bytes on macOS (getrusage(2)). On Linux ru_maxrss would not do: it outlives
exec, so a child that is started by a big process begins with that one's peak."""


def measure() -> list[Result]:
    """Peak resident memory of a fresh process that does nothing else."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True)
    peak, resources = done.stdout.split()[-2:]
    return [Result("peak memory, production stack", float(peak), BOUND_MB, "MB", f"{resources} resources")]
