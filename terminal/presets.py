"""Show the numbers behind the words: what every knob is under each scaling, size and environment."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import click

from engines.refusals import unknown_name
from stacks.presets import ENVIRONMENTS, SCALINGS, SIZES, preset
from stacks.settings import preset_fields
from terminal.commands import print_json, print_rich
from terminal.tables import rows_table

PAIRS = [(environment, scaling) for environment in ENVIRONMENTS for scaling in SCALINGS]


def presets(name: str | None, json_: bool) -> None:
    """Print every knob, a table for each environment and scaling; of one knob alone a single table."""
    knobs = preset_fields()
    if name and name not in knobs:
        raise unknown_name("setting", name, knobs, "./bigpicture presets", "./bigpicture presets")
    if json_:
        print_json(list(_combinations([name] if name else list(knobs))))
    elif name:
        rows = [[environment, scaling, *_values(environment, scaling, name)] for environment, scaling in PAIRS]
        print_rich(rows_table([name, "", *SIZES], rows))
    else:
        for environment, scaling in PAIRS:
            rows = [[knob, *_values(environment, scaling, knob)] for knob in knobs]
            print_rich(rows_table([f"{environment}, {scaling}", *SIZES], rows))
            click.echo()


def _combinations(knobs: list[str]) -> Iterator[dict[str, Any]]:
    for environment, scaling in PAIRS:
        for size in SIZES:
            values = dataclasses.asdict(preset(scaling, size, environment))
            words = {"scaling": scaling, "size": size, "environment": environment}
            yield {**words, **{knob: values[knob] for knob in knobs}}


def _values(environment: str, scaling: str, knob: str) -> list[str]:
    """The knob's value for each size, as a stack file spells it."""
    values = [getattr(preset(scaling, size, environment), knob) for size in SIZES]
    return [str(value).lower() if isinstance(value, bool) else str(value) for value in values]
