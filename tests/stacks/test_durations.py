"""How long a first `up` takes follows what waits for what."""

from stacks.durations import critical_path
from stacks.settings import parse


def path(**config):
    return [what for what, _ in critical_path(parse(config, stack="test", region="us-east-1"))]


def test_without_replicas_the_cache_takes_longest():
    assert path(scaling="vertical") == ["cache", "servers"]


def test_replicas_wait_for_their_primary():
    assert path(scaling="horizontal") == ["database", "replicas", "servers"]
