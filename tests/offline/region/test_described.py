"""What runs in place of RDS and ElastiCache is what the account says, down to its parameters and secrets."""

import pytest

from offline.account import open_account
from offline.region.addresses import Addresses
from offline.region.data_servers import DataServers
from offline.region.described import caches, databases
from offline.region.postgres import PostgresArgs
from offline.region.valkey import ValkeyArgs

PASSWORD, TOKEN = "it's-a-secret-of-12", "letmein-0123456789"


@pytest.fixture(scope="module")
def account():
    """An account with one primary, one replica, and a cache of two shards."""
    opened = open_account("us-east-1", "described")
    rds, elasticache = opened.client("rds"), opened.client("elasticache")
    rds.create_db_parameter_group(DBParameterGroupName="mine", DBParameterGroupFamily="postgres17", Description="-")
    mine = {"log_lock_waits": "1", "rds.force_ssl": "1", "work_mem": "{DBInstanceClassMemory/1024}"}
    rows = [{"ParameterName": name, "ParameterValue": mine[name], "ApplyMethod": "immediate"} for name in mine]
    rds.modify_db_parameter_group(DBParameterGroupName="mine", Parameters=rows)
    rds.create_db_instance(
        DBInstanceIdentifier="orders",
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        EngineVersion="17",
        AllocatedStorage=20,
        DBName="shop",
        MasterUsername="clerk",
        MasterUserPassword=PASSWORD,
        DBParameterGroupName="mine",
        BackupRetentionPeriod=1,
    )
    rds.create_db_instance_read_replica(DBInstanceIdentifier="orders-2", SourceDBInstanceIdentifier="orders")
    elasticache.create_cache_parameter_group(
        CacheParameterGroupName="mine", CacheParameterGroupFamily="valkey8", Description="-"
    )
    policy = {"cluster-enabled": "yes", "maxmemory-policy": "allkeys-lru"}
    elasticache.modify_cache_parameter_group(
        CacheParameterGroupName="mine",
        ParameterNameValues=[{"ParameterName": name, "ParameterValue": policy[name]} for name in policy],
    )
    elasticache.create_replication_group(
        ReplicationGroupId="sessions",
        ReplicationGroupDescription="-",
        Engine="valkey",
        EngineVersion="8.1",
        CacheNodeType="cache.t4g.micro",
        CacheParameterGroupName="mine",
        NumNodeGroups=2,
        ReplicasPerNodeGroup=0,
        TransitEncryptionEnabled=True,
        AuthToken=TOKEN,
    )
    yield opened
    opened.close()


def test_a_database_is_what_its_owner_asked_rds_for(account):
    [found] = databases(account)
    assert found.args == PostgresArgs(
        name="orders",
        database="shop",
        user="clerk",
        password=PASSWORD,
        replicas=("orders-2",),
        port=5432,
        parameters={"log_lock_waits": "1"},
    )


def test_a_cache_is_what_its_owner_asked_elasticache_for(account):
    [found] = caches(account)
    assert found.args == ValkeyArgs(
        name="sessions", shards=2, replicas_per_shard=0, password=TOKEN, port=6379, eviction="allkeys-lru"
    )


def test_no_secret_is_shown_where_a_description_is_printed(account):
    assert not [secret for secret in (PASSWORD, TOKEN) if secret in f"{databases(account)}{caches(account)}"]


@pytest.fixture(scope="module")
def running(account, tmp_path_factory):
    servers = DataServers(account, tmp_path_factory.mktemp("region"), Addresses())
    servers.wait()
    yield servers
    servers.stop()


def test_every_endpoint_of_the_account_has_an_address_of_its_own(account, running):
    instances = account.client("rds").describe_db_instances()["DBInstances"]
    [group] = account.client("elasticache").describe_replication_groups()["ReplicationGroups"]
    names = {each["Endpoint"]["Address"] for each in instances} | {group["ConfigurationEndpoint"]["Address"]}
    assert (set(running.names), len(set(running.names.values()))) == (names, 3)


def test_the_parameters_of_the_database_hold_in_the_server(running):
    [servers] = running.postgres.values()
    assert servers.primary.sql("show log_lock_waits") == "on"


def test_the_eviction_policy_of_the_cache_holds_in_every_node(running):
    [cluster] = running.valkey
    policies = {}
    for name in cluster.hosts:
        with cluster.client(name) as client:
            policies[name] = client.config_get("maxmemory-policy")["maxmemory-policy"]
    assert policies == {"sessions-0001-001": "allkeys-lru", "sessions-0002-001": "allkeys-lru"}
