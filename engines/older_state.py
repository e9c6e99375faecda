"""Find the state of a stack on AWS where earlier versions kept it, and let no other begin beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from engines.backend import in_folder, is_led_offline, kept_folder, login, state_folder
from engines.refusals import HostError
from engines.stack_file import PROJECT_NAMESPACE, ROOT

STACKS = Path("state", ".pulumi", "stacks", PROJECT_NAMESPACE)
"""Where Pulumi keeps the stacks of a project in a folder (pulumi/pkg/backend/diy/store.go)."""


def stands(folder: Path, stack: str) -> bool:
    """Whether the state below *folder* knows of a resource of *stack*; one that is destroyed has none."""
    file = folder / STACKS / f"{stack}.json"
    if not file.exists():
        return False
    latest = json.loads(file.read_text(encoding="utf-8"))["checkpoint"].get("latest") or {}
    return bool(latest.get("resources"))


def demand(stack: str, environment: Mapping[str, str], root: Path = ROOT) -> None:
    """HostError, with the way over, where *stack* stands by a state in the checkout and by no other that is known.

    A run that looked elsewhere would make everything once more, and the first would go on to cost money.
    """
    old, new = state_folder(root), kept_folder(environment)
    chosen = (login(environment) or "").startswith(in_folder(old / "state"))
    if is_led_offline(environment) or chosen or not stands(old, stack) or stands(new, stack):
        return
    if any((new / STACKS).glob("*.json")):  # their passphrase is another one, which no copy may take the place of
        url, passphrase = in_folder(old / "state"), old / "passphrase"
        fix = f"export PULUMI_BACKEND_URL='{url}' PULUMI_CONFIG_PASSPHRASE_FILE='{passphrase}'"
    else:
        fix = f"mkdir -p {new} && cp -Rp {old}/state {old}/passphrase {new} && rm -r {old}/state"
    raise HostError(
        f"the state of stack {stack!r} is in {old}, where earlier versions kept it; allowed: a place that no deleted"
        f" checkout takes along. Fix: {fix}"
    )
