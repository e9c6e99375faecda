"""Choose the rule that a request meets, as Elastic Load Balancing does."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address, ip_network

from offline.region.balancer.table import Condition, Listener, Rule


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What of a request rules look at."""

    method: str
    path: str
    """Without the query."""
    query: str
    headers: Sequence[tuple[str, str]]
    """Names in lower case."""
    source: str
    """Who opened the connection, whatever X-Forwarded-For says."""

    def values(self, header: str) -> list[str]:
        """Every value of one header."""
        return [value for name, value in self.headers if name == header.lower()]

    @property
    def host(self) -> str:
        """The Host header without its port."""
        return (self.values("host") or [""])[0].partition(":")[0]


def met(listener: Listener, asked: Asked) -> Rule:
    """The first rule whose conditions all hold; the default has none and always holds."""
    return next(rule for rule in listener.rules if all(_holds(each, asked) for each in rule.conditions))


def location(text: str, listener: Listener, asked: Asked) -> str:
    """A redirect's address, its placeholders filled in; a port and a query that go without saying are left out."""
    filled = {
        "protocol": listener.protocol.lower(),
        "host": asked.host,
        "port": str(listener.port),
        "path": asked.path.removeprefix("/"),
        "query": asked.query,
    }
    whole = re.sub(r"#\{(\w+)\}", lambda found: filled[found[1]], text)
    scheme, _, rest = whole.partition("://")
    usual = {"http": ":80", "https": ":443"}[scheme.lower()]
    return f"{scheme.lower()}://{re.sub(rf'{usual}(?=/)', '', rest, count=1)}".removesuffix("?")


def drawn(groups: Mapping[str, int], point: float) -> str:
    """The group whose share of the weights holds *point*, from 0 to below 1; empty where every weight is 0."""
    ends = [*itertools.accumulate(groups.values())]
    return [*groups][bisect.bisect(ends, point * ends[-1])] if ends[-1] else ""


def _holds(condition: Condition, asked: Asked) -> bool:
    """Paths and methods are compared with their case, all else without (ELB guide, "Condition types")."""
    match condition.field:
        case "source-ip":
            return any(ip_address(asked.source) in ip_network(each, strict=False) for each in condition.values)
        case "query-string":
            return _has_pair(condition, asked.query)
        case "path-pattern":
            found, folded = [asked.path], False
        case "host-header":
            found, folded = [asked.host], True
        case "http-header":
            found, folded = asked.values(condition.header), True
        case _:
            found, folded = [asked.method], False
    return any(_pattern(wanted, folded=folded).fullmatch(each) for wanted in condition.values for each in found)


def _has_pair(condition: Condition, query: str) -> bool:
    """Whether one of the pairs stands in the query (ELBv2 API, QueryStringConditionConfig)."""
    pairs = [part.partition("=")[::2] for part in query.split("&")]
    return any(
        _pattern(key or "*", folded=True).fullmatch(name) and _pattern(wanted, folded=True).fullmatch(value)
        for key, wanted in zip(condition.keys, condition.values, strict=True)
        for name, value in pairs
    )


@cache
def _pattern(text: str, *, folded: bool) -> re.Pattern[str]:
    r"""`*` stands for any number of characters, `?` for one; `\*` and `\?` for themselves."""
    known = {"?": ".", "*": ".*", r"\?": r"\?", r"\*": r"\*"}
    parts = (known.get(part, re.escape(part)) for part in re.split(r"(\\?[*?])", text))
    return re.compile("".join(parts), re.DOTALL | (re.IGNORECASE if folded else 0))
