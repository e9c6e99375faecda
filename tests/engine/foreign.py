"""Run YAML programs, which know the boxes only as a Pulumi package, where Pulumi's host for YAML cannot be had."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pulumi
from ruamel.yaml import YAML

from engines.backend import Backend
from engines.pulumi import PulumiEngine
from engines.stack_file import ROOT
from tests.engine.language_host import put_on_path
from tests.engine.small import STACK, Small, small

PACKAGE = ROOT / "components"
PROGRAM = """from pathlib import Path
from tests.engine.foreign import register

register(Path({folder!r}, "program.yaml"))
"""


class Box(pulumi.ComponentResource):
    """All that a program in another language knows of a box: its type, and what properties are called."""

    def __init__(self, token: str, name: str, inputs: Mapping[str, Any], outputs: list[str]) -> None:
        super().__init__(token, name, {**inputs, **dict.fromkeys(outputs)}, None, remote=True)


def register(file: Path) -> None:
    """Ask the engine for what *file* lists, in its order; a reference is a whole value, `${resource.output}`."""
    program = YAML(typ="safe").load(file)
    schema = json.loads((PACKAGE / "schema.json").read_text())["resources"]
    made: dict[str, Any] = {}

    def value(of: Any) -> Any:
        if isinstance(of, dict):
            return {name: value(each) for name, each in of.items()}
        if isinstance(of, list):
            return [value(each) for each in of]
        if isinstance(of, str) and of.startswith("${"):
            name, _, output = of[2:-1].partition(".")
            return getattr(made[name], output)
        return of

    for name, each in program["resources"].items():
        made[name] = Box(each["type"], name, value(each["properties"]), list(schema[each["type"]]["properties"]))
    for name, each in program.get("outputs", {}).items():
        pulumi.export(name, value(each))


@dataclass(frozen=True, slots=True)
class Foreign:
    """A project whose program is YAML, in an account of its own."""

    small: Small
    path: Path
    """Where the host stands that starts the package."""

    def write(self, program: str) -> None:
        """Make *program*, a YAML document, the project's."""
        (self.small.root / "program.yaml").write_text(program)
        self.small.write(PROGRAM.format(folder=str(self.small.root)))

    @property
    def engine(self) -> PulumiEngine:
        """The engine, which finds the package by its folder."""
        backend = self.small.backend
        file = Path(backend.work_dir) / "Pulumi.yaml"
        project = YAML(typ="safe").load(file.read_text())
        YAML().dump({**project, "packages": {"bigpicture": str(PACKAGE)}}, file)
        return PulumiEngine(STACK, self._with_host(backend), root=self.small.root)

    def _with_host(self, backend: Backend) -> Backend:
        path = f"{self.path}:{os.environ['PATH']}"
        return msgspec.structs.replace(backend, variables={**backend.variables, "PATH": path})


@contextmanager
def foreign(folder: Path) -> Iterator[Foreign]:
    """An empty project, and nothing deployed yet."""
    path = folder / "bin"
    path.mkdir()
    put_on_path(path)
    with small(folder, 0) as made:
        yield Foreign(made, path)
