"""How many connections a class takes, against what RDS documents and what instances were seen to take."""

import pytest

from components.parts.connection_limit import connection_limit


@pytest.mark.parametrize(
    ("instance_class", "limit"),
    [
        ("db.t4g.micro", 101),
        ("db.t4g.small", 202),
        ("db.t4g.medium", 405),
        ("db.m7g.large", 811),
        ("db.r7g.large", 1622),
    ],
)
def test_the_limit_follows_the_memory_of_the_class(instance_class, limit):
    assert connection_limit(instance_class) == limit


def test_no_class_takes_more_than_five_thousand():
    assert connection_limit("db.r7g.16xlarge") == 5000


@pytest.mark.parametrize("instance_class", ["m7g.large", "db.q9.large", "db.m7g.giant"])
def test_a_class_that_rds_does_not_have_is_refused(instance_class):
    with pytest.raises(
        ValueError, match=f"instance_class is '{instance_class}'; allowed: db.<family>.<size>, families"
    ):
        connection_limit(instance_class)
