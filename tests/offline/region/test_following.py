"""Data servers follow what an update made of their databases and caches, and keep what is in them."""

from dataclasses import dataclass

import pytest
from valkey.cluster import ValkeyCluster as Client

from offline.account import open_account
from offline.region.addresses import Addresses
from offline.region.data_servers import MACHINE_S, DataServers
from offline.region.report import of_cache, of_database
from tests.data_servers import slots
from tests.waiting import eventually

ROWS = 300
KEYS = [f"key-{number}" for number in range(ROWS)]


BACK = ("replica", "running")
HALVES = [(0, 8191, 2), (8192, 16383, 2)]
"""First and last slot, and number of nodes."""


@dataclass(frozen=True)
class Seen:
    """What the servers were before an update, and are after it."""

    servers: DataServers
    process: str
    """When the primary's program began, before."""
    gone: object
    """The replica that the update took away."""
    clock: list[float]
    """What time it is for machines that were lost."""


def made(account):
    """A database with one replica, and a cache of one node."""
    rds, elasticache = account.client("rds"), account.client("elasticache")
    rds.create_db_parameter_group(DBParameterGroupName="mine", DBParameterGroupFamily="postgres17", Description="-")
    rds.create_db_instance(
        DBInstanceIdentifier="orders", DBInstanceClass="db.t4g.micro", Engine="postgres", EngineVersion="17",
        AllocatedStorage=20, DBName="shop", MasterUsername="clerk", MasterUserPassword="it's-a-secret-of-12",
        DBParameterGroupName="mine", BackupRetentionPeriod=1,
    )  # fmt: skip
    rds.create_db_instance_read_replica(DBInstanceIdentifier="orders-2", SourceDBInstanceIdentifier="orders")
    family = {"CacheParameterGroupName": "mine", "CacheParameterGroupFamily": "valkey8"}
    elasticache.create_cache_parameter_group(**family, Description="-")
    parameter(elasticache, "cluster-enabled", "yes")
    elasticache.create_replication_group(
        ReplicationGroupId="sessions", ReplicationGroupDescription="-", Engine="valkey", EngineVersion="8.1",
        CacheNodeType="cache.t4g.micro", CacheParameterGroupName="mine", NumNodeGroups=1, ReplicasPerNodeGroup=0,
    )  # fmt: skip


def parameter(elasticache, name, value):
    elasticache.modify_cache_parameter_group(
        CacheParameterGroupName="mine", ParameterNameValues=[{"ParameterName": name, "ParameterValue": value}]
    )


def changed(account):
    """The update: another replica and class; more shards with a replica each, and another eviction."""
    rds, elasticache = account.client("rds"), account.client("elasticache")
    rds.delete_db_instance(DBInstanceIdentifier="orders-2")
    rds.create_db_instance_read_replica(DBInstanceIdentifier="orders-3", SourceDBInstanceIdentifier="orders")
    rds.modify_db_instance(DBInstanceIdentifier="orders", DBInstanceClass="db.t4g.large", ApplyImmediately=True)
    group = {"ReplicationGroupId": "sessions", "ApplyImmediately": True}
    elasticache.modify_replication_group_shard_configuration(**group, NodeGroupCount=2)
    elasticache.increase_replica_count(**group, NewReplicaCount=1)
    parameter(elasticache, "maxmemory-policy", "allkeys-lru")


@pytest.fixture(scope="module")
def account():
    opened = open_account("us-east-1", "following")
    made(opened)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def seen(account, tmp_path_factory):
    clock = [0.0]
    servers = DataServers(account, tmp_path_factory.mktemp("region"), Addresses(), lambda: clock[0])
    servers.wait()
    [database], [cluster] = servers.postgres.values(), servers.valkey
    database.primary.sql(f"create table t as select generate_series(1, {ROWS}) as i", "shop")
    with Client(host=cluster.host, port=cluster.port) as client:
        for key in KEYS:
            client.set(key, key)
    began, gone = database.primary.sql("select pg_postmaster_start_time()"), database.replicas["orders-2"]
    changed(account)
    servers.follow()
    yield Seen(servers, began, gone, clock)
    servers.stop()


def database(seen):
    [servers] = seen.servers.postgres.values()
    return servers


def cluster(seen):
    [found] = seen.servers.valkey
    return found


def test_a_new_replica_holds_the_rows_of_its_primary_and_the_one_that_is_gone_runs_no_more(seen):
    [(name, replica)] = database(seen).replicas.items()
    rows = replica.sql("select count(*) from t", "shop")
    assert (name, rows, seen.gone.alive) == ("orders-3", str(ROWS), False)


def test_another_class_restarts_the_primary_which_keeps_its_rows(seen):
    again = database(seen).primary.sql("select pg_postmaster_start_time()") != seen.process
    assert (again, database(seen).primary.sql("select count(*) from t", "shop")) == (True, str(ROWS))


def test_a_parameter_holds_in_every_server_of_the_database_that_runs(account, seen):
    row = {"ParameterName": "log_lock_waits", "ParameterValue": "1", "ApplyMethod": "immediate"}
    account.client("rds").modify_db_parameter_group(DBParameterGroupName="mine", Parameters=[row])
    seen.servers.follow()
    nodes = [database(seen).primary, *database(seen).replicas.values()]
    assert eventually(lambda: [node.sql("show log_lock_waits") for node in nodes], ["on", "on"]) == ["on", "on"]


def test_a_new_shard_takes_half_of_the_slots_and_every_key_is_found(seen):
    with Client(host=cluster(seen).host, port=cluster(seen).port, decode_responses=True) as client:
        kept = [client.get(key) for key in KEYS]
    assert (kept, eventually(lambda: slots(cluster(seen)), HALVES)) == (KEYS, HALVES)


def test_every_node_of_the_cache_evicts_by_the_new_policy(seen):
    policies = {name: cluster(seen).client(name).config_get()["maxmemory-policy"] for name in cluster(seen).hosts}
    nodes = [f"sessions-{shard}-{node}" for shard in ("0001", "0002") for node in ("001", "002")]
    assert policies == dict.fromkeys(nodes, "allkeys-lru")


def test_every_endpoint_of_the_changed_account_has_an_address(account, seen):
    instances = account.client("rds").describe_db_instances()["DBInstances"]
    [group] = account.client("elasticache").describe_replication_groups()["ReplicationGroups"]
    names = {each["Endpoint"]["Address"] for each in instances} | {group["ConfigurationEndpoint"]["Address"]}
    assert set(seen.servers.names) == names


def shown(seen):
    """Server -> its role and state, once all has followed the account."""
    seen.servers.follow()
    lost = seen.servers.lost
    nodes = [*of_database(database(seen), lost), *of_cache(cluster(seen), lost)]
    return {each.name: (each.role, each.state) for each in nodes}


def lose(seen, name):
    """Lose its machine."""
    seen.servers.lose(name)
    return shown(seen)[name]


def test_a_lost_replica_of_a_database_is_away_until_it_has_another_machine_and_follows_then(seen):
    away = lose(seen, "orders-3")
    seen.clock[0] += MACHINE_S
    assert (away, eventually(lambda: shown(seen)["orders-3"], BACK)) == (("replica", "lost"), BACK)
    assert eventually(database(seen).all_follow, wanted=True)


def test_a_lost_primary_of_a_database_comes_back_with_what_was_committed(seen):
    away = lose(seen, "orders")
    seen.clock[0] += MACHINE_S
    eventually(lambda: shown(seen)["orders"][1], "running")
    database(seen).primary.wait()
    assert (away, database(seen).primary.sql("select count(*) from t", "shop")) == (("primary", "lost"), str(ROWS))


def test_a_lost_primary_of_a_cache_is_followed_at_once_and_comes_back_as_a_replica(seen):
    shard = ("sessions-0001-001", "sessions-0001-002")
    before = shown(seen)
    [lost], [heir] = ([name for name in shard if before[name][0] == role] for role in ("primary", "replica"))
    away = lose(seen, lost)
    followed = eventually(lambda: shown(seen)[heir][0], "primary")
    seen.clock[0] += MACHINE_S
    assert (away, followed, eventually(lambda: shown(seen)[lost], BACK)) == (("unknown", "lost"), "primary", BACK)


def test_a_server_that_nobody_knows_cannot_be_lost(seen):
    with pytest.raises(KeyError):
        seen.servers.lose("orders-9")
