"""Say what speaks against going from a deployed graph to a wanted one, and word it where nothing helps."""

from __future__ import annotations

from collections.abc import Sequence

from engines.checking import view
from engines.data_loss import HELD
from engines.graph import Graph
from engines.refusals import Refusal
from policies.rule import Finding
from policies.sequence import all_transitions, check_change

WATCHED = HELD.keys() | {type_ for rule in all_transitions() for type_ in rule.types}
"""Types of which a change may lose data, or be refused: where none stands, nobody needs to look before an update."""


class ChangeError(Refusal):
    """AWS would refuse this change of what is deployed, or drop it in silence."""


def findings_of_change(deployed: Graph, wanted: Graph) -> list[Finding]:
    """What the rules of change find between two graphs; none of them reads a secret, so both may be masked."""
    return check_change(view(deployed, {}), view(wanted, {}))


def refusal(findings: Sequence[Finding]) -> ChangeError:
    """The refusal of a change that breaks rules, and that no sequence of updates makes possible."""
    lines = "\n".join(f"  [{each.rule.id}] {each}" for each in findings)
    return ChangeError(
        f"this update would not go through on AWS; nothing was changed:\n{lines}\n"
        "Fix each, or accept one for a while in policies/exceptions.toml"
    )
