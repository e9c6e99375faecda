"""Say of one request what Elastic Load Balancing writes into its access log."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from offline.region.access import Answered

CLIENT_GONE = 460
"""The client closed the connection before it had an answer (ELB guide, "HTTP 460")."""


def entry(answered: Answered) -> str:
    """The fields in AWS's order, `-` for what is not here; of the address all but the query, which may hold a secret.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
    """
    noted, scope = answered.noted, answered.scope
    protocol, status = noted.get("protocol", "http"), str(answered.status or CLIENT_GONE)
    target = noted.get("target", "-")
    theirs = status if target != "-" and answered.status else "-"
    spent = ("0.000", f"{answered.first_s:.3f}", f"{answered.whole_s - answered.first_s:.3f}")
    host = answered.asked(b"host").partition(":")[0]
    address = f"{protocol}://{host}:{noted.get('port', '-')}{scope['raw_path'].decode('latin-1')}"
    request = f"{scope['method']} {address} HTTP/{scope['http_version']}"
    at = datetime.fromtimestamp(answered.at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    length = answered.asked(b"content-length")
    fields = (
        *(protocol, at, noted.get("balancer", "-"), "{}:{}".format(*scope["client"]), target),
        *(spent if target != "-" else ("-1",) * 3),
        *(status, theirs, length if length.isdigit() else "0", str(answered.sent)),
        *(_quoted(request), _quoted(answered.asked(b"user-agent")), "-", "-"),
        *(noted.get("group", "-"), _quoted(noted.get("trace", "-")), _quoted("-"), _quoted("-")),
        *(str(noted.get("priority", "-")), at, _quoted(noted.get("action", "-")), _quoted("-"), _quoted("-")),
        *(_quoted(target), _quoted(theirs), _quoted("-"), _quoted("-"), "-"),
    )
    return " ".join(fields)


def _quoted(text: str) -> str:
    """In quotes; what would end the line or the quotes as its number."""
    clean = re.sub(r'[^ -~]|["\\]', lambda found: f"\\x{ord(found[0]):02x}", text)
    return f'"{clean}"'
