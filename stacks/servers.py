"""Build what runs the app: fleets of stateless servers and of workers, each with exactly what it may use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pulumi

from app.contract import DRAIN_S, EVERY_ADDRESS, PORT, QUEUES, Contract, ShardMap
from components.cdn import Cdn
from components.fleet import Connection, Fleet, FleetArgs, ServerLog, Target, Targets
from components.network import Network
from components.workers import Backlog, Workers, WorkersArgs
from stacks.calls import Calls
from stacks.data import Buckets, Data
from stacks.edge import Entry
from stacks.facts import Facts
from stacks.grants import CALLERS, SERVICE_NEEDS, WORKER_NEEDS, needs_of
from stacks.knobs import Range
from stacks.messaging import Messaging
from stacks.presets import app_fleets, worker_fleets
from stacks.settings import PROJECT, Settings
from stacks.tagging import tags
from stacks.user_data import START_S, cloud_config

HTTPS = 443
BOOT_GRACE_S = 300
"""Seconds for AL2023 to boot, install Python and fetch the artifact, before a red health check replaces the server."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Neighbours:
    """Everything that servers talk to."""

    network: Network
    front: Entry
    inside: Calls
    stores: Buckets
    data: Data
    events: Messaging
    site: Cdn


@dataclass(frozen=True, kw_only=True, slots=True)
class Servers:
    """The fleets by name."""

    apps: Mapping[str, Fleet]
    workers: Mapping[str, Workers]


def servers(settings: Settings, known: Facts, around: Neighbours, alarm_topic_arn: pulumi.Output[str]) -> Servers:
    """One fleet for all services and one for all queues, or one for each, as the scaling says."""
    plan = _Plan(settings, known, around, alarm_topic_arn)
    apps = {name: _app_fleet(plan, name, services) for name, services in app_fleets(settings.scaling).items()}
    workers = {name: _workers(plan, name, kinds) for name, kinds in worker_fleets(settings.scaling).items()}
    return Servers(apps=apps, workers=workers)


@dataclass(frozen=True, slots=True)
class _Duty:
    """One fleet, by its name, and what its servers run."""

    fleet: str
    command: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    settings: Settings
    known: Facts
    around: Neighbours
    alarm_topic_arn: pulumi.Output[str]


def _app_fleet(plan: _Plan, name: str, services: tuple[str, ...]) -> Fleet:
    p, needs = plan.settings.preset, needs_of(SERVICE_NEEDS, services)
    targets = _targets(plan.around, services, p.requests_per_server_minute)
    duty = _Duty(f"app-{name}", f"web --services {','.join(services)}", services)
    return Fleet(duty.fleet, _fleet_args(plan, duty, needs, p.app_server_type, p.app_servers, targets))


def _targets(around: Neighbours, services: tuple[str, ...], requests_per_server_minute: int) -> Targets:
    """The services' groups behind the load balancer of the customers, and behind the internal one what is called."""
    front, inside = around.front.balancer, around.inside.balancer
    called = {f"internal-{name}": inside.target_groups[name] for name in services if name in inside.target_groups}
    groups = {**{name: front.target_groups[name] for name in services}, **called}
    return Targets(
        groups={name: Target(arn=group.arn, label=group.label) for name, group in groups.items()},
        sources={
            "balancer": front.security_group_id,
            **({"internal-balancer": inside.security_group_id} if called else {}),
        },
        requests_per_server_minute=requests_per_server_minute,
    )


def _workers(plan: _Plan, name: str, kinds: tuple[str, ...]) -> Workers:
    p = plan.settings.preset
    needs = needs_of(WORKER_NEEDS, kinds)
    duty = _Duty(f"worker-{name}", f"worker --queues {','.join(kinds)}", kinds)
    args = _fleet_args(plan, duty, needs, p.worker_server_type, p.worker_servers, None)
    queues = plan.around.events.queues
    backlog = Backlog(
        queue_names={kind: queues[kind].name for kind in kinds},
        max_job_s={kind: QUEUES[kind] for kind in kinds},
        latency_s=p.queue_latency_s,
    )
    return Workers(duty.fleet, WorkersArgs(fleet=args, backlog=backlog, drain_s=DRAIN_S))


def _fleet_args(
    plan: _Plan, duty: _Duty, needs: frozenset[str], server_type: str, size: Range, targets: Targets | None
) -> FleetArgs:
    around, p = plan.around, plan.settings.preset
    policies = _policies(around)
    log = _log(plan.settings, duty)
    return FleetArgs(
        vpc_id=around.network.vpc_id,
        subnet_ids=around.network.app_subnet_ids,
        image=plan.known.image,
        instance_type=server_type,
        min_servers=size.min,
        max_servers=size.max,
        user_data=_user_data(plan.settings, around, duty.command, log.name if log else None),
        log=log,
        port=PORT,
        targets=targets,
        connections=_connections(around, needs, calls=not CALLERS.isdisjoint(duty.members)),
        policies={need: policies[need] for need in sorted(needs)},
        root_volume_gb=p.root_volume_gb,
        target_cpu_percent=p.target_cpu_percent,
        cpu_credits=p.cpu_credits,
        boot_grace_s=BOOT_GRACE_S if targets else BOOT_GRACE_S + START_S,  # until a worker that fails is off
        drain_s=DRAIN_S,
        tags=tags(plan.settings),
        alarm_topic_arn=plan.alarm_topic_arn,
    )


def _log(settings: Settings, duty: _Duty) -> ServerLog | None:
    """The fleet's own log group, where the stack keeps logs; its name is known before the fleet is."""
    if not settings.preset.access_logs:
        return None
    name = f"/{PROJECT}/{settings.stack}/{duty.fleet}"
    return ServerLog(name=name, retention_days=settings.preset.log_retention_days)


def _policies(around: Neighbours) -> dict[str, pulumi.Output[str]]:
    """Every permission that a part of the store may need, by the names that `stacks/grants.py` uses."""
    queues = around.events.queues
    return {
        "artifacts": around.stores.artifacts.read_policy,
        "pictures": around.stores.pictures.write_policy,
        "documents": around.stores.documents.write_policy,
        "database": around.data.database.read_secret_policy,
        "sessions": around.data.sessions.read_secret_policy,
        "tables": around.data.customers.access_policy,
        "publish": around.events.bus.publish_policy,
        "calls": around.inside.calls.read_policy,
        "gateway": around.inside.gateway.read_policy,
        **{f"send-{kind}": queue.send_policy for kind, queue in queues.items()},
        **{f"consume-{kind}": queue.consume_policy for kind, queue in queues.items()},
    }


def _connections(around: Neighbours, needs: Iterable[str], *, calls: bool) -> dict[str, Connection]:
    """What the fleet may open connections to: stores, other services, and AWS's APIs where the VPC has them."""
    database, sessions, apis = around.data.database, around.data.sessions, around.network.endpoint_security_group_id
    inside = around.inside.balancer
    reachable = {
        "database": Connection(security_group_id=database.security_group_id, port=database.port),
        "sessions": Connection(security_group_id=sessions.security_group_id, port=sessions.port),
    }
    needed = {name: connection for name, connection in reachable.items() if name in needs}
    if calls:
        needed["services"] = Connection(security_group_id=inside.security_group_id, port=inside.port)
    return needed if apis is None else {**needed, "apis": Connection(security_group_id=apis, port=HTTPS)}


def _user_data(settings: Settings, around: Neighbours, command: str, log_group: str | None) -> pulumi.Output[str]:
    """What a server does at its first boot; plain text, base64 is the launch template's business."""
    stores, data, events = around.stores, around.data, around.events
    facts = pulumi.Output.all(
        public_url=around.site.url,
        internal_url=around.inside.balancer.url,
        calls_secret_arn=around.inside.calls.arn,
        gateway_secret_arn=around.inside.gateway.arn,
        database_host=data.database.writer_host,
        database_name=data.database.database_name,
        database_secret_arn=data.database.secret_arn,
        database_reader_hosts=data.database.reader_hosts,
        cache_host=data.sessions.host,
        cache_secret_arn=data.sessions.secret_arn,
        shard_map=data.customers.shard_map,
        topic_arn=events.bus.arn,
        queue_urls=pulumi.Output.all(**{kind: queue.url for kind, queue in events.queues.items()}),
        pages_bucket=stores.pages.name,
        pictures_bucket=stores.pictures.name,
        documents_bucket=stores.documents.name,
        artifacts_bucket=stores.artifacts.name,
    )
    return pulumi.Output.all(facts, stores.artifact_key).apply(
        lambda known: cloud_config(
            role_command=command,
            environment=_contract(settings, around, known[0]).to_environment(),
            artifact_bucket=known[0]["artifacts_bucket"],
            artifact_key=known[1],
            region=settings.region,
            log_group=log_group,
        )
    )


def _contract(settings: Settings, around: Neighbours, known: Mapping[str, object]) -> Contract:
    values = dict(known)
    values["shard_map"] = ShardMap(**values["shard_map"])  # pyright: ignore[reportCallIssue]  a mapping from the table
    return Contract(
        stack=settings.stack,
        region=settings.region,
        version=around.stores.artifact.sha256[:12],
        bind=EVERY_ADDRESS,
        port=PORT,
        log_level="INFO",
        payment_gateway=settings.preset.payment_gateway,
        tls="required",
        database_port=around.data.database.port,
        cache_port=around.data.sessions.port,
        **values,  # pyright: ignore[reportArgumentType]  outputs, known once deployed; Contract checks each of them
    )
