"""A change that AWS would not take is refused before anything happens, with what is deployed beside what is wanted."""

import pytest

from engines.changes import ChangeError
from engines.switching import Site, plan
from tests.engine.small import small

PROGRAM = """import pulumi_aws as aws

group = aws.rds.ParameterGroup(
    "parameters", family="postgres17",
    parameters=[{{"name": "max_connections", "value": "{connections}", "apply_method": "pending-reboot"}}],
)
aws.rds.Instance(
    "orders", instance_class="db.t4g.micro", engine="postgres", allocated_storage={gib}, username="shop",
    password="correct-horse", skip_final_snapshot=True, apply_immediately=True, parameter_group_name=group.name,
)
"""
DEPLOYED = {"connections": 100, "gib": 30}


@pytest.fixture(scope="module")
def foreseen(tmp_path_factory):
    """What is foreseen of a database that is deployed when its program says something else."""
    with small(tmp_path_factory.mktemp("change"), 0) as project:
        project.write(PROGRAM.format(**DEPLOYED))
        project.engine.up()

        def of(**wanted):
            project.write(PROGRAM.format(**DEPLOYED | wanted))
            return plan(Site(project.engine, project.gate.account)).foreseen

        yield of


def test_what_aws_would_not_take_is_refused(foreseen):
    with pytest.raises(ChangeError, match=r"'orders': allocatedStorage is 20; allowed: 30 or more"):
        foreseen(gib=20)


def test_what_aws_takes_is_foreseen(foreseen):
    assert foreseen(gib=40).changes == {"create": 0, "update": 1, "replace": 0, "delete": 0, "same": 1}


def test_what_nobody_does_by_itself_is_told(foreseen):
    [told] = foreseen(connections=200).advice
    assert told.endswith("allowed: a reboot after the update. Fix: reboot the instances yourself, replicas last")
