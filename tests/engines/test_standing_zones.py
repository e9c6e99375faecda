"""A deployed stack keeps its zones, as long as it is to have as many."""

import pytest

from engines.graph import Graph, Resource
from engines.standing_zones import SUBNET, pinned


def subnet(name, **inputs):
    return Resource(urn=name, type=SUBNET, name=name, parent="", custom=True, id=name, inputs=inputs, outputs={})


def standing(*zones):
    """Two subnets in each of *zones*, and one that names none."""
    named = [subnet(f"{tier}-{zone}", availabilityZone=zone) for zone in zones for tier in ("app", "data")]
    return Graph(project="p", stack="s", resources=[*named, subnet("other", availabilityZoneId="use1-az1")])


@pytest.mark.parametrize(
    ("zones", "kept"),
    [
        (("us-east-1c", "us-east-1b"), {"zones": "us-east-1b,us-east-1c"}),
        (("us-east-1b", "us-east-1c", "us-east-1d"), {}),
        ((), {}),
    ],
)
def test_the_zones_of_the_deployed_subnets_are_kept_while_their_number_is_the_same(zones, kept):
    assert pinned(standing(*zones), 2) == kept
