"""What a region sells of RDS and ElastiCache, as both answer it."""

import pytest

from offline.account import Account

CLASS = {"Engine": "postgres", "DBInstanceClass": "db.t4g.medium"}
NODE = {"CacheNodeType": "cache.t4g.small"}


def orderable(account: Account, **more: str) -> list[dict]:
    return account.client("rds").describe_orderable_db_instance_options(**CLASS, **more)["OrderableDBInstanceOptions"]


def test_a_class_is_sold_in_the_zones_that_offer_its_machine(account: Account) -> None:
    zones = {tuple(zone["Name"] for zone in row["AvailabilityZones"]) for row in orderable(account)}
    assert zones == {("us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d", "us-east-1f")}


def test_the_options_of_one_version_are_asked_for(account: Account) -> None:
    assert [row["EngineVersion"] for row in orderable(account, EngineVersion="17.6")] == ["17.6"]


def test_a_node_type_has_an_offering(account: Account) -> None:
    rows = account.client("elasticache").describe_reserved_cache_nodes_offerings(**NODE)["ReservedCacheNodesOfferings"]
    assert [row["CacheNodeType"] for row in rows] == ["cache.t4g.small"]


def test_moto_still_sells_no_class_for_postgres(shipped: Account) -> None:
    assert orderable(shipped) == []


def test_moto_still_knows_no_offering_of_cache_nodes(shipped: Account) -> None:
    with pytest.raises(NotImplementedError):
        shipped.client("elasticache").describe_reserved_cache_nodes_offerings(**NODE)
