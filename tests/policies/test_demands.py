"""The table of all that is demanded of a stack names, for each demand, the rules that hold it or who else does."""

import inspect
import re

import pulumi_aws as aws
import pytest

from policies.catalogue import demands, documented
from tests.guards.sources import ROOT, functions_in

DEMANDS = demands()
RULES = {rule.id for rule in documented()}


def test_the_demands_are_counted_without_a_gap():
    assert [int(each["number"]) for each in DEMANDS] == list(range(1, 157))


@pytest.mark.parametrize("demand", DEMANDS, ids=lambda each: each["number"])
def test_a_demand_is_held_by_rules_that_exist_or_by_somebody_else(demand):
    named = set(demand["rules"].split())
    assert (named - RULES, bool(named or demand["elsewhere"])) == (set(), True)


@pytest.mark.parametrize("elsewhere", sorted({each["elsewhere"] for each in DEMANDS} - {""}))
def test_whoever_else_holds_a_demand_exists(elsewhere):
    path, _, test = re.split(r": (?!:)", elsewhere)[0].partition("::")
    assert (ROOT / path).exists()
    assert not test or test in functions_in(path)


@pytest.mark.parametrize("class_", [aws.cloudfront.Distribution, aws.iam.Role, aws.route53.Record])
def test_a_global_service_takes_no_region(class_):
    assert "region" not in inspect.signature(class_._internal_init).parameters


@pytest.mark.parametrize(("class_", "name"), [(aws.ec2.Eip, "vpc"), (aws.ec2.FlowLog, "log_group_name")])
def test_a_dropped_form_is_no_argument_any_more(class_, name):
    assert name not in inspect.signature(class_._internal_init).parameters
