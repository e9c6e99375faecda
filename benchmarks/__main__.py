"""Run benchmarks, print each figure beside its bound, exit 1 when one is over: `python -m benchmarks [NAME ...]`."""

from __future__ import annotations

import importlib
import sys

from rich.console import Console
from rich.table import Table

NAMES = (
    "start",
    "embedded_up",
    "growth",
    "checking",
    "memory",
    "region",
    "real_engine",
    "worker",
    "reads",
    "scaling",
    "checkout",
)


def main(names: list[str]) -> int:
    """Measure the benchmarks called *names*, or all of them."""
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        Console(stderr=True).print(f"benchmark is {unknown[0]!r}; allowed: {', '.join(NAMES)}. Fix: its name")
        return 1
    table = Table("figure", "measured", "bound", "how", box=None)
    results = [result for name in names or NAMES for result in importlib.import_module(f"benchmarks.{name}").measure()]
    for result in results:
        mark = "" if result.within else " too much"
        table.add_row(
            result.name, f"{result.figure:.2f} {result.unit}{mark}", f"{result.bound:g} {result.unit}", result.detail
        )
    Console(width=160).print(table)
    return 0 if all(result.within for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
