"""Customers on their way while one thing after the other is lost, each of them at every step of the walk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.end_to_end.victims import VICTIMS, Running, Victim, take_in_hand
from tests.end_to_end.walking import CAUSES, STEPS, WAITS, Walk
from tests.waiting import eventually

Step = Callable[[Walk], None]
Turn = Sequence[tuple[Walk, Step]]
TURNS = len(VICTIMS) + len(STEPS) - 1


@dataclass(frozen=True, slots=True)
class Losses:
    """As many customers as there are victims. One begins in each turn; each takes one step a turn, to the end.

    In each turn the next victim is lost, and comes back: so each is lost once at every step of somebody's walk.
    """

    running: Running
    walks: list[Walk]
    pairs: set[tuple[str, str]] = field(default_factory=set)
    """Victim, and step that somebody was at when it was lost."""
    unhealed: list[str] = field(default_factory=list)
    full_handed: set[str] = field(default_factory=set)
    """Workers that were lost with work in their hands."""
    patience: Counter[int] = field(default_factory=Counter)
    """How often a request was sent again -> requests."""

    def suffer(self) -> None:
        """Let everybody walk to the end."""
        for turn in range(TURNS):
            self._turn(VICTIMS[turn % len(VICTIMS)], self._at(turn))

    def _at(self, turn: int) -> Turn:
        return [(walk, STEPS[turn - begun]) for begun, walk in enumerate(self.walks) if 0 <= turn - begun < len(STEPS)]

    def _turn(self, victim: Victim, steps: Turn) -> None:
        """Customers ask before it is noticed that something is lost, and of a worker while it holds its work."""
        (victim.hold if victim.queue else victim.lose)(self.running)
        self._take([each for each in steps if each[1] not in WAITS])
        if victim.queue:
            self._fill_hands(victim, {step for _, step in steps})
            victim.lose(self.running)
        if not eventually(self.running.is_whole, wanted=True):
            self.unhealed.append(victim.name)
        self._take([each for each in steps if each[1] in WAITS])
        self.pairs.update((victim.name, step.__name__) for _, step in steps)

    def _take(self, steps: Turn) -> None:
        for walk, step in steps:
            walk.customer.again.clear()
            step(walk)
            self.patience.update(Counter(walk.customer.again).values())

    def _fill_hands(self, victim: Victim, steps: set[Step]) -> None:
        if CAUSES[victim.queue] in steps and take_in_hand(self.running.store, victim.queue):
            self.full_handed.add(victim.name)
