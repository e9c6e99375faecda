"""Rules of a stack that is meant to stay: one that protects something from deletion."""

from __future__ import annotations

from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import Severity, resource_rule, stack_rule
from policies.rules.load_balancer import BALANCER, DISTRIBUTION
from policies.stack import Stack
from policies.values import Fault

DATABASE = "aws:rds/instance:Instance"
TABLE = "aws:dynamodb/table:Table"
BUCKET = "aws:s3/bucket:Bucket"
SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105  a type
TOPIC = "aws:sns/topic:Topic"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
PROTECTED = {BALANCER: "enableDeletionProtection", DATABASE: "deletionProtection", TABLE: "deletionProtectionEnabled"}
THROWN_AWAY = {
    BUCKET: ("forceDestroy", True),
    DATABASE: ("skipFinalSnapshot", True),
    SECRET: ("recoveryWindowInDays", 0),
}


@stack_rule(
    DISTRIBUTION,
    source="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-cloudfront-to-custom-origin.html",
    fix="give the stack a domain, and with it the load balancer a certificate",
    severity=Severity.ADVISORY,
)
def production_is_encrypted_to_the_end(distribution: Resource, stack: Stack) -> Iterator[Fault]:
    """Between CloudFront and a load balancer without a certificate, passwords and sessions travel in the clear."""
    for origin in distribution.parts("origins") if is_meant_to_stay(stack) else []:
        if "http-only" in origin.known_texts("customOriginConfig.originProtocolPolicy"):
            # `origins` as a whole is secret, as headers stand in it
            got = f"http-only to {' '.join(origin.known_texts('originId')) or 'an origin'}"
            yield distribution.fault("originProtocolPolicy", "https-only", got=got)


@stack_rule(
    TOPIC,
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/US_SetupSNS.html",
    fix="subscribe an address or a queue to it (of the store: set alarm_email)",
    severity=Severity.ADVISORY,
)
def production_alarms_reach_somebody(topic: Resource, stack: Stack) -> Iterator[Fault]:
    """An alarm to a topic without a subscriber wakes nobody."""
    told = is_meant_to_stay(stack) and stack.referring(ALARM, "alarmActions", topic)
    if told and not stack.referring(SUBSCRIPTION, "topic", topic):
        yield topic.fault("arn", "a topic that somebody is subscribed to", got=f"the topic of {len(told)} alarms")


@resource_rule(
    *THROWN_AWAY,
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html",
    fix="let what is protected leave something behind: a final snapshot, its objects, days to bring it back",
    severity=Severity.ADVISORY,
)
def protected_and_thrown_away(resource: Resource) -> Iterator[Fault]:
    """Protection ends with one flag; what is then deleted with nothing left was never meant to be kept."""
    path, thrown = THROWN_AWAY[resource.type]
    protected = resource.options.protect or resource.flag("deletionProtection")
    if protected and path in resource and resource.get(path) == thrown and "replicateSourceDb" not in resource:
        yield resource.fault(path, "what leaves something to bring back")


def is_meant_to_stay(stack: Stack) -> bool:
    """Whether the program protects anything from deletion."""
    return stack.derived(_protects)


def _protects(stack: Stack) -> bool:
    return any(_says(each, path) for type_, path in PROTECTED.items() for each in stack.of(type_))


def _says(resource: Resource, path: str) -> bool:
    return resource.inputs.get(path) is True
