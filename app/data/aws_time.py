"""The time by AWS's clock, for all that the SDK signs and holds to be valid: boto3 believes this machine's clock alone.

A request whose date is minutes off is refused, a form that was signed an hour ago is dead. AWS's other SDKs correct
their clock by the Date of an answer; this one does not: https://github.com/boto/boto3/issues/1252
"""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import boto3
import botocore.auth
import botocore.signers
import botocore.utils
from botocore.compat import get_current_datetime
from botocore.credentials import RefreshableCredentials

from app import log

HARMLESS = timedelta(seconds=60)
"""AWS takes five minutes (IAM User Guide, "AWS Signature Version 4 for API requests"); an answer is seconds old."""

_ahead = timedelta()


def ahead() -> timedelta:
    """By how much AWS's clock is ahead of this machine's, as far as its answers have told."""
    return _ahead


def now(remove_tzinfo: bool = True) -> datetime:
    """AWS's time in UTC; the place of botocore's function of the same parameter."""
    return get_current_datetime(remove_tzinfo) + _ahead


def keep(session: boto3.Session) -> None:
    """Let *session* learn AWS's time from every answer, whatever it says, and go by it."""
    session.events.register("after-call", _learn)
    for module in (botocore.auth, botocore.signers, botocore.utils):
        vars(module)["get_current_datetime"] = now
    credentials = session.get_credentials()
    if isinstance(credentials, RefreshableCredentials):
        credentials._time_fetcher = lambda: now(remove_tzinfo=False)  # noqa: SLF001  else they die an hour unnoticed


def _learn(http_response: Any, **_: Any) -> None:
    global _ahead  # noqa: PLW0603  one machine has one clock
    date = http_response.headers.get("Date")
    told = parsedate_to_datetime(date).astimezone(UTC) - get_current_datetime(False) if date else _ahead
    if abs(told - _ahead) > HARMLESS:
        _ahead = told
        log.event("clock corrected", ahead_s=round(told.total_seconds()))
