"""Ask the account for what may be gone: AWS says so by an error."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import TypeVar

from botocore.exceptions import ClientError

T = TypeVar("T")


def unless_gone(ask: Callable[[], T], *codes: str) -> T | None:
    """The answer of *ask*; None when AWS refuses with one of the error *codes*, in which `*` is any letters."""
    try:
        return ask()
    except ClientError as error:
        if any(fnmatchcase(error.response["Error"]["Code"], each) for each in codes):
            return None
        raise
