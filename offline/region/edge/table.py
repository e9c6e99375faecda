"""What the edge is told: behaviours by path, and the origins behind them."""

from __future__ import annotations

import msgspec

ORDERS, READY, INVALIDATIONS = "orders.json", "ready", "invalidations.json"


class Parameters(msgspec.Struct, frozen=True, kw_only=True):
    """Which parameters of a query, which cookies or which headers count."""

    behavior: str = "none"
    """CloudFront's word: none, whitelist, allExcept, all."""
    names: tuple[str, ...] = ()


class CachePolicy(msgspec.Struct, frozen=True, kw_only=True):
    """What tells answers apart, and for how many seconds they are kept."""

    minimum_s: float = 0.0
    default_s: float = 0.0
    maximum_s: float = 0.0
    headers: tuple[str, ...] = ()
    """In lower case."""
    cookies: Parameters = Parameters()
    query: Parameters = Parameters()
    gzip: bool = False
    brotli: bool = False


class Forwarded(msgspec.Struct, frozen=True, kw_only=True):
    """What of a viewer's request goes on to the origin, beside what is in the cache's key."""

    headers: Parameters = Parameters()
    """Names in lower case; the Host is one of them."""
    cookies: Parameters = Parameters()
    query: Parameters = Parameters()
    told: tuple[str, ...] = ()
    """CloudFront's own headers, in lower case, which go on too."""


class Invalidation(msgspec.Struct, frozen=True, kw_only=True):
    """Paths whose answers are to be forgotten."""

    id: str
    paths: tuple[str, ...]


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Where requests are sent on to."""

    address: str
    port: int
    host: str
    """Its own name, for requests that do not bring the viewer's Host."""
    prefix: str = ""
    """In front of every path: OriginPath, and for a bucket its name."""
    headers: tuple[tuple[str, str], ...] = ()
    """Added to every request: the secret that the load balancer asks for."""
    read_s: float = 30.0
    missing: int = 0
    """Status with which a bucket says that it has no such key: 404, or 403 to who may not list it; 0 is no bucket."""


class OriginGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Two origins, of which the second is asked where the first fails."""

    first: str
    second: str
    statuses: tuple[int, ...]
    """By which the first fails."""


class ErrorPage(msgspec.Struct, frozen=True, kw_only=True):
    """What a viewer sees in the place of an error."""

    path: str
    status: int


class Behavior(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of requests for paths of one pattern."""

    pattern: str
    origin: str
    methods: tuple[str, ...]
    forwarded: Forwarded = Forwarded()
    added: tuple[tuple[str, str], ...] = ()
    """Headers of the response headers policy."""
    removed: tuple[str, ...] = ()
    """Names, in lower case, of the headers that this policy keeps from viewers."""
    cache: CachePolicy = CachePolicy()
    compress: bool = False


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """All that one distribution does; the last behaviour is the default."""

    address: str
    port: int
    root_object: str
    behaviors: tuple[Behavior, ...]
    origins: dict[str, Origin]
    groups: dict[str, OriginGroup] = {}
    """Of origins; a behaviour names one as it names an origin."""
    errors: dict[int, float] = {}
    """Status -> seconds for which it is kept."""
    pages: dict[int, ErrorPage] = {}
    """Status -> what is shown for it, whichever behaviour it comes by."""
