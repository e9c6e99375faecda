"""Be one server of a fleet: a process booted from user data, with an address, a role's credentials and a log."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from offline.region.cloud_config import Boot
from offline.region.copies import Copy, Nurseries
from offline.region.process import Process

RESTART_S = 2.0
"""Between the end of a program that nobody asked to end and its next start: the unit's RestartSec."""

SKEW = Path(__file__).with_name("skew")
UTIME, STIME = 11, 12
"""Places in /proc/PID/stat after the name (proc(5))."""
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a server is, and what it finds there."""

    folder: Path
    """Its own: the log."""
    home: Path
    """The unpacked artifact."""
    address: str
    names: Mapping[str, str]
    """Host name -> address, for every name that the region answers for."""
    variables: Mapping[str, str]
    """What AWS's metadata service would tell an SDK: credentials, region, and where the account answers."""


class Server:
    """One running program; `tend` starts it again when it ended by itself, `stop` drains it."""

    def __init__(self, boot: Boot, place: Place, nurseries: Nurseries) -> None:
        self.boot = boot
        self._nurseries = nurseries
        self.address = place.address
        self._place = place
        self._ended: float | None = None
        self._deadline: float | None = None
        self.lost = False
        """Whether its machine is gone."""
        self._booted = self._began = time.monotonic()
        self._settled = False
        place.folder.mkdir(parents=True, exist_ok=True)
        self._process = self._start()

    @property
    def pid(self) -> int:
        """The program's process id; another after a restart."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the program runs."""
        return self._process.alive

    @property
    def log(self) -> Path:
        """What the program wrote."""
        return self._process.log

    def tend(self) -> None:
        """Start the program again some seconds after it ended; kill it when its time to drain is over.

        One that has never run for long, a while after the boot, takes its machine along: so says the install script.
        """
        now = time.monotonic()
        if self.lost:
            return
        if self._deadline is not None:
            if self.alive and now > self._deadline:
                self._process.kill()
        elif self.alive:
            self._ended = None
            self._settled |= now - self._began >= self.boot.steady_s
        elif not self._settled and now - self._booted > self.boot.start_s:
            self.lose()
        elif self._ended is None:
            self._ended = now
        elif now - self._ended >= RESTART_S:
            self._began = now
            self._process = self._start()

    def drain(self) -> None:
        """Ask the program to finish and leave; `alive` says when it has, and `tend` kills it when it takes too long."""
        if self._deadline is None:
            self._deadline = time.monotonic() + self.boot.stop_s
            self._process.send(signal.SIGTERM)

    def shift_clock(self, ahead_s: float) -> None:
        """Start the program anew with a clock that is *ahead_s* seconds ahead of this machine's."""
        paths = f"{SKEW}{os.pathsep}{self.environment.get('PYTHONPATH', '')}"
        wrong = {"PYTHONCLOCKAHEAD": str(ahead_s), "PYTHONPATH": paths}
        self._place = replace(self._place, variables={**self._place.variables, **wrong})
        self._process.kill()
        self._process = self._start()

    def lose(self) -> None:
        """Lose its machine: the program ends at once, and nobody starts it again."""
        self.lost = True
        self._process.kill()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def cpu_s(self) -> float:
        """Seconds of processor time that the program has used; 0 for one that has ended."""
        try:
            words = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(words[UTIME]) + int(words[STIME])) / TICKS

    @property
    def environment(self) -> dict[str, str]:
        """All that its program finds there."""
        return {**resolved(self.boot, self._place), **self._place.variables}

    def _start(self) -> Copy | Process:
        command, log = self.boot.command, self._place.folder / "app.log"
        return self._nurseries.start(command, self._place.home, self.environment, log)


def resolved(boot: Boot, place: Place) -> dict[str, str]:
    """What the unit says, with each name resolved, paths below the home here, and one address to listen on."""
    answer = {}
    for name, value in boot.environment.items():
        there = value.replace(boot.home, str(place.home))
        for host, address in place.names.items():
            there = there.replace(host, address)
        answer[name] = place.address if there == "0.0.0.0" else there  # noqa: S104  replaced
    return answer
