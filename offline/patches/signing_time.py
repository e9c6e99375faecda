"""Signature Version 4: a server whose clock is minutes off is refused, since its requests have a wrong date."""

from datetime import UTC, datetime, timedelta
from typing import Any

from moto.core.utils import get_service_model
from moto.s3.exceptions import S3ClientError

from offline.patches.overlay import Refusal

DATE = "%Y%m%dT%H%M%SZ"
MOST, MOST_OF_S3 = timedelta(minutes=5), timedelta(minutes=15)
"""IAM User Guide, "AWS Signature Version 4 for API requests"; S3 API, "Error responses", RequestTimeTooSkewed."""


def demand_s3(headers: Any) -> None:
    """Raise what S3 answers to a request of another time."""
    if abs(_off(headers)) > MOST_OF_S3:
        text = "The difference between the request time and the current time is too large."
        raise S3ClientError("RequestTimeTooSkewed", text)


def refusal(response: Any) -> Refusal | None:
    """What any other service answers to a request of another time, in its own words; None for one of now."""
    off = _off(response.headers)
    if abs(off) <= MOST:
        return None
    json = get_service_model(response.boto3_service_name).protocol == "json"
    when = "expired" if off < timedelta() else "not yet current"
    return Refusal("InvalidSignatureException" if json else "SignatureDoesNotMatch", f"Signature {when}")


def _off(headers: Any) -> timedelta:
    """By how much the request's date is ahead of this machine's clock; nothing where it has none, as a form has."""
    date = headers.get("X-Amz-Date")
    return datetime.strptime(date, DATE).replace(tzinfo=UTC) - datetime.now(UTC) if date else timedelta()
