"""Say what speaks against going from a deployed graph to a wanted one in one update."""

from __future__ import annotations

from engines.checking import view
from engines.graph import Graph
from policies.rule import Finding
from policies.transitions import check_change


def findings_of_change(deployed: Graph, wanted: Graph) -> list[Finding]:
    """What the rules of change find between two graphs; none of them reads a secret, so both may be masked."""
    return check_change(view(deployed, {}), view(wanted, {}))
