"""Real PostgreSQL and Valkey for tests, started once for each worker that asks for them."""

import pytest

from offline.region.addresses import Addresses
from offline.region.postgres import Postgres, PostgresArgs
from offline.region.valkey import ValkeyArgs, ValkeyCluster


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """A primary and two replicas, "replica-1" and "replica-2"; a test that lags or kills one mends it afterwards."""
    args = PostgresArgs(database="store", user="store", password="it's", replicas=("replica-1", "replica-2"))
    servers = Postgres(args, tmp_path_factory.mktemp("postgres") / "servers", Addresses())
    yield servers
    servers.stop()


@pytest.fixture(scope="session")
def valkey_cluster(tmp_path_factory):
    """Three shards with a replica each, and a password; 2 s, which Valkey takes before it takes writes."""
    cluster = ValkeyCluster(
        ValkeyArgs(password="letmein-0123456789"), tmp_path_factory.mktemp("valkey") / "nodes", Addresses()
    )
    cluster.wait()
    yield cluster
    cluster.stop()


def slots(cluster):
    """First and last slot, and number of nodes, of every shard."""
    with cluster.client(next(iter(cluster.hosts))) as node:
        return sorted((first, last, len(nodes)) for first, last, *nodes in node.execute_command("CLUSTER SLOTS"))
