"""Name the ways in which this room says no; each message says what, got, allowed, fix."""

from __future__ import annotations

import difflib
import errno
from collections.abc import Collection

from policies.exceptions import ExceptionsError
from stacks.knobs import SettingsError

ENVIRONMENT_FAULTS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS})
"""Full disk, exhausted quota, missing permission, read-only file system: the machine's doing, not a defect."""


FEW = 8
"""Most names that a refusal repeats; of more it tells the nearest, and the command that lists them."""


class Refusal(Exception):  # noqa: N818  a refusal is an answer, not an error
    """What was asked for cannot be done."""


class EngineError(Refusal):
    """The program asked for something that the engine or the account refused, at a place in the program."""


class NoStateError(EngineError):
    """No stack of that name is in the backend of this run."""


class StackFileError(Refusal):
    """A stack file that cannot be used."""


class BinaryError(Refusal):
    """There is no Pulumi CLI that this project can use, and none could be got."""


class DataLossError(Refusal):
    """An update that would lose data which nobody gave up, or a name that is no such loss."""


class HostError(Refusal):
    """The background process could not be started or stopped."""


def unknown_name(kind: str, name: str, names: Collection[str], use: str, lists: str) -> HostError:
    """Refuse *name*: the command *use* takes one of *names*, and *lists* prints them."""
    near = nearest(name, names)
    allowed = ", ".join(sorted(names)) if len(names) <= FEW else f"the {len(names)} that `{lists}` lists"
    meant = f". Nearest: {', '.join(near)}" if near else ""
    fix = f"{use} {near[0]}" if near else f"{use} NAME" if len(names) <= FEW else lists
    return HostError(f"{kind} is {name!r}; allowed: {allowed}{meant}. Fix: {fix}")


def nearest(name: str, names: Collection[str]) -> list[str]:
    """At most three of *names* that may have been meant: those that hold *name*, then those that look like it."""
    holding = sorted((each for each in names if len(name) > 2 and name in each), key=len)
    alike = difflib.get_close_matches(name, names, n=3)
    return list(dict.fromkeys([*holding, *alike]))[:3]


def is_refusal(error: BaseException) -> bool:
    """Say whether *error* is meant to be read by the user; everything else is a defect and keeps its traceback."""
    if isinstance(error, OSError):
        return error.errno in ENVIRONMENT_FAULTS
    return isinstance(error, (Refusal, SettingsError, ExceptionsError))


def words_of(error: BaseException) -> str:
    """The sentence of a refusal; of a fault of the machine, which knows no fix, with the place if it is known."""
    if not isinstance(error, OSError):
        return str(error)
    what = f"{error.filename or 'the state of this checkout'} cannot be used: {error.strerror}"
    return f"{what}; allowed: a writable folder with free space. Fix: its permissions, or free space on the disk"
