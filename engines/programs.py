"""Run anybody's Pulumi program for the rules: with its own name and configuration, and a word on where it fails."""

from __future__ import annotations

import contextlib
import json
import sys
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError
from pulumi.config import ConfigMissingError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from engines.embedded import project_program
from engines.lookups import KNOWN_TO_THE_ACCOUNT
from engines.recorder import PROJECT, Recorder, record
from engines.refusals import Refusal, is_refusal
from engines.stack_file import DEFAULT_STACK, ROOT

DEFAULT_REGION = "us-east-1"
ROOMS = {"app", "cli", "components", "engines", "offline", "planning", "policies", "stacks", "terminal", "verbs"}
"""What of ours is imported while a program runs, by names that a program may use as well."""


class ProgramError(Refusal):
    """A program that does not come to its end, or a folder that holds none."""


def recorded(folder: Path, overrides: Mapping[str, str], stack: str = "") -> Recorder:
    """What the program in *folder* registers, configured by its Pulumi.*stack*.yaml and *overrides*.

    A key of *overrides* may leave the project's name out. Raises ProgramError, with the line, where the program fails.
    """
    folder, described = folder.resolve(), _yaml(folder / "Pulumi.yaml")
    main, project = folder / str(described.get("main") or ""), str(described.get("name") or PROJECT)
    if not (main / "__main__.py").is_file():
        raise ProgramError(f"--program is {main}; allowed: a folder with a __main__.py. Fix: its path")
    given = {**_configured(folder, stack), **overrides}
    config = {key if ":" in key else f"{project}:{key}": text for key, text in given.items()}
    try:
        with contextlib.chdir(main), _its_own_modules(main):
            configured = {"aws:region": DEFAULT_REGION, **config}
            return record(project_program(main), configured, folder, project=project, stack=stack or DEFAULT_STACK)
    except BaseException as error:
        if is_refusal(error) or isinstance(error, (ConfigMissingError, KeyboardInterrupt)):
            raise
        raise ProgramError(_explained(error, folder)) from error


def stacks_of(folder: Path) -> set[str]:
    """The stacks of the program in *folder* that have a file."""
    return {each.name.removeprefix("Pulumi.").removesuffix(".yaml") for each in folder.glob("Pulumi.*.yaml")}


@contextlib.contextmanager
def _its_own_modules(folder: Path) -> Iterator[None]:
    """Let `import components` find the program's own package meanwhile, where it has one of the name of a room here."""
    theirs = {path.stem for path in folder.iterdir()} & ROOMS
    hidden = {name: sys.modules.pop(name) for name in [*sys.modules] if name.partition(".")[0] in theirs}
    known, paths = set(sys.modules), list(sys.path)
    sys.path[:] = [each for each in paths if Path(each).resolve() != ROOT]
    try:
        yield
    finally:
        sys.path[:] = paths
        for name in set(sys.modules) - known:
            if Path(getattr(sys.modules[name], "__file__", None) or "/").is_relative_to(folder):
                del sys.modules[name]
        sys.modules.update(hidden)


def _configured(folder: Path, stack: str) -> dict[str, str]:
    """The stack file's configuration; what it keeps encrypted is not known."""
    path = folder / f"Pulumi.{stack}.yaml"
    if stack not in {"", DEFAULT_STACK} and not path.is_file():
        known = ", ".join(sorted(stacks_of(folder))) or "none"
        raise ProgramError(f"--stack is {stack!r}; allowed: one with a file in {folder}: {known}. Fix: its name")
    values = _yaml(path).get("config") or {}
    return {str(key): KNOWN_TO_THE_ACCOUNT if isinstance(value, Mapping) and "secure" in value else _text(value)
            for key, value in values.items()}  # fmt: skip


def _yaml(path: Path) -> dict[str, Any]:
    try:
        return dict(YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {}) if path.is_file() else {}
    except (YAMLError, ValueError) as error:
        raise ProgramError(f"{path} cannot be read: {error}; allowed: YAML. Fix: {path}") from error


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _explained(error: BaseException, folder: Path) -> str:
    place, line = _place(error, folder)
    said = (str(error).strip().splitlines() or [""])[0]
    what = f"{type(error).__name__}: {said}".removesuffix(": ")
    return (
        f"the program fails at {place} ({line}): {what}; allowed: a program that `pulumi preview` runs to its end."
        f" Fix: {_fix(error, folder)}"
    )


def _place(error: BaseException, folder: Path) -> tuple[str, str]:
    """file:line of the program's own last statement, and that statement."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}", (error.text or "").strip()
    frames = traceback.extract_tb(error.__traceback__)
    own = [each for each in frames if Path(each.filename).is_relative_to(folder)]
    last = (own or frames)[-1]
    return f"{last.filename}:{last.lineno}", (last.line or "").strip()


def _fix(error: BaseException, folder: Path) -> str:
    if isinstance(error, ModuleNotFoundError) and error.name and not (folder / error.name.partition(".")[0]).exists():
        return f"{sys.executable} -m pip install {error.name.partition('.')[0].replace('_', '-')}"
    if isinstance(error, BotoCoreError):
        return "ask AWS through the get_* functions of pulumi_aws: the check answers those without an account"
    if isinstance(error, SystemExit):
        return "let the program come to its end"
    if KNOWN_TO_THE_ACCOUNT in str(error):
        return (
            "that line; the value is one that AWS alone knows: give it by the program's configuration, --set KEY=VALUE"
        )
    return "that line"
