"""What the proxy is told: listeners with their rules, and target groups with their targets."""

from __future__ import annotations

import msgspec


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """How a target group asks whether a target is well."""

    path: str
    interval_s: float
    timeout_s: float
    healthy_after: int
    """Successes in a row that make an unhealthy target healthy."""
    unhealthy_after: int
    codes: str
    """Good answers, as ELB writes them: `200`, `200,202` or `200-299`."""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """One registered server."""

    id: str
    address: str
    port: int


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """One target group."""

    arn: str
    check: Check
    targets: tuple[Target, ...]
    drain_s: float = 300.0
    """How long a target that left may finish what it was asked before."""
    slow_start_s: float = 0.0
    """How long a new target's share grows, from nothing to that of the others."""


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """What a request must have for a rule to hold: one of the values."""

    field: str
    """ELB's name: path-pattern, host-header, http-header, http-request-method, query-string, source-ip."""
    values: tuple[str, ...]
    header: str = ""
    keys: tuple[str, ...] = ()
    """Of a query: the key that must have the value in the same place; an empty one is any."""


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of the request: forwarded to a group where there are some, else answered."""

    groups: dict[str, int] = {}
    """Group's ARN -> its weight among all of them."""
    status: int = 0
    content_type: str = "text/plain"
    body: str = ""
    location: str = ""
    """A redirect's, with ELB's placeholders `#{host}`, `#{path}`, `#{port}`, `#{protocol}`, `#{query}`."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """All conditions hold: the action is taken."""

    conditions: tuple[Condition, ...]
    action: Action
    priority: int = 0
    """0 is the default's, which is tried last."""


class Listener(msgspec.Struct, frozen=True, kw_only=True):
    """One port, its rules in the order in which they are tried, the default last."""

    port: int
    protocol: str
    rules: tuple[Rule, ...]


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """All that one load balancer does."""

    name: str
    """As access logs have it: `app/front/50dc6c495c0c9188`."""
    listeners: tuple[Listener, ...]
    groups: tuple[Group, ...]
    idle_s: float


ORDERS, HEALTH = "orders.json", "health.json"
"""Between the region's supervisor and the proxy: what it is told, and what it says."""


class Orders(msgspec.Struct, frozen=True, kw_only=True):
    """What the proxy's process is told."""

    version: int
    address: str
    ports: dict[int, int]
    """Port of a listener -> port on this machine."""
    table: Table


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """What the proxy says: how far it has read, and how every target is."""

    version: int
    states: dict[str, dict[str, str]]
    """Group's ARN -> target -> initial, healthy or unhealthy; draining while one that left finishes its requests."""
    requests: dict[str, int] = {}
    """Group's ARN -> requests that a target of it was chosen for, since the proxy began."""
