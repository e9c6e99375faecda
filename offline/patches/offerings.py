"""RDS and ElastiCache: what a region sells, of which moto 5.2.5 knows neither PostgreSQL nor cache nodes.

The machines behind both are EC2's: what EC2 offers in a zone is offered here as well.
"""

from offline.patches.overlay import Answer, Call, amends, answers, backend_of
from offline.patches.rds_instances import MINOR_VERSIONS


@amends("rds", "DescribeOrderableDBInstanceOptions")
def classes_are_sold_for_postgres(call: Call, answer: Answer) -> None:
    """Moto answers for two other engines alone.

    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeOrderableDBInstanceOptions.html
    """
    engine, wanted = call.params["Engine"], call.params.get("DBInstanceClass")
    if engine not in MINOR_VERSIONS:
        return
    if not wanted:
        raise NotImplementedError("the orderable options of every class at once: name one, DBInstanceClass")
    zones = [{"Name": zone} for zone in _zones(call, wanted.removeprefix("db."))]
    versions = [each for each in MINOR_VERSIONS[engine].values() if call.params.get("EngineVersion", each) == each]
    answer["OrderableDBInstanceOptions"] = [
        {
            "Engine": engine,
            "EngineVersion": version,
            "DBInstanceClass": wanted,
            "LicenseModel": "postgresql-license",
            "StorageType": "gp3",
            "AvailabilityZones": zones,
            "MultiAZCapable": len(zones) > 1,
            "ReadReplicaCapable": True,
            "Vpc": True,
        }
        for version in versions
        if zones
    ]


@answers("elasticache", "DescribeReservedCacheNodesOfferings")
def node_types_are_sold(call: Call) -> Answer:
    """Missing in moto: one offering of a node type, where the region has it.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DescribeReservedCacheNodesOfferings.html
    """
    wanted = call.params.get("CacheNodeType")
    if not wanted:
        raise NotImplementedError("the offerings of every node type at once: name one, CacheNodeType")
    row = {"CacheNodeType": wanted, "Duration": 31536000, "ProductDescription": "valkey", "OfferingType": "No Upfront"}
    return {"ReservedCacheNodesOfferings": [row] if _zones(call, wanted.removeprefix("cache.")) else []}


def _zones(call: Call, type_: str) -> list[str]:
    ec2 = backend_of("ec2", call.account_id, call.region)
    rows = ec2.describe_instance_type_offerings("availability-zone", {"instance-type": [type_]})
    return sorted({row["Location"] for row in rows})
