"""What looks at a property is told as it is: a rule, a model, or why there is nothing to look at."""

import pulumi_aws as aws
import pytest

from engines.checking import view
from engines.embedded import project_program
from engines.recorder import record
from engines.stack_file import ROOT, config_of
from policies.coverage import FLAG, MODEL, NOTHING, REFERENCE, RULE, SPELLED, coverage
from tests.policies.fragments import recorded


def told(program):
    return {name: by for _, name, by in coverage(recorded(program))}


@pytest.fixture(scope="module")
def production():
    recorder = record(project_program(ROOT), config_of("production"), ROOT)
    return coverage(view(recorder.graph, recorder.inputs))


def test_a_rule_a_model_and_a_member_without_a_limit_are_told_apart():
    def program():
        aws.wafv2.WebAclLoggingConfiguration("l", log_destination_configs=["a"], resource_arn="b", redacted_fields=[])
        aws.ec2.NatGateway("n", subnet_id="s", secondary_allocation_ids=["eipalloc-1"])

    found = told(program)
    names = ("logDestinationConfigs", "resourceArn", "secondaryAllocationIds")
    assert [found[name] for name in names] == [RULE, MODEL, SPELLED]


def test_where_nothing_looks_the_reason_is_told():
    def program():
        bucket = aws.s3.Bucket("b", object_lock_enabled=True)
        aws.s3.BucketAccelerateConfiguration("a", bucket=bucket.id, status="Enabled")

    found = told(program)
    assert (found["objectLockEnabled"], found["status"]) == (FLAG, NOTHING)
    assert {by for type_, name, by in coverage(recorded(program)) if (type_, name) == REFERRING} == {REFERENCE}


REFERRING = ("aws:s3/bucketAccelerateConfiguration:BucketAccelerateConfiguration", "bucket")


def test_nothing_of_the_production_stack_is_left_without_a_look_or_a_reason(production):
    assert [(type_, name) for type_, name, by in production if by == NOTHING] == []


def test_most_of_the_production_stack_is_looked_at(production):
    looked_at = [each for each in production if each[2] in {RULE, MODEL}]
    assert len(looked_at) * 5 >= len(production) * 4
