"""Read and write the project's stack files, `stacks/Pulumi.<stack>.yaml`, the way Pulumi itself understands them."""

from __future__ import annotations

import difflib
import json
import os
import tempfile
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from engines.refusals import StackFileError

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_STACK = "offline"
PROJECT_NAMESPACE = "bigpicture"
OFFLINE_CONFIG = {f"{PROJECT_NAMESPACE}:artifact": "code"}
"""What holds offline unless it is set: servers run in this environment, which has every library of the app."""
LISTS = frozenset({f"{PROJECT_NAMESPACE}:zones"})
"""The settings that are lists; `--set` takes them with commas."""
HIDDEN = "[secret]"
"""What stands for an encrypted value until Pulumi's engine decrypts it."""


def command(verb: str, stack: str) -> str:
    """The command that does *verb* to *stack*, as a message names it: without --stack it would act on another."""
    return f"./bigpicture {verb}" if stack == DEFAULT_STACK else f"./bigpicture {verb} --stack {stack}"


def stacks(root: Path = ROOT) -> list[str]:
    """The names of all stacks that have a file, sorted."""
    return sorted(
        path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in (root / "stacks").glob("Pulumi.*.yaml")
    )


def path_of(stack: str, root: Path = ROOT) -> Path:
    """Where a stack's file is; StackFileError with the nearest names when there is none."""
    known = stacks(root)
    if stack not in known:
        near = difflib.get_close_matches(stack, known, n=1)
        raise StackFileError(
            f"stack is {stack!r}; allowed: {', '.join(known)}."
            f" Fix: --stack {near[0] if near else 'NAME'}, or write stacks/Pulumi.{stack}.yaml"
        )
    return root / "stacks" / f"Pulumi.{stack}.yaml"


def config_of(stack: str, overrides: Mapping[str, str] | None = None, root: Path = ROOT) -> dict[str, str]:
    """The stack's configuration as an engine hands it to a program: full keys, text values, *overrides* on top.

    An override's key may leave the project's namespace out. Encrypted values only Pulumi's engine can read: those of
    other packages are HIDDEN here. Raises StackFileError for a file that is no configuration, for an encrypted setting
    of the project's own, and for any encrypted value of the offline stack.
    """
    path = path_of(stack, root)
    document = _load(path)
    values = document.get("config") or {}
    if not isinstance(values, dict):
        raise StackFileError(
            f"config in {_shown(path)} is {type(values).__name__}; allowed: a mapping of names to values."
            f" Fix: {_shown(path)}"
        )
    config = {qualified(str(key)): _value(qualified(str(key)), value, stack) for key, value in values.items()}
    config.update({qualified(key): value for key, value in (overrides or {}).items()})
    if "aws:region" not in config:
        raise StackFileError(
            f"aws:region is not set; allowed: an AWS region, e.g. us-east-1. Fix: aws:region in {_shown(path)}"
        )
    return config


def save(stack: str, overrides: Mapping[str, str], root: Path = ROOT) -> None:
    """Write *overrides* into the stack's file, its comments and order kept, and all of it or nothing."""
    path = path_of(stack, root)
    yaml, document = YAML(), _load(path)
    config = document.setdefault("config", {})
    for key, text in overrides.items():
        config[qualified(key)] = yaml_value(qualified(key), text)
    buffer = StringIO()
    yaml.dump(document, buffer)
    replace_file(path, buffer.getvalue())


def replace_file(path: Path, text: str) -> None:
    """Write a file so that a reader, or a crash, sees the old text or the new one and never a part."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def qualified(key: str) -> str:
    """A configuration key with its namespace; a bare one is the project's own."""
    return key if ":" in key else f"{PROJECT_NAMESPACE}:{key}"


def _load(path: Path) -> Any:
    try:
        document = YAML().load(path.read_text(encoding="utf-8")) or {}
    except YAMLError as error:
        raise StackFileError(
            f"{_shown(path)} is not YAML: {str(error).splitlines()[0]}. Fix: {_shown(path)}"
        ) from error
    if not isinstance(document, dict):
        raise StackFileError(
            f"{_shown(path)} is {type(document).__name__}; allowed: a mapping with `config:`. Fix: {_shown(path)}"
        )
    return document


def _value(key: str, value: Any, stack: str) -> str:
    if isinstance(value, dict) and "secure" in value:
        return _hidden(key, stack)
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value) if isinstance(value, (list, dict)) else str(value)


def _hidden(key: str, stack: str) -> str:
    namespace, _, name = key.partition(":")
    if namespace == PROJECT_NAMESPACE:
        allowed, fix = "a plain value, no setting is a secret", f"pulumi config set {name} VALUE --stack {stack}"
    elif stack == DEFAULT_STACK:
        allowed, fix = "plain values, its engines keep no secrets", f"pulumi config rm {key} --stack {stack}"
    else:
        return HIDDEN
    raise StackFileError(f"{key} in stacks/Pulumi.{stack}.yaml is encrypted; allowed: {allowed}. Fix: {fix}")


def yaml_value(key: str, text: str) -> Any:
    """The YAML type that a reader expects, Pulumi's check of Pulumi.yaml's types among them."""
    if key in LISTS and not text.startswith("["):
        return [each.strip() for each in text.split(",") if each.strip()]
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    if text.startswith("["):
        return json.loads(text)
    return int(text) if text.isdecimal() else text


def _shown(path: Path) -> str:
    return f"stacks/{path.name}"
