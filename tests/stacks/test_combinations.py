"""All twelve presets deploy, in two regions, with and without a domain."""

import itertools

import pytest

from engines.rehearsal import rehearse
from stacks.presets import ENVIRONMENTS, SCALINGS, SIZES, app_fleets, preset, worker_fleets

DOMAIN = {"domain": "shop.bigpicture.dev", "hosted_zone": "make"}
PLACES = {"us-east-1": {}, "eu-west-1": DOMAIN}
"""Without a domain where one certificate would have served both, with a domain where two are needed."""
COMBINATIONS = list(itertools.product(SCALINGS, SIZES, ENVIRONMENTS, PLACES))


@pytest.fixture(scope="module")
def deployed():
    """Deploy a combination once, however many tests look at it."""
    graphs = {}

    def graph(scaling, size, environment, region):
        key = (scaling, size, environment, region)
        if key not in graphs:
            words = {"scaling": scaling, "size": size, "environment": environment, "aws:region": region}
            deployment, account = rehearse("offline", {**words, **PLACES[region]})
            account.close()
            graphs[key] = deployment.graph
        return graphs[key]

    return graph


@pytest.mark.parametrize(("scaling", "size", "environment", "region"), COMBINATIONS)
def test_a_combination_deploys_with_the_counts_of_its_preset(deployed, scaling, size, environment, region):
    graph, p = deployed(scaling, size, environment, region), preset(scaling, size, environment)
    assert len(graph.of_type("aws:dynamodb/table:Table")) == p.table_shards
    assert len(graph.of_type("aws:rds/instance:Instance")) == 1 + p.database_replicas
    fleets = len(app_fleets(scaling)) + len(worker_fleets(scaling))
    assert len(graph.of_type("aws:autoscaling/group:Group")) == fleets


def test_regional_resources_are_in_the_stacks_region(deployed):
    graph = deployed("horizontal", "small", "sandbox", "eu-west-1")
    elsewhere = {r.type for r in graph.resources if r.custom and r.options.region == "us-east-1"}
    assert elsewhere <= {
        "aws:acm/certificate:Certificate",
        "aws:acm/certificateValidation:CertificateValidation",
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "aws:sns/topic:Topic",
        "aws:sns/topicPolicy:TopicPolicy",
        "aws:sns/topicSubscription:TopicSubscription",
        "aws:kms/key:Key",
        "aws:kms/alias:Alias",
    }
