"""Hold an update that comes later in a sequence against what was shown of it before the first one began."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from engines.data_loss import Loss, demand_named
from engines.outcome import Step
from engines.refusals import Refusal


class AgreementError(Refusal):
    """A later update would take away what nobody was shown when the sequence began."""


def demand_as_agreed(
    found: Sequence[Step], agreed: Sequence[Step], losses: Sequence[Loss], given: Collection[str]
) -> None:
    """Let *found* delete and replace no more than *agreed*, and lose nothing but *given*; hours may lie between them.

    AgreementError and DataLossError otherwise. What is only made or changed in place may differ: a preview cannot know
    all of it before the update in front of it is done.
    """
    more = sorted(_taken(found) - _taken(agreed))
    if more:
        raise AgreementError(
            f"the next update would also replace or delete {', '.join(urn.rpartition('::')[2] for urn in more)};"
            " allowed: what was shown before the first one. What was done stands. Fix: look with ./bigpicture preview,"
            " then the same command goes on"
        )
    demand_named(losses, given)


def _taken(steps: Sequence[Step]) -> set[str]:
    return {urn for each in steps for urn in (*each.deleted, *each.replaced)}
