"""Keep answers as a distribution's cache policies say: by which key, for how long, until they are invalidated."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from offline.region.edge.table import CachePolicy, Parameters
from offline.region.exchange import Headers

MOST_BYTES = 64 * 2**20
"""Of all answers together; the least recently used go first."""
Key = tuple[str, str, tuple[str, ...], tuple[tuple[str, str], ...], tuple[str, ...], str]
"""Host of the origin, path, query, headers, cookies, and the encodings that the viewer takes."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a request may be in the key."""

    path: str
    query: str
    headers: Sequence[tuple[str, str]]
    """Names in lower case."""

    def values(self, name: str) -> list[str]:
        """Every value of one header."""
        return [value for header, value in self.headers if header == name]


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer."""

    status: int
    headers: Headers
    body: bytes
    since: float
    until: float


def key(origin: str, policy: CachePolicy, asked: Asked) -> Key:
    """What tells one answer from another (CloudFront Developer Guide, "Understand cache policies").

    Parameters of the query count in their order, cookies by name; a header that is not sent is no part of it.
    """
    headers = tuple((name, value) for name in sorted(policy.headers) for value in asked.values(name))
    return (origin, asked.path, query(policy, asked), headers, cookies(policy, asked), encodings(policy, asked))


def query(policy: CachePolicy, asked: Asked) -> tuple[str, ...]:
    """The parameters of the query that count."""
    return tuple(each for each in asked.query.split("&") if each and counts(policy.query, each.partition("=")[0]))


def cookies(policy: CachePolicy, asked: Asked) -> tuple[str, ...]:
    """The cookies that count, sorted."""
    sent = [each.strip() for value in asked.values("cookie") for each in value.split(";")]
    return tuple(sorted(each for each in sent if each and counts(policy.cookies, each.partition("=")[0])))


def encodings(policy: CachePolicy, asked: Asked) -> str:
    """`br,gzip`, `gzip`, `br` or nothing: what of the viewer's Accept-Encoding the policy looks at."""
    words = {word.partition(";")[0].strip() for value in asked.values("accept-encoding") for word in value.split(",")}
    looked_at = {"br": policy.brotli, "gzip": policy.gzip}
    return ",".join(word for word, wanted in looked_at.items() if wanted and word in words)


def counts(parameters: Parameters, name: str) -> bool:
    """Whether what is called *name* is among them."""
    match parameters.behavior:
        case "all":
            return True
        case "whitelist":
            return name in parameters.names
        case "allExcept":
            return name not in parameters.names
    return False


def lifetime(policy: CachePolicy, headers: Sequence[tuple[str, str]]) -> float:
    """Seconds for which an answer is kept (CloudFront guide, "Manage how long content stays in the cache")."""
    words = [word.strip().lower() for name, value in headers if name == "cache-control" for word in value.split(",")]
    if any(name == "vary" and value.strip() == "*" for name, value in headers):
        return 0.0
    if {"no-cache", "no-store", "private"} & {word.partition("=")[0] for word in words}:
        return policy.minimum_s
    told = dict(word.split("=", 1) for word in words if "=" in word)
    asked = told.get("s-maxage", told.get("max-age", ""))
    wanted = float(asked) if asked.isdigit() else policy.default_s
    return max(policy.minimum_s, min(wanted, policy.maximum_s))


class Cache:
    """Answers by key."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """By *clock* answers grow old."""
        self.clock = clock
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._bytes = 0

    def find(self, wanted: Key) -> Kept | None:
        """What is kept and not too old."""
        found = self._kept.get(wanted)
        if found is None:
            return None
        if self.clock() >= found.until:
            self._drop(wanted)
            return None
        self._kept.move_to_end(wanted)
        return found

    def keep(self, wanted: Key, answer: Kept) -> None:
        """Keep an answer, and no more than MOST_BYTES in all."""
        self._drop(wanted)
        self._kept[wanted] = answer
        self._bytes += len(answer.body)
        while self._bytes > MOST_BYTES:
            self._drop(next(iter(self._kept)))

    def invalidate(self, paths: Sequence[str]) -> None:
        """Forget every answer to one of *paths*; `*` at the end stands for anything, a query's included."""
        patterns = [re.compile(re.escape(each).replace(r"\*", ".*"), re.DOTALL) for each in paths]
        for wanted in [*self._kept]:
            _, path, parameters, *_ = wanted
            whole = "?".join(part for part in (path, "&".join(parameters)) if part)
            if any(pattern.fullmatch(path) or pattern.fullmatch(whole) for pattern in patterns):
                self._drop(wanted)

    def _drop(self, wanted: Key) -> None:
        gone = self._kept.pop(wanted, None)
        self._bytes -= len(gone.body) if gone else 0
