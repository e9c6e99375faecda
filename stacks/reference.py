"""Write down every setting for people and for Pulumi: docs/settings.md, and the `config` schema in Pulumi.yaml."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from stacks.knobs import Knob, knob_of
from stacks.presets import ENVIRONMENTS, SCALINGS, SIZES, preset
from stacks.settings import AS_PRESET, PROJECT, own_fields, preset_fields

ROOT = Path(__file__).resolve().parent.parent
HEAD = f"""\
name: {PROJECT}
description: A whole e-commerce architecture on AWS, deployed offline first
runtime:
  name: python
  options:
    virtualenv: .bigpicture/venv
main: .
stackConfigDir: stacks
# Written by `python -m stacks.reference` from stacks/settings.py and stacks/presets.py, which check ranges as well.
config:
"""


def pulumi_yaml() -> str:
    """The project file: Pulumi checks types by it and lists the settings in its own tools."""
    return HEAD + "".join(_schema(name, field) for name, field in _all().items())


def settings_page() -> str:
    """docs/settings.md: every setting with what it may be and what each preset gives it."""
    lines = [
        "# Settings",
        "",
        "Every setting stands in `stacks/Pulumi.<stack>.yaml` as `bigpicture:<name>`, or on the command line as",
        "`--set <name>=<value>` for one run, with `--save` for good. `--scaling`, `--size` and `--environment` are",
        "short for three of them. The region is Pulumi's own setting: `aws:region`, in the file or after `--set`.",
        "Written by `python -m stacks.reference`; a test keeps it current.",
        "",
        "## Changing a stack that stands",
        "",
        "From vertical to horizontal nothing that holds data is replaced. On the way back read replicas go, which are",
        "copies; cache shards are merged by ElastiCache, cache replicas end. A table shard beyond the first stays",
        "while it holds items: `up` lets it drain by `table_shards_draining`, and takes it away once it is empty",
        "([switching.md](switching.md)). `pulumi up` itself takes away what the settings no longer ask for.",
        "`vpc_cidr` and the number of zones cannot change in place at all.",
        "",
        "## What a stack is",
        "",
        "| setting | default | allowed | meaning |",
        "|---|---|---|---|",
    ]
    lines += [_own_row(name, field) for name, field in own_fields().items()]
    lines += [
        "",
        "## Knobs: what scaling, size and environment choose, each to be overridden by its name",
        "",
        f"Values are {' / '.join(SIZES)}; one alone holds for all sizes. `a; production b` where production differs.",
        "",
        "| knob | vertical | horizontal | allowed | meaning |",
        "|---|---|---|---|---|",
    ]
    lines += [_knob_row(name, knob_of(field)) for name, field in preset_fields().items()]
    return "\n".join(lines) + "\n"


def _all() -> dict[str, dataclasses.Field[Any]]:
    return {**own_fields(), **preset_fields()}


def _schema(name: str, field: dataclasses.Field[Any]) -> str:
    """One declaration. Pulumi demands a value for every key, so a knob's default is the word that leaves it be."""
    knob = knob_of(field)
    array = isinstance(field.default, tuple)
    default = "[]" if array else f"'{AS_PRESET if knob.value else field.default}'"
    type_ = "array\n    items:\n      type: string" if array else "string"
    text = f"{knob.doc}. Allowed: {_allowed(knob)}".replace("'", "''")
    return f"  {name}:\n    type: {type_}\n    default: {default}\n    description: '{text}'\n"


def _own_row(name: str, field: dataclasses.Field[Any]) -> str:
    knob = knob_of(field)
    default = f"`{field.default}`" if field.default else "none"
    return f"| `{name}` | {default} | {_allowed(knob)} | {knob.doc} |"


def _knob_row(name: str, knob: Knob) -> str:
    return f"| `{name}` | {_ladder(name, SCALINGS[0])} | {_ladder(name, SCALINGS[1])} | {_allowed(knob)} | {knob.doc} |"


def _ladder(name: str, scaling: str) -> str:
    by_environment = [
        [str(getattr(preset(scaling, size, environment), name)).lower() for size in SIZES]
        for environment in ENVIRONMENTS
    ]
    sandbox, production = (values[0] if len(set(values)) == 1 else " / ".join(values) for values in by_environment)
    return sandbox if sandbox == production else f"{sandbox}; production {production}"


def _allowed(knob: Knob) -> str:
    """The permitted values; a long list of instance types by its families."""
    names = knob.kind.nearest
    if len(names) <= 12:
        return knob.kind.allowed
    families = dict.fromkeys(name.rpartition(".")[0] for name in names)
    return f"a type of {', '.join(families)} (stacks/instance_types.tsv)"


if __name__ == "__main__":
    (ROOT / "Pulumi.yaml").write_text(pulumi_yaml(), encoding="utf-8")
    (ROOT / "docs" / "settings.md").write_text(settings_page(), encoding="utf-8")
