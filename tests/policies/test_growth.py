"""Checking grows linearly with the program, counted in what the rules ask and not in seconds."""

import sys

import pulumi_aws as aws
import pytest

from policies.checker import check
from tests.policies.fragments import recorded


def calls(stack):
    """How many functions one check of the stack calls: the same on every machine."""
    count = 0

    def counted(_frame, event, _argument):
        nonlocal count
        count += event == "call"

    sys.setprofile(counted)
    try:
        check(stack)
    finally:
        sys.setprofile(None)
    return count


def queues(number):
    for position in range(number):
        queue = aws.sqs.Queue(f"q{position}", name=f"q{position}")
        aws.sqs.QueuePolicy(f"q{position}", queue_url=queue.id, policy='{"Statement": []}')


def records(number):
    for position in range(number):
        aws.route53.Record(
            f"r{position}", zone_id="Z1", name=f"r{position}.bigpicture.dev", type="A", records=["192.0.2.1"], ttl=60
        )


@pytest.mark.parametrize("program", [queues, records])
def test_twice_the_resources_take_twice_the_questions(program):
    first, small, large = (recorded(lambda number=number: program(number)) for number in (1, 30, 60))
    check(first)  # the models are read once
    assert calls(large) < 2.2 * calls(small)
