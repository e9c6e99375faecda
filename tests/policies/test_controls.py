"""A value right at a limit that AWS publishes is no finding of any rule, and one past it is: no false alarms."""

import pytest

from policies import models
from tests.policies.controls import limits

TYPES = sorted(models.models())
MORE_THAN_A_MODEL_KNOWS = {
    ("aws:acm/certificate:Certificate", "keyAlgorithm"),  # the model has those that can only be imported too
    ("aws:cloudfront/distribution:Distribution", "priceClass"),  # None is of multi-tenant distributions
    ("aws:cloudwatch/eventRule:EventRule", "scheduleExpression"),
    ("aws:cloudwatch/metricAlarm:MetricAlarm", "period"),  # 1 and 5 s are of metrics in memory, not of alarms
    ("aws:cloudwatch/metricAlarm:MetricAlarm", "statistic"),  # needs a metricName, which is not given here
    ("aws:cloudwatch/metricAlarm:MetricAlarm", "treatMissingData"),
    ("aws:dynamodb/table:Table", "name"),  # the model's is an ARN's length
    ("aws:elasticache/replicationGroup:ReplicationGroup", "transitEncryptionMode"),
    ("aws:iam/rolePolicy:RolePolicy", "policy"),
    ("aws:kms/alias:Alias", "name"),
    ("aws:kms/keyPolicy:KeyPolicy", "policy"),
    ("aws:lambda/function:Function", "memorySize"),  # above 10240 MB on servers of one's own
    ("aws:lambda/function:Function", "runtime"),  # the model keeps those that have ended
    ("aws:lambda/function:Function", "timeout"),  # above 900 s on servers of one's own
    ("aws:route53/record:Record", "name"),
    ("aws:route53/zone:Zone", "name"),
    ("aws:secretsmanager/secret:Secret", "secretString"),
}
"""Properties of which AWS refuses more than its model says: their rules have fragments at their own limits."""


def told(type_):
    """Property and value of each control that some rule has something to say about."""
    return [
        (each.property, value)
        for each in limits(type_)
        for value in each.good
        if (type_, each.property) not in MORE_THAN_A_MODEL_KNOWS and each.said_of(value)
    ]


@pytest.mark.parametrize("type_", TYPES)
def test_what_stands_at_a_published_limit_is_no_finding(type_):
    assert told(type_) == []


@pytest.mark.parametrize("type_", TYPES)
def test_what_is_past_a_published_limit_is_one(type_):
    silent = [(each.property, value) for each in limits(type_) for value in each.bad if not each.said_of(value)]
    assert silent == []


def test_there_are_a_thousand_controls():
    assert sum(len(each.good) for type_ in TYPES for each in limits(type_)) >= 1000
