"""Run the region behind the account, in the background process, from when it is asked for."""

from __future__ import annotations

import shutil
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from engines.asking import STOP, Answer, Question
from engines.refusals import unknown_name
from engines.served import REQUEST, STATE, Served
from engines.stack_file import replace_file
from offline.account import Account
from offline.region.left_out import left_out
from offline.region.process import RegionError
from offline.region.report import report

if TYPE_CHECKING:
    from offline.region.region import Region

FOLLOW_S = 1.0
"""How often what runs is brought in step with the account."""


class Serving:
    """The region of one run, if it was asked for; `step` is called again and again by the process's main thread.

    That thread starts every server: the kernel ends them with it.
    """

    def __init__(self, account: Account, folder: Path) -> None:
        self._account = account
        self._folder = folder
        self._region: Region | None = None
        self._followed = 0.0
        self._said = Served()
        self._trouble = ""
        self._not_carried: tuple[str, ...] = ()

    def step(self) -> None:
        """Start the region where it is wanted and does not run; else follow the account, once a second."""
        try:
            if self._region is not None:
                self._follow(self._region)
            elif (self._folder / REQUEST).exists():
                self._start()
        except Exception as error:  # noqa: BLE001  the account outlives whatever is wrong with what runs behind it
            traceback.print_exception(error, file=sys.stderr)
            self._trouble = str(error) if isinstance(error, RegionError) else f"{type(error).__name__}: {error}"
            self._say(msgspec.structs.replace(self._said, trouble=self._trouble))

    def answer(self) -> None:
        """Answer what was asked since the last time."""
        for asked in sorted(self._folder.glob("question-*.json")):
            question = msgspec.json.decode(asked.read_bytes(), type=Question)
            asked.unlink()
            answer = self._answer(question)
            replace_file(
                asked.with_name(asked.name.replace("question", "answer")), msgspec.json.encode(answer).decode()
            )

    def close(self) -> None:
        """End every server."""
        if self._region is not None:
            self._region.stop()

    def _answer(self, question: Question) -> Answer:
        if self._region is None:
            return Answer(refused="no servers run behind the account; allowed: after `serve`. Fix: ./bigpicture serve")
        if question.verb == STOP:
            if question.name not in self._region.machines:
                lists = "./bigpicture status"
                refusal = unknown_name("machine", question.name, self._region.machines, "./bigpicture stop", lists)
                return Answer(refused=str(refusal))
            self._region.lose(question.name)
            return Answer()
        return Answer(report=report(self._region, self._account))

    def _start(self) -> None:
        from offline.region.region import Region  # noqa: PLC0415  uvicorn and valkey are for those who want servers

        (self._folder / REQUEST).unlink()
        shutil.rmtree(self._folder / "region", ignore_errors=True)
        region = Region(self._account, self._folder / "region")
        try:
            region.start()
        except BaseException:
            region.stop()
            raise
        self._region = region
        self._look()

    def _look(self) -> None:
        """Note what is not carried through: when servers are asked for, as it takes a fifth of a second."""
        self._not_carried = tuple(left_out(self._account))

    def _follow(self, region: Region) -> None:
        asked = (self._folder / REQUEST).exists()
        if asked or time.monotonic() - self._followed >= FOLLOW_S:
            self._followed = time.monotonic()
            region.follow(at_once=asked)
            self._trouble = ""
        if asked:
            self._look()
            (self._folder / REQUEST).unlink()
        states = [state for group in region.health().values() for state in group.values()]
        self._say(
            Served(
                started=True,
                urls=tuple(edge.url for edge in region.edges),
                servers=len(region.servers),
                healthy=states.count("healthy"),
                targets=len(states),
                trouble=self._trouble,
                not_carried=self._not_carried,
            )
        )

    def _say(self, now: Served) -> None:
        if now != self._said or not (self._folder / STATE).exists():
            self._said = now
            replace_file(self._folder / STATE, msgspec.json.encode(now).decode())
