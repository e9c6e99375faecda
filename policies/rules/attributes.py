"""Rules of settings that a call takes in a list of attributes, of which the service's model says nothing."""

from __future__ import annotations

from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import Severity, resource_rule
from policies.rules.fleets import GROUP
from policies.rules.load_balancer import BALANCER
from policies.rules.queues import REDRIVE_ALLOW
from policies.values import Fault, apart

BUDGET = "aws:budgets/budget:Budget"
DATABASE = "aws:rds/instance:Instance"
KEY = "aws:kms/key:Key"
TABLE = "aws:dynamodb/table:Table"
TOPIC = "aws:sns/topic:Topic"
SOURCES = 10
"""Queues at most that a dead-letter queue names one by one."""


@resource_rule(
    BALANCER,
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html",
    fix="stay within the attribute's range or words",
)
def balancer_attributes(balancer: Resource) -> Iterator[Fault]:
    """A load balancer waits 1 to 4000 s for an answer and 60 s to 7 days for the next request of a connection."""
    yield from balancer.between("idleTimeout", 1, 4000)
    yield from balancer.between("clientKeepAlive", 60, 604_800)
    yield from balancer.one_of("desyncMitigationMode", "monitor", "defensive", "strictest")
    yield from balancer.one_of("xffHeaderProcessingMode", "append", "preserve", "remove")


@resource_rule(
    REDRIVE_ALLOW,
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
    fix='write {"redrivePermission": "byQueue", "sourceQueueArns": [...]} with at most 10 queues',
)
def queue_takes_letters_from(allowing: Resource) -> Iterator[Fault]:
    """A dead-letter queue takes letters from all queues, from none, or from at most 10 that it names."""
    policy = allowing.document("redriveAllowPolicy")
    permission, sources = policy.get("redrivePermission"), policy.get("sourceQueueArns") or []
    fine = permission in ("allowAll", "denyAll") and not sources
    if policy and not fine and not (permission == "byQueue" and 1 <= len(sources) <= SOURCES):
        got = f"{permission} with {len(sources)} queues"
        yield allowing.fault("redriveAllowPolicy", f"allowAll, denyAll, or byQueue with 1 to {SOURCES} queues", got=got)


@resource_rule(
    TOPIC, source="https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html", fix="use 2 (SHA256)"
)
def topic_signature(topic: Resource) -> Iterator[Fault]:
    """SNS signs by version 1, which is SHA1, or by version 2, which is SHA256."""
    yield from topic.matching("signatureVersion", "[12]", "1 or 2")


@resource_rule(
    TABLE,
    source="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TimeToLiveSpecification.html",
    fix="name the attribute that holds the second in which an item ends",
)
def table_expiry_names_its_attribute(table: Resource) -> Iterator[Fault]:
    """DynamoDB throws items away by an attribute of 1 to 255 characters, and refuses to without its name."""
    if table.flag("ttl.enabled") and not 1 <= len(table.text("ttl.attributeName")) <= 255:
        yield table.fault("ttl.attributeName", "1 to 255 characters")


@resource_rule(
    DATABASE,
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html",
    fix='use "rds-ca-rsa2048-g1", or leave it to RDS',
)
def database_certificate_authority(instance: Resource) -> Iterator[Fault]:
    """The authority of 2019 has expired: RDS signs by one of its successors, and clients trust no other."""
    yield from instance.matching(
        "caCertIdentifier", r"rds-ca-(rsa2048|rsa4096|ecc384)-g\d+", "rds-ca-rsa2048-g1, -rsa4096-g1 or -ecc384-g1"
    )


@resource_rule(
    GROUP,
    source="https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_EnableMetricsCollection.html",
    fix='use "1Minute"',
)
def fleet_metrics_each_minute(group: Resource) -> Iterator[Fault]:
    """A group reports its metrics each minute, and takes no other word."""
    yield from group.one_of("metricsGranularity", "1Minute")


@resource_rule(
    KEY,
    source="https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
    fix="set enable_key_rotation=True",
    severity=Severity.ADVISORY,
)
def key_rotates(key: Resource) -> Iterator[Fault]:
    """A key that never changes opens everything that was ever encrypted with it, once it is known."""
    symmetric = key.text("customerMasterKeySpec") in ("", "SYMMETRIC_DEFAULT")
    if symmetric and key.text("keyUsage") in ("", "ENCRYPT_DECRYPT"):
        yield from key.must_be("enableKeyRotation", True)


@resource_rule(
    BUDGET,
    source="https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Spend.html",
    fix='give a sum, such as limit_amount="100" and limit_unit="USD"',
)
def budget_limit(budget: Resource) -> Iterator[Fault]:
    """A budget is a sum above nothing, in the unit that AWS bills: dollars."""
    yield from _amount(budget)
    if budget.text("budgetType") == "COST":
        yield from budget.one_of("limitUnit", "USD")


@apart
def _amount(budget: Resource) -> Iterator[Fault]:
    amount = budget.number("limitAmount")
    if "limitAmount" in budget and (amount is None or amount <= 0):
        yield budget.fault("limitAmount", "more than 0")
