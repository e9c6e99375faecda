"""All twelve presets deploy in us-east-1 without a domain, break no mandatory rule, and get little advice."""

import pytest

from tests.stacks.combinations import COMBINATIONS, WITHOUT_DOMAIN, counts, counts_of_preset, deployments

ADVISED = {"sandbox": [], "production": ["production-alarms-reach-somebody", "production-is-encrypted-to-the-end"]}
"""What only the owner can give: somebody to tell, and a domain."""


@pytest.fixture(scope="module")
def deployed():
    return deployments(WITHOUT_DOMAIN)


@pytest.mark.parametrize(("scaling", "size", "environment"), COMBINATIONS)
def test_a_combination_deploys_with_the_counts_of_its_preset(deployed, scaling, size, environment):
    graph = deployed(scaling, size, environment).graph
    assert counts(graph) == counts_of_preset(scaling, size, environment)


@pytest.mark.parametrize(("scaling", "size", "environment"), COMBINATIONS)
def test_a_combination_breaks_no_mandatory_rule(deployed, scaling, size, environment):
    assert deployed(scaling, size, environment).broken == []


@pytest.mark.parametrize(("scaling", "size", "environment"), COMBINATIONS)
def test_a_combination_is_advised_what_only_its_owner_can_give(deployed, scaling, size, environment):
    assert deployed(scaling, size, environment).advised == ADVISED[environment]
