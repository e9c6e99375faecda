"""All twelve presets deploy in eu-west-1 with a domain, and scaling otherwise replaces nothing that holds data."""

import itertools

import msgspec
import pytest

from stacks.presets import ENVIRONMENTS, SCALINGS, SIZES, preset
from tests.stacks.combinations import COMBINATIONS, WITH_DOMAIN, counts, counts_of_preset, deployments
from tests.stacks.switching import KEPT, kept, names, replacements

PRIMARY = "database-primary"
SWITCHES = list(itertools.product(SIZES, ENVIRONMENTS))


@pytest.fixture(scope="module")
def deployed():
    return deployments(WITH_DOMAIN)


@pytest.mark.parametrize(("scaling", "size", "environment"), COMBINATIONS)
def test_a_combination_deploys_with_the_counts_of_its_preset(deployed, scaling, size, environment):
    graph = deployed(scaling, size, environment).graph
    assert counts(graph) == counts_of_preset(scaling, size, environment)


@pytest.mark.parametrize(("scaling", "size", "environment"), COMBINATIONS)
def test_a_combination_breaks_no_mandatory_rule(deployed, scaling, size, environment):
    assert deployed(scaling, size, environment).broken == []


@pytest.mark.parametrize(("scaling", "size", "environment"), COMBINATIONS)
def test_a_combination_is_advised_to_tell_somebody_in_both_regions(deployed, scaling, size, environment):
    advised = {"sandbox": [], "production": ["production-alarms-reach-somebody"] * 2}
    assert deployed(scaling, size, environment).advised == advised[environment]


def test_regional_resources_are_in_the_stacks_region(deployed):
    graph = deployed("horizontal", "small", "sandbox").graph
    elsewhere = {r.type for r in graph.resources if r.custom and r.options.region == "us-east-1"}
    assert elsewhere <= {
        "aws:acm/certificate:Certificate",
        "aws:acm/certificateValidation:CertificateValidation",
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "aws:sns/topic:Topic",
        "aws:sns/topicPolicy:TopicPolicy",
        "aws:sns/topicSubscription:TopicSubscription",
        "aws:kms/key:Key",
        "aws:kms/keyPolicy:KeyPolicy",
    }


@pytest.fixture
def ends(deployed):
    """The vertical and the horizontal graph of one size and environment, with a domain."""
    return lambda size, environment: [deployed(each, size, environment).graph for each in SCALINGS]


@pytest.mark.parametrize(("size", "environment"), SWITCHES)
def test_switching_to_horizontal_replaces_nothing_that_holds_data(ends, size, environment):
    vertical, horizontal = ends(size, environment)
    assert (len(kept(vertical)) > 30, replacements(vertical, horizontal)) == (True, [])


@pytest.mark.parametrize(("size", "environment"), SWITCHES)
def test_switching_to_vertical_replaces_nothing_that_holds_data(ends, size, environment):
    vertical, horizontal = ends(size, environment)
    assert replacements(horizontal, vertical) == []


@pytest.mark.parametrize(("size", "environment"), SWITCHES)
def test_whatever_vertical_keeps_horizontal_keeps_under_the_same_urn(ends, size, environment):
    vertical, horizontal = ends(size, environment)
    assert kept(vertical).keys() - kept(horizontal).keys() == set()


@pytest.mark.parametrize(("size", "environment"), SWITCHES)
def test_horizontal_adds_only_shards_and_replicas_to_what_is_kept(ends, size, environment):
    vertical, horizontal = ends(size, environment)
    p = preset("horizontal", size, environment)
    shards = {f"Table customers-shard-{number:02}" for number in range(1, p.table_shards)}
    replicas = {f"Instance database-replica-{number}" for number in range(1, p.database_replicas + 1)}
    assert names(horizontal) - names(vertical) == shards | replicas


@pytest.mark.parametrize(("size", "environment"), SWITCHES)
def test_switching_makes_no_new_password(ends, size, environment):
    vertical, horizontal = (
        {each.urn: each.inputs for each in graph.of_type("random:index/randomPassword:RandomPassword")}
        for graph in ends(size, environment)
    )
    assert (len(vertical), vertical) == (6, horizontal)


@pytest.mark.parametrize("scaling", SCALINGS)
def test_a_changed_engine_would_be_found(deployed, scaling):
    graph = deployed(scaling, "small", "sandbox").graph
    changed = [
        msgspec.structs.replace(each, inputs={**each.inputs, "engine": "mysql"}) if each.name == PRIMARY else each
        for each in graph.resources
    ]
    found = replacements(graph, msgspec.structs.replace(graph, resources=changed))
    assert [each.rpartition("::")[2] for each in found] == [f"{PRIMARY} engine"]


def test_what_replaces_is_known_of_everything_that_holds_data():
    held = {"Instance", "ReplicationGroup", "Table", "Bucket", "Topic", "Queue", "Certificate", "Subnet", "Vpc", "Zone"}
    assert held <= {type_.rpartition(":")[2] for type_ in KEPT}
