"""Build what watches the store: who is told, one dashboard over all boxes, and a budget."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.alarm_topic import AlarmTopic, AlarmTopicArgs
from components.observability import Observability, ObservabilityArgs
from stacks.servers import Neighbours, Servers
from stacks.settings import Settings

EDGE_REGION = "us-east-1"
"""Where CloudFront, WAF and their alarms live, whatever the stack's region (CloudFront Developer Guide, monitoring)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmTopics:
    """Where alarms are sent: in the stack's own region, and in the region of the edge."""

    regional_arn: pulumi.Output[str]
    edge_arn: pulumi.Output[str]
    recipient: pulumi.Output[str]


def alarm_topics(settings: Settings) -> AlarmTopics:
    """One topic in the stack's region, and one more at the edge where that is another region."""
    email = settings.alarm_email or None
    regional = AlarmTopic("alarms", AlarmTopicArgs(email=email))
    if settings.region == EDGE_REGION:
        return AlarmTopics(regional_arn=regional.arn, edge_arn=regional.arn, recipient=regional.recipient)
    edge = AlarmTopic("edge-alarms", AlarmTopicArgs(email=email, region=EDGE_REGION)).arn
    return AlarmTopics(regional_arn=regional.arn, edge_arn=edge, recipient=regional.recipient)


def watch(settings: Settings, around: Neighbours, fleets: Servers, alarms: AlarmTopics) -> Observability:
    """The dashboard over every box, and the budget."""
    balancer, data = around.front.balancer, around.data
    groups = {**fleets.apps, **{f"worker-{name}": workers.fleet for name, workers in fleets.workers.items()}}
    return Observability(
        "observability",
        ObservabilityArgs(
            region=settings.region,
            distribution_id=around.site.distribution_id,
            load_balancer=balancer.arn_suffix,
            target_groups={
                **{name: group.label for name, group in balancer.target_groups.items()},
                **{f"internal-{name}": group.label for name, group in around.inside.balancer.target_groups.items()},
            },
            fleets={name: fleet.group_name for name, fleet in groups.items()},
            cache_node_ids=data.sessions.node_ids,
            databases=data.database.identifiers,
            replicas=data.database.identifiers[1:],
            tables=data.customers.table_names,
            queues={kind: queue.name for kind, queue in around.events.queues.items()},
            dead_letter_queues={kind: queue.dead_letter_name for kind, queue in around.events.queues.items()},
            monthly_budget_usd=settings.preset.monthly_budget_usd,
            alarm_topic_arn=alarms.regional_arn,
        ),
    )
