"""The project's own store breaks no mandatory rule, in all twelve combinations of its presets."""

import itertools

import pytest

from engines.checking import findings_of, told
from engines.rehearsal import rehearse
from policies.checker import mandatory
from stacks.presets import ENVIRONMENTS, SCALINGS, SIZES

COMBINATIONS = list(itertools.product(SCALINGS, SIZES, ENVIRONMENTS))
DOMAIN = {"domain": "shop.bigpicture.dev", "hosted_zone": "make"}
PLACES = {"sandbox": {"aws:region": "us-east-1"}, "production": {"aws:region": "eu-west-1", **DOMAIN}}
"""Without a domain where one certificate would have served both, with a domain where two are needed."""


@pytest.mark.parametrize(("scaling", "size", "environment"), COMBINATIONS)
def test_a_combination_breaks_no_mandatory_rule(scaling, size, environment):
    words = {"scaling": scaling, "size": size, "environment": environment, **PLACES[environment]}
    deployment, account = rehearse("offline", words)
    account.close()
    assert [told(each) for each in mandatory(findings_of(deployment))] == []
