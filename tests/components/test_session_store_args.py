"""What a session store cannot be, refused before the first resource."""

import re

import pytest

from components.protection import Protection
from components.session_store import SessionStoreArgs


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"version": "8.x"}, "version is '8.x'; allowed: 7.2, 8.0, 8.1, 8.2, 9.0, 9.1. Fix: version"),
        (
            {"eviction_policy": "allkeys-lru"},
            "eviction_policy is 'allkeys-lru'; allowed: volatile-lru, volatile-ttl, noeviction",
        ),
        ({"multi_az": True}, "multi_az is True with replicas_per_shard 0; allowed: at least 1 replica for Multi-AZ"),
        ({"snapshot_days": 0}, "snapshot_days is 0; allowed: 1 to 35. Fix: snapshot_days"),
        ({"replicas_per_shard": 6}, "replicas_per_shard is 6; allowed: 0 to 5"),
        ({"shards": 0}, "shards is 0; allowed: 1 or more, 500 nodes in all"),
        ({"node_type": "t4g.micro"}, "node_type is 't4g.micro'; allowed: a class such as cache.t4g.micro"),
    ],
)
def test_a_decision_that_aws_would_refuse_is_refused_before_the_first_resource(wrong, sentence):
    right = {
        "vpc_id": "vpc-1",
        "subnet_group_name": "cache",
        "node_type": "cache.t4g.micro",
        "protection": Protection(),
    }
    with pytest.raises(ValueError, match=re.escape(sentence)):
        SessionStoreArgs(**{**right, **wrong})
