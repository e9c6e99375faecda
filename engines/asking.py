"""Ask the background process about what runs behind the account, or to do something to it; loads nothing of moto."""

from __future__ import annotations

import os
import time

import msgspec

from engines.refusals import HostError
from engines.running import Running, is_locked
from offline.region.report import Report

REPORT, STOP = "report", "stop"
"""What may be asked: how all of it is, and to lose the machine of one server."""
PATIENCE_S = 60.0
LOOK_EVERY_S = 0.05


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One question; it lies in the run's folder until it is answered."""

    verb: str
    name: str = ""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back."""

    report: Report = Report()
    refused: str = ""


def ask(run: Running, question: Question) -> Answer:
    """The answer; HostError where the process refuses, ends, or is silent for a minute."""
    name = f"{os.getpid()}-{time.monotonic_ns()}"
    asked, answered = run.path(f"question-{name}.json"), run.path(f"answer-{name}.json")
    half = asked.with_suffix(".half")
    half.write_bytes(msgspec.json.encode(question))
    half.replace(asked)
    deadline = time.monotonic() + PATIENCE_S
    while not answered.exists():
        if not is_locked(run.path("alive.lock")) or time.monotonic() > deadline:
            raise HostError(f"what runs behind the account does not answer. Fix: read {run.path('log')}")
        time.sleep(LOOK_EVERY_S)
    answer = msgspec.json.decode(answered.read_bytes(), type=Answer)
    answered.unlink()
    if answer.refused:
        raise HostError(answer.refused)
    return answer
