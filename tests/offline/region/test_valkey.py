"""The cluster has its shards, wants its password, and survives the loss of a primary."""

import pytest
from valkey import Valkey
from valkey.cluster import ValkeyCluster as Client
from valkey.exceptions import AuthenticationError

from offline.region.addresses import Addresses
from offline.region.valkey import ValkeyArgs, ValkeyCluster
from tests.data_servers import slots
from tests.waiting import eventually


def client_of(cluster):
    return Client(host=cluster.host, port=cluster.port, password=cluster.args.password, decode_responses=True)


def test_every_slot_has_a_primary_and_a_replica(valkey_cluster):
    whole = [(0, 5460, 2), (5461, 10921, 2), (10922, 16383, 2)]
    # a node that another test restarted is known to all after a round of gossip
    assert eventually(lambda: slots(valkey_cluster), whole) == whole


def test_a_client_without_the_password_is_refused(valkey_cluster):
    with Valkey(valkey_cluster.host, valkey_cluster.port) as stranger, pytest.raises(AuthenticationError):
        stranger.get("key")


def test_a_replica_takes_a_lost_primarys_place_and_the_lost_one_follows_it(valkey_cluster):
    with client_of(valkey_cluster) as client:
        client.set("kept", "yes")
        lost = next(node for node in valkey_cluster.hosts if valkey_cluster.role(node) == "master")
        heir = next(node for node in valkey_cluster.hosts if node.startswith(lost[:5]) and node != lost)
        valkey_cluster.kill(lost)
        eventually(lambda: valkey_cluster.role(heir), "master")
        valkey_cluster.restart(lost)
        roles = (valkey_cluster.role(heir), valkey_cluster.role(lost))
    assert roles == ("master", "slave")


def test_a_lost_primary_is_followed_by_its_replica_and_comes_back_as_such_when_mended_from_outside(tmp_path):
    alone = ValkeyCluster(ValkeyArgs(shards=1), tmp_path / "nodes", Addresses())
    try:
        alone.wait()
        alone.client("0001-001").set("kept", "yes")
        eventually(lambda: alone.client("0001-002").dbsize(), 1)
        alone.kill("0001-001")
        alone.mend()
        eventually(lambda: alone.role("0001-002"), "master")
        eventually(lambda: mended_role(alone, "0001-001"), "slave")
        assert eventually(lambda: alone.client("0001-001").dbsize(), 1) == 1
    finally:
        alone.stop()


def mended_role(cluster, name):
    cluster.mend()
    return cluster.role(name)
