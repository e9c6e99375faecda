"""Every environment variable between infrastructure and app, and the constants that both must agree on, spelt once.

Standard library only and quick to import: `stacks/` and `offline/` read it, and so does a server that has no wheels.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, Self

PORT = 8080
"""TCP port of every app process: the only one that the load balancer's security group opens towards the fleets."""

EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 - security groups decide who reaches a server
"""What a process on a server binds; offline each binds 127.0.0.1."""

HEALTH_PATH = "/health"
"""Liveness of the process, the same for every service of a fleet: one red check replaces the whole server."""

DRAIN_S = 60
"""Seconds from SIGTERM to the end: the target groups' deregistration delay and systemd's TimeoutStopSec."""

ALB_IDLE_S = 60
"""Seconds after which the load balancer closes a silent connection."""

KEEP_ALIVE_S = 75
"""Seconds for which the app keeps a silent connection: over ALB_IDLE_S, else the load balancer answers 502 at random.
AWS: Troubleshoot your Application Load Balancers, "HTTP 502: bad gateway"."""

SERVICES: Mapping[str, str] = MappingProxyType(
    {name: f"/{name}" for name in ("accounts", "catalog", "orders", "payments", "shipping", "feedback")}
)
"""Service -> the path that it owns, with everything below it."""

CALLED: Mapping[str, str] = MappingProxyType({name: f"/internal/{name}" for name in ("catalog", "payments")})
"""Service that others call -> the path of what they may ask: inside the VPC alone, and signed (app/calls/)."""

DATABASE_CONNECTIONS = 4
"""Of one process to one database server: enough for what one server's cores can ask at once, and few enough that all
servers of a fleet at its maximum get theirs (stacks/contradictions.py)."""

UPLOADS, OUTBOX = "uploads/", "outbox/"
"""What the keys of pictures as they were sent, and of letters that went out, begin with: nobody needs them for long."""
QUEUES: Mapping[str, int] = MappingProxyType(
    {"pictures": 45, "mail": 20, "shipping": 30, "statistics": 30, "sagas": 45}
)
"""Kind of work -> the longest that one job may take, in seconds: under DRAIN_S, so that SIGTERM loses no job."""


class ContractError(ValueError):
    """The environment is not the one that the app was promised; the message names every variable at fault."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable: what it holds, one good value, and how text becomes a value."""

    name: str
    meaning: str
    example: str
    parse: Callable[[str], Any]
    """Raises ValueError for text that is not allowed."""
    is_secret_arn: bool = False
    """The value names a secret in Secrets Manager; the secret itself is never in the environment."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShardMap:
    """Which table holds which shard, and the version that travels with every write."""

    version: int
    tables: Mapping[str, str]
    """Shard, keyed by meaning ("shard-00"), -> name of its DynamoDB table."""
    draining: tuple[str, ...] = ()
    """Shards that own no key any more: what is still in them is read, and moved, until they are empty."""


def _text(pattern: str) -> Callable[[Any], str]:
    def parse(text: Any) -> str:
        if not (isinstance(text, str) and re.fullmatch(pattern, text, re.ASCII)):
            raise ValueError(pattern)
        return text

    return parse


def _port(text: str) -> int:
    if not (re.fullmatch("[1-9][0-9]{0,4}", text) and int(text) <= 65_535):
        raise ValueError(text)
    return int(text)


_NAME = _text("[a-z0-9][a-z0-9-]*")
_HOST = _text(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
_IPV4 = _text(r"([0-9]{1,3}\.){3}[0-9]{1,3}")
_URL = _text(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?")
_QUEUE_URL = _text(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?/[0-9]{12}/[A-Za-z0-9_-]+(\.fifo)?")
_VERSION = _text("[A-Za-z0-9._-]{1,64}")
_TLS = _text("required|none")
_GATEWAY = _text("none|sandbox")
_LEVEL = _text("DEBUG|INFO|WARNING|ERROR")
_DATABASE = _text("[A-Za-z][A-Za-z0-9_]{0,62}")
_BUCKET = _text("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_TABLE = _text("[A-Za-z0-9_.-]{3,255}")
_SECRET_ARN = _text(r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+")
_TOPIC_ARN = _text(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+(\.fifo)?")
_QUEUE_EXAMPLE = json.dumps({kind: f"https://sqs.eu-west-1.amazonaws.com/123456789012/{kind}" for kind in QUEUES})


def _hosts(text: str) -> tuple[str, ...]:
    match json.loads(text):
        case list(hosts):
            return tuple(_HOST(host) for host in hosts)
    raise ValueError(text)


def _queue_urls(text: str) -> Mapping[str, str]:
    match json.loads(text):
        case dict(urls) if set(urls) == set(QUEUES):
            return {kind: _QUEUE_URL(urls[kind]) for kind in QUEUES}
    raise ValueError(text)


def _shard_map(text: str) -> ShardMap:
    match json.loads(text):
        case {"version": int(version), "tables": dict(tables), **rest} if version > 0 and rest.keys() <= {"draining"}:
            draining = tuple(_NAME(shard) for shard in rest.get("draining", ()))
            if set(draining) < tables.keys():
                return ShardMap(
                    version=version,
                    tables={_NAME(shard): _TABLE(tables[shard]) for shard in sorted(tables)},
                    draining=draining,
                )
    raise ValueError(text)


def _variable(name: str, parse: Callable[[str], Any], example: str, meaning: str) -> Any:
    variable = Variable(f"BIGPICTURE_{name}", meaning, example, parse, is_secret_arn=name.endswith("_SECRET_ARN"))
    return field(metadata={"variable": variable})


@dataclass(frozen=True, kw_only=True, slots=True)
class Contract:
    """What a process is told about its world. Nothing has a default: a guess would be another store's data.

    What a process *does* is not here but on its command line, `python -m app web --services ...`.
    """

    # fmt: off
    stack: str = _variable("STACK", _NAME, "sandbox", "the stack's name: lower-case letters, digits and '-'")
    region: str = _variable("REGION", _NAME, "eu-west-1", "the AWS region")
    version: str = _variable("VERSION", _VERSION, "3f1c9a0b7d52",
        "the artifact's version: letters, digits, '.', '_' and '-'")
    bind: str = _variable("BIND", _IPV4, "127.0.0.1", "the IPv4 address to serve on; 0.0.0.0 is every one")
    port: int = _variable("PORT", _port, "8080", "the TCP port to serve on, 1..65535")
    log_level: str = _variable("LOG_LEVEL", _LEVEL, "INFO", "DEBUG, INFO, WARNING or ERROR")
    public_url: str = _variable("PUBLIC_URL", _URL, "https://shop.example.org",
        "the store's address as customers type it, without a path")
    internal_url: str = _variable("INTERNAL_URL", _URL, "http://internal-calls-1.eu-west-1.elb.amazonaws.com",
        "the address at which services call each other, without a path")
    calls_secret_arn: str = _variable("CALLS_SECRET_ARN", _SECRET_ARN,
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:calls-AbCdEf",
        "the ARN of the secret that services sign their calls with")
    gateway_secret_arn: str = _variable("GATEWAY_SECRET_ARN", _SECRET_ARN,
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:gateway-AbCdEf",
        "the ARN of the secret that the payment gateway signs its answers with")
    payment_gateway: str = _variable("PAYMENT_GATEWAY", _GATEWAY, "sandbox",
        "none or sandbox: who takes the money; with none nothing can be bought, with sandbox all is paid in play money")
    tls: str = _variable("TLS", _TLS, "required",
        "required or none: whether database and cache speak TLS and must prove who they are; none on one machine only")
    database_host: str = _variable("DATABASE_HOST", _HOST, "db.example.eu-west-1.rds.amazonaws.com",
        "the primary's host: the only one that takes writes")
    database_port: int = _variable("DATABASE_PORT", _port, "5432",
        "the TCP port of the primary and of every replica, 1..65535")
    database_name: str = _variable("DATABASE_NAME", _DATABASE, "store",
        "the database: letters, digits and '_', a letter first, at most 63")
    database_secret_arn: str = _variable("DATABASE_SECRET_ARN", _SECRET_ARN,
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:database-AbCdEf",
        "the ARN of the secret with the database's user and password")
    database_reader_hosts: tuple[str, ...] = _variable("DATABASE_READER_HOSTS", _hosts,
        '["replica.example.rds.amazonaws.com"]',
        "a JSON list of the read replicas' hosts; [] without replicas")
    cache_host: str = _variable("CACHE_HOST", _HOST, "clustercfg.example.cache.amazonaws.com",
        "the host of the cache's configuration endpoint")
    cache_port: int = _variable("CACHE_PORT", _port, "6379", "the cache's TCP port, 1..65535")
    cache_secret_arn: str = _variable("CACHE_SECRET_ARN", _SECRET_ARN,
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:cache-AbCdEf",
        "the ARN of the secret with the cache's auth token")
    shard_map: ShardMap = _variable("SHARD_MAP", _shard_map, '{"version":1,"tables":{"shard-00":"shard-00-3f1c9a0"}}',
        "a JSON object: the map's version from 1, table names by shard, and which of these drain, if any")
    topic_arn: str = _variable("TOPIC_ARN", _TOPIC_ARN, "arn:aws:sns:eu-west-1:123456789012:events",
        "the ARN of the topic on which events are published")
    queue_urls: Mapping[str, str] = _variable("QUEUE_URLS", _queue_urls, _QUEUE_EXAMPLE,
        f"a JSON object of queue URLs for exactly {', '.join(QUEUES)}")
    pages_bucket: str = _variable("PAGES_BUCKET", _BUCKET, "pages-3f1c9a0", "the bucket with the static pages")
    pictures_bucket: str = _variable("PICTURES_BUCKET", _BUCKET, "pictures-3f1c9a0",
        "the bucket with the items' pictures")
    documents_bucket: str = _variable("DOCUMENTS_BUCKET", _BUCKET, "documents-3f1c9a0",
        "the bucket with invoices and outgoing mail, which nobody is served from")
    artifacts_bucket: str = _variable("ARTIFACTS_BUCKET", _BUCKET, "artifacts-3f1c9a0",
        "the bucket that this artifact came from")
    # fmt: on

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the contract; raises ContractError that lists every missing and every malformed variable at once."""
        values: dict[str, Any] = {}
        faults: list[str] = []
        for attribute, variable in variables().items():
            try:
                values[attribute] = variable.parse(environment[variable.name])
            except (KeyError, ValueError):
                faults.append(_fault(variable, environment.get(variable.name)))
        if faults:
            raise ContractError("\n".join(faults))
        return cls(**values)

    def to_environment(self) -> dict[str, str]:
        """Write the contract as variables; raises ContractError now for what the server would refuse at its start."""
        environment = {variable.name: _as_text(getattr(self, name)) for name, variable in variables().items()}
        self.from_environment(environment)
        return environment


def variables() -> dict[str, Variable]:
    """Map each attribute of `Contract` to its environment variable."""
    return {each.name: each.metadata["variable"] for each in fields(Contract)}


def _as_text(value: Any) -> str:
    if isinstance(value, ShardMap):
        leaving = {"draining": list(value.draining)} if value.draining else {}
        value = {"version": value.version, "tables": dict(value.tables), **leaving}
    if isinstance(value, Mapping):
        value = dict(value)
    return str(value) if isinstance(value, str | int) else json.dumps(value, separators=(",", ":"), sort_keys=True)


def _fault(variable: Variable, text: str | None) -> str:
    """Say what is wrong. The text of a secret's ARN stays unshown: somebody may have put the secret itself there."""
    got = "missing" if text is None else "not an ARN (not shown)" if variable.is_secret_arn else repr(text)
    return (
        f"{variable.name} is {got}; allowed: {variable.meaning}, such as {variable.example}. "
        "Fix: /etc/bigpicture/app.env, which the launch template's user data writes"
    )
