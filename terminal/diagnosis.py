"""Check this machine and this checkout, and say of each fault how to mend it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from engines import binary, running, served
from engines.finding import Finding
from engines.refusals import Refusal, is_refusal
from engines.stack_file import ROOT, config_of, stacks
from terminal import browser
from terminal.commands import print_json, print_rich
from terminal.tables import findings_table

MINIMUM_FREE_MB = 200
"""What a run of the tests leaves behind at most, with room to spare."""


def doctor(stack: str | None, json_: bool) -> None:
    """Print every finding, those about *stack* and its AWS account too; exit 1 when one of them stops the product."""
    findings = [look() for look in LOOKS] + [_stack(each) for each in stacks()]
    if stack:
        from engines.preflight import preflight

        findings += preflight(stack)
    if json_:
        print_json(findings)
    else:
        print_rich(findings_table(findings))
    if not all(each.ok for each in findings):
        sys.exit(1)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    found, ok = f"{version} at {sys.executable}", sys.version_info >= (3, 11)
    return Finding("Python", ok, found, "" if ok else "install Python 3.11 or newer and remove .bigpicture/venv")


def _environment() -> Finding:
    made = ROOT / ".bigpicture" / "venv" / "requirements.lock"
    lock = ROOT / "requirements.lock"
    current = made.exists() and made.read_bytes() == lock.read_bytes()
    found = "made from this lock file" if current else "not made from this lock file"
    return Finding("environment", current, found, "" if current else "run ./bigpicture: it makes the environment anew")


def _state_folder() -> Finding:
    try:
        running.make_state_folder()
    except Refusal as refusal:
        return Finding("state folder", False, str(refusal), "make it writable")
    return Finding("state folder", True, f"{running.STATE} can be written")


def _disk() -> Finding:
    free = shutil.disk_usage(ROOT).free // 2**20
    ok = free >= MINIMUM_FREE_MB
    return Finding("disk", ok, f"{free} MiB free", "" if ok else f"free at least {MINIMUM_FREE_MB} MiB")


def _account() -> Finding:
    found = running.find()
    text = f"stack {found.stack} at {found.endpoint}, pid {found.pid}" if found else "none is running"
    return Finding("offline account", True, text)


def _pulumi() -> Finding:
    found = binary.find()
    if found is None:
        return Finding("Pulumi engine", True, "none; test, --engine pulumi, AWS need it: ./bigpicture engine install")
    fix = "" if found.is_new_enough else "run ./bigpicture engine install"
    return Finding("Pulumi engine", found.is_new_enough, f"{found.shown} at {found.path}", fix)


def _program(subject: str, find: Callable[[], Path]) -> Finding:
    """The version of a program and where it is; without it only a part of the product stops, so its lack is a note."""
    try:
        path = find()
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    except Refusal as refusal:
        found, _, rest = str(refusal).partition("; allowed: ")
        allowed, _, fix = rest.partition(". Fix: ")
        return Finding(subject, True, found, fix, allowed)
    except (OSError, subprocess.CalledProcessError) as error:
        return Finding(subject, True, f"it does not run: {error}", "install another for this machine")
    version = re.search(r"\d+(\.\d+)+", said)
    return Finding(subject, True, f"{version[0] if version else said.strip()} at {path}")


def _stack(stack: str) -> Finding:
    from stacks.settings import of_config

    try:
        settings = of_config(config_of(stack), stack)
    except Exception as error:
        if not is_refusal(error):
            raise
        return Finding(f"stack {stack}", False, str(error), f"stacks/Pulumi.{stack}.yaml")
    return Finding(
        f"stack {stack}", True, f"{settings.scaling}, {settings.size}, {settings.environment}, {settings.region}"
    )


LOOKS: tuple[Callable[[], Finding], ...] = (
    *(_python, _environment, _state_folder, _disk, _account, _pulumi),
    *(partial(_program, name, partial(served.program, name)) for name in served.PROGRAMS),
    partial(_program, "browser", lambda: Path(browser.require())),
)
