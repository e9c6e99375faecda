"""Fragments about what a database is made with, and the port that lets callers in."""

import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps


def open_group(*ports):
    """A security group that opens these ports."""
    group = parts.security_group("data", parts.vpc())
    for port in ports:
        aws.vpc.SecurityGroupIngressRule(f"in-{port}", security_group_id=group.id, ip_protocol="tcp", from_port=port,
                                         to_port=port, cidr_ipv4="10.0.0.0/16")  # fmt: skip
    return [group.id]


@breaks(
    "database-in-all-zones-or-one",
    "aws:rds/instance:Instance 'db': availabilityZone is \"us-east-1a\"; allowed: not set with multiAz.",
)
def database_in_two_zones_and_in_one():
    parts.database(multi_az=True, availability_zone="us-east-1a")


@keeps("database-in-all-zones-or-one")
def database_in_one_zone_of_its_choice():
    parts.database(multi_az=False, availability_zone="us-east-1a")


@breaks(
    "database-is-whole",
    "aws:rds/instance:Instance 'db': engine is not set; allowed: given, as it is made of no other database.",
)
def database_without_an_engine():
    parts.database(engine=None)


@breaks(
    "database-is-whole",
    "aws:rds/instance:Instance 'db': allocatedStorage is not set; allowed: given, as it is made of no other database.",
)
def database_without_storage():
    parts.database(allocated_storage=None)


@keeps("database-is-whole")
def database_of_a_snapshot():
    parts.database(
        engine=None, allocated_storage=None, username=None, password=None, snapshot_identifier="made-elsewhere"
    )


@breaks(
    "database-port-is-open",
    "aws:rds/instance:Instance 'db': vpcSecurityGroupIds is [\"data\"]; allowed: a group that opens 5432.",
)
def database_behind_another_port():
    parts.database(vpc_security_group_ids=open_group(3306))


@keeps("database-port-is-open")
def database_behind_its_port():
    parts.database(vpc_security_group_ids=open_group(5432))


@keeps("database-port-is-open")
def database_that_waits_for_a_rule():
    parts.database(vpc_security_group_ids=open_group())


@breaks(
    "cache-port-is-open",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': securityGroupIds is [\"data\"]; allowed: a "
    "group that opens 6379.",
)
def cache_behind_another_port():
    parts.cache(security_group_ids=open_group(11211))


@keeps("cache-port-is-open")
def cache_behind_its_port():
    parts.cache(port=6380, security_group_ids=open_group(6380))
