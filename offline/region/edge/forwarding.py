"""Say what of a viewer's request an origin gets: path, query, headers and cookies, as the behaviour's policies say."""

from __future__ import annotations

from typing import Any

from offline.region.edge.cache import Asked, counts
from offline.region.edge.table import Behavior, Origin
from offline.region.exchange import HOP_BY_HOP, Headers, without

OURS = {b"cloudfront-forwarded-proto", b"cloudfront-viewer-address", b"via", b"x-amz-cf-id"}
"""Headers that only the edge may write: what a viewer sends of them does not pass."""
FRAMING = {b"content-length", b"transfer-encoding"}
PARTED = {b"host", b"x-forwarded-for", b"cookie"}
"""Headers that are made anew."""


def asked(scope: dict[str, Any]) -> Asked:
    """What of a request may be in the cache's key."""
    return Asked(
        path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]],
    )


def query(scope: dict[str, Any], behavior: Behavior) -> bytes:
    """The parameters that go on, in their order; all of them as they came."""
    sent, held = scope["query_string"], (behavior.cache.query, behavior.forwarded.query)
    if any(each.behavior == "all" for each in held):
        return sent
    parts = [each for each in sent.decode("latin-1").split("&") if each]
    return "&".join(each for each in parts if _is_among(held, each)).encode("latin-1")


def headers(scope: dict[str, Any], behavior: Behavior, origin: Origin) -> Headers:
    """What the behaviour lets through, what CloudFront adds, and the origin's own in the place of a viewer's."""
    own = [(name.lower().encode(), value.encode()) for name, value in origin.headers]
    viewer = without(scope["headers"], HOP_BY_HOP | OURS | {name for name, _ in own})
    came_from = [value for name, value in viewer if name == b"x-forwarded-for"]
    host = dict(viewer).get(b"host", b"") if _passes(behavior, "host") else origin.host.encode()
    address, port = scope["client"]
    told = {"cloudfront-forwarded-proto": "https", "cloudfront-viewer-address": f"{address}:{port}"}
    return [
        (b"host", host),
        *_passed(viewer, behavior),
        *_cookies(viewer, behavior),
        (b"x-forwarded-for", b", ".join([*came_from, address.encode()])),
        (b"via", b"1.1 edge (CloudFront)"),
        *((name.encode(), told[name].encode()) for name in behavior.forwarded.told),
        *own,
    ]


def _passed(viewer: Headers, behavior: Behavior) -> Headers:
    parts = without(viewer, PARTED)
    return [(name, value) for name, value in parts if name in FRAMING or _passes(behavior, name.decode("latin-1"))]


def _cookies(viewer: Headers, behavior: Behavior) -> Headers:
    held = (behavior.cache.cookies, behavior.forwarded.cookies)
    values = [value.decode("latin-1") for name, value in viewer if name == b"cookie"]
    sent = [each.strip() for value in values for each in value.split(";") if each.strip()]
    kept = "; ".join(each for each in sent if _is_among(held, each)).encode("latin-1")
    return [(b"cookie", kept)] if kept else []


def _passes(behavior: Behavior, header: str) -> bool:
    """What is in the key goes on to the origin as well (CloudFront Developer Guide, "Understand cache policies")."""
    return counts(behavior.forwarded.headers, header) or header in behavior.cache.headers


def _is_among(held: Any, pair: str) -> bool:
    """Whether one of the policies counts what stands before the `=`."""
    return any(counts(each, pair.partition("=")[0]) for each in held)
