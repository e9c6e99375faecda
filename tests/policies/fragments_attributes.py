"""Fragments about settings that no service's model limits."""

import json

import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps
from tests.policies.fragments_fleets import group
from tests.policies.fragments_tables import table


def taking(permission, queues=0):
    sources = [f"arn:aws:sqs:us-east-1:123456789012:q{number}" for number in range(queues)]
    policy = {"redrivePermission": permission, **({"sourceQueueArns": sources} if queues else {})}
    aws.sqs.RedriveAllowPolicy("allow", queue_url="https://sqs/dead", redrive_allow_policy=json.dumps(policy))


def expiring(name):
    table(ttl=aws.dynamodb.TableTtlArgs(enabled=True, attribute_name=name))


def spending(amount, unit="USD"):
    aws.budgets.Budget("b", budget_type="COST", limit_amount=amount, limit_unit=unit, time_unit="MONTHLY")


@breaks(
    "balancer-attributes",
    "aws:lb/loadBalancer:LoadBalancer 'lb': idleTimeout is 4001; allowed: 1 to 4000.",
    "aws:lb/loadBalancer:LoadBalancer 'lb': clientKeepAlive is 59; allowed: 60 to 604800.",
    "aws:lb/loadBalancer:LoadBalancer 'lb': desyncMitigationMode is \"lax\"; allowed: monitor or defensive "
    "or strictest.",
)
def balancer_that_waits_too_long():
    parts.balancer(idle_timeout=4001, client_keep_alive=59, desync_mitigation_mode="lax")


@keeps("balancer-attributes")
def balancer_that_waits_longest():
    parts.balancer(idle_timeout=4000, client_keep_alive=604_800, desync_mitigation_mode="strictest")


@keeps("balancer-attributes")
def balancer_that_waits_least():
    parts.balancer(idle_timeout=1, client_keep_alive=60, desync_mitigation_mode="monitor")


@breaks(
    "queue-takes-letters-from",
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy 'allow': redriveAllowPolicy is \"byQueue with 11 "
    'queues"; allowed: allowAll, denyAll, or byQueue with 1 to 10 queues.',
)
def letters_from_eleven():
    taking("byQueue", 11)


@breaks(
    "queue-takes-letters-from",
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy 'allow': redriveAllowPolicy is \"allowAll with 1 "
    'queues"; allowed: allowAll, denyAll, or byQueue with 1 to 10 queues.',
)
def letters_from_all_that_are_named():
    taking("allowAll", 1)


@keeps("queue-takes-letters-from")
def letters_from_ten():
    taking("byQueue", 10)


@keeps("queue-takes-letters-from")
def letters_from_nobody():
    taking("denyAll")


@breaks(
    "topic-signature",
    "aws:sns/topic:Topic 't': signatureVersion is 3; allowed: 1 or 2.",
)
def signed_by_version_3():
    aws.sns.Topic("t", signature_version=3)


@keeps("topic-signature")
def signed_by_version_2():
    aws.sns.Topic("t", signature_version=2)


@breaks(
    "table-expiry-names-its-attribute",
    "aws:dynamodb/table:Table 'table': ttl.attributeName is not set; allowed: 1 to 255 characters.",
)
def expiry_by_nothing():
    expiring(None)


@keeps("table-expiry-names-its-attribute")
def expiry_by_a_name_of_255():
    expiring("a" * 255)


@breaks(
    "database-certificate-authority",
    "aws:rds/instance:Instance 'db': caCertIdentifier is \"rds-ca-2019\"; allowed: rds-ca-rsa2048-g1, "
    "-rsa4096-g1 or -ecc384-g1.",
)
def authority_of_2019():
    parts.database(ca_cert_identifier="rds-ca-2019")


@keeps("database-certificate-authority")
def authority_of_today():
    parts.database(ca_cert_identifier="rds-ca-ecc384-g1")


@breaks(
    "fleet-metrics-each-minute",
    "aws:autoscaling/group:Group 'fleet': metricsGranularity is \"5Minute\"; allowed: 1Minute.",
)
def metrics_every_five_minutes():
    group(metrics_granularity="5Minute")


@keeps("fleet-metrics-each-minute")
def metrics_every_minute():
    group(metrics_granularity="1Minute")


@breaks(
    "key-rotates",
    "aws:kms/key:Key 'k': enableKeyRotation is not set; allowed: true.",
)
def key_for_ever():
    aws.kms.Key("k")


@keeps("key-rotates")
def key_of_two_halves():
    aws.kms.Key("k", customer_master_key_spec="RSA_2048", key_usage="SIGN_VERIFY")


@breaks(
    "budget-limit",
    "aws:budgets/budget:Budget 'b': limitAmount is \"0\"; allowed: more than 0.",
    "aws:budgets/budget:Budget 'b': limitUnit is \"GBP\"; allowed: USD.",
)
def budget_of_nothing_in_pounds():
    spending("0", "GBP")


@keeps("budget-limit")
def budget_of_a_cent():
    spending("0.01")
