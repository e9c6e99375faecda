"""Write docs/rules.md from the rules themselves: `python -m policies.catalogue > docs/rules.md`."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from policies.boxes import place
from policies.rule import Rule
from policies.rules import all_rules
from policies.sequence import all_transitions

DEMANDS = Path(__file__).with_name("demands.tsv")
HEAD = """\
# What is checked before anything is deployed

Written by this command; a test keeps it current:

    python -m policies.catalogue > docs/rules.md

`./bigpicture check` runs these rules, and so do `preview` and `up`: a *mandatory* finding forbids the deployment, an
*advisory* one is said. `./bigpicture rules ID` explains one. A finding that is accepted for a while stands in
`policies/exceptions.toml`, with its last day; one of another program in a file of that name in its own folder:
[testing.md](testing.md). `policies/` is also a policy pack for
Pulumi's own commands: [real-engine.md](real-engine.md). The pack has no rules of change, those that compare what is
deployed with what is wanted: Pulumi shows a pack only the latter. `up` and `preview` have them.
"""

TAIL = """
## What no program can tell

These need the account, and are looked at there: quotas (addresses, vCPUs, instances, cache nodes), the instance types
of a free plan, service-linked roles, whether a domain is delegated to its zone, whether a class or an engine version is
offered in a region, a budget's tag as an active cost-allocation tag, whether an id that the program only names exists,
and whether somebody has confirmed an e-mail subscription. Costs are estimates, not rules.
"""


def markdown(rules: Sequence[Rule]) -> str:
    """The text of docs/rules.md."""
    parts = [HEAD, f"{len(rules)} rules."]
    for box, of_box in groupby(rules, key=lambda rule: rule.box):
        parts += [
            f"\n## {box[0].upper()}{box[1:]}\n",
            "| rule | severity | why | fix |",
            "|---|---|---|---|",
        ]
        parts += [
            f"| [`{rule.id}`]({rule.source}) | {rule.severity} | {_cell(rule.reason)} | {_cell(rule.fix)} |"
            for rule in of_box
        ]
    return "\n".join([*parts, *_demanded()]) + "\n" + TAIL


def demands() -> list[dict[str, str]]:
    """What is demanded of a stack that is to work on AWS the first time, and the rules that hold each demand."""
    with DEMANDS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def _demanded() -> Iterator[str]:
    yield "\n## What is demanded, and who holds it\n"
    yield "The rules above, or what stands in the last column: a test, the engine, or a look at the account.\n"
    yield "| | demand | rules | elsewhere |\n|---|---|---|---|"
    for each in demands():
        rules = ", ".join(f"`{id_}`" for id_ in each["rules"].split())
        yield f"| {each['number']} | {_cell(each['demand'])} | {rules} | {_cell(each['elsewhere'])} |"


def documented() -> list[Rule]:
    """Every rule, box by box: those of a stack, then those of a change."""
    return sorted([*all_rules(), *all_transitions()], key=lambda rule: (place(rule.box), rule.box))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    sys.stdout.write(markdown(documented()))
