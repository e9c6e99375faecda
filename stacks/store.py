"""Compose the store: build every box of the picture and wire them, in the order in which one needs another."""

from __future__ import annotations

import pulumi

from components.network import Network, NetworkArgs
from stacks import facts, money
from stacks.calls import calls
from stacks.connections import refuse_too_many_servers
from stacks.data import buckets, data
from stacks.edge import edge, entry
from stacks.knobs import WORDS
from stacks.messaging import messaging
from stacks.servers import Neighbours, Servers, servers
from stacks.settings import Settings, current
from stacks.tagging import tag_everything, tags
from stacks.watch import AlarmTopics, alarm_topics, watch


def build() -> None:
    """Build the whole store and export its endpoints; bad settings are refused before the first resource."""
    settings = current()
    money.warn(settings)
    refuse_too_many_servers(settings)
    known = facts.ask(settings)
    tag_everything(tags(settings))
    alarms = alarm_topics(settings)
    network = _network(settings, known)
    stores = buckets(settings)
    front = entry(settings, known, network, stores, alarms.regional_arn)
    held = data(settings, network, alarms.regional_arn)
    events = messaging(alarms.regional_arn)
    inside = calls(settings, network, stores, alarms.regional_arn)
    site = edge(settings, front, stores, alarms.edge_arn)
    neighbours = Neighbours(
        network=network, front=front, inside=inside, stores=stores, data=held, events=events, site=site
    )
    fleets = servers(settings, known, neighbours, alarms.regional_arn)
    watch(settings, neighbours, fleets, alarms)
    _export(neighbours, fleets, alarms)
    pulumi.export("deployed_as", {word: getattr(settings, word) for word in WORDS})


def _network(settings: Settings, known: facts.Facts) -> Network:
    p = settings.preset
    return Network(
        "network",
        NetworkArgs(
            cidr=settings.vpc_cidr,
            zones=known.zones,
            region=settings.region,
            nat_gateways=p.nat_gateways,
            interface_endpoints=p.interface_endpoints,
            flow_log_retention_days=p.log_retention_days if p.flow_logs else None,
        ),
    )


def _export(around: Neighbours, fleets: Servers, alarms: AlarmTopics) -> None:
    """Everything a person or a script asks for after `up`; no secret is among it, only the ARNs of secrets."""
    data, events = around.data, around.events
    exports = {
        "url": around.site.url,
        "distribution_id": around.site.distribution_id,
        "balancer_dns_name": around.front.balancer.dns_name,
        "internal_url": around.inside.balancer.url,
        "calls_secret_arn": around.inside.calls.arn,
        "gateway_secret_arn": around.inside.gateway.arn,
        "vpc_id": around.network.vpc_id,
        "pages_bucket": around.stores.pages.name,
        "pictures_bucket": around.stores.pictures.name,
        "documents_bucket": around.stores.documents.name,
        "artifacts_bucket": around.stores.artifacts.name,
        "sessions_host": data.sessions.host,
        "database_writer_host": data.database.writer_host,
        "database_reader_hosts": data.database.reader_hosts,
        "database_secret_arn": data.database.secret_arn,
        "sessions_secret_arn": data.sessions.secret_arn,
        "shard_map": data.customers.shard_map,
        "topic_arn": events.bus.arn,
        "queue_urls": {kind: queue.url for kind, queue in events.queues.items()},
        "app_fleets": {name: fleet.group_name for name, fleet in fleets.apps.items()},
        "worker_fleets": {name: workers.fleet.group_name for name, workers in fleets.workers.items()},
        "alarm_recipient": alarms.recipient,
        **({"name_servers": around.front.dns.name_servers} if around.front.dns else {}),
    }
    for name, value in exports.items():
        pulumi.export(name, value)
