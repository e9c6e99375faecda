"""Say of one request what CloudFront writes into its standard log."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import quote

from offline.region.access import Answered


def entry(answered: Answered) -> str:
    """The 33 fields in AWS's order, `-` for what is not here; neither cookies nor queries, which may hold secrets.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
    """
    scope, at = answered.scope, datetime.fromtimestamp(answered.at, UTC)
    (client, port), host = scope["client"], _clean(answered.asked(b"host"))
    result, status = _result(answered), f"{answered.status:03}"
    length, type_ = (
        answered.headers.get(name, b"-").decode("latin-1") for name in (b"content-length", b"content-type")
    )
    received = answered.asked(b"content-length")
    return "\t".join(
        (
            *(at.strftime("%Y-%m-%d"), at.strftime("%H:%M:%S"), "HERE1-P1", str(answered.sent), client),
            *(scope["method"], host, _clean(scope["raw_path"].decode("latin-1")), status),
            *(_clean(answered.asked(b"referer").partition("?")[0]), _clean(answered.asked(b"user-agent")), "-", "-"),
            *(result, "-", host, "http", received if received.isdigit() else "0", f"{answered.whole_s:.3f}"),
            *("-", "-", "-", result, f"HTTP/{scope['http_version']}", "-", "-", str(port), f"{answered.first_s:.3f}"),
            *(result, _clean(type_), _clean(length), "-", "-"),
        )
    )


def _result(answered: Answered) -> str:
    """x-edge-result-type: Hit, Miss, or Error."""
    if not answered.status or answered.status >= HTTPStatus.BAD_REQUEST:
        return "Error"
    return "Hit" if answered.headers.get(b"x-cache", b"").startswith(b"Hit") else "Miss"


def _clean(text: str) -> str:
    """What would end a field by its number, as in an address."""
    return quote(text, safe="!#$%&'()*+,/:;=?@[]~", encoding="latin-1")
