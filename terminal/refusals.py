"""Word what a user reads when something is refused: what, got, allowed, fix."""

from __future__ import annotations

from engines.refusals import is_refusal, words_of


def sentence(error: Exception) -> str | None:
    """The message for *error*; None when it is a defect, whose traceback somebody needs."""
    if is_refusal(error):
        return words_of(error)
    from pulumi.config import ConfigMissingError

    if isinstance(error, ConfigMissingError):  # raised by a program that reads a setting which nobody gave
        return f"{error.key} is not set; allowed: a value. Fix: --set {error.key}=VALUE"
    return None
