"""What holds data or is in use is not deleted from under its users, and leaves what it should leave."""

import grpc
import pytest

from tests.offline.provider.calls import serving, urn_of

BALANCER, DATABASE = urn_of("aws:lb/loadBalancer:LoadBalancer"), urn_of("aws:rds/instance:Instance")
TABLE, BUCKET, SECRET = (
    urn_of(token) for token in ("aws:dynamodb/table:Table", "aws:s3/bucket:Bucket", "aws:secretsmanager/secret:Secret")
)
GROUP, RULE = (
    urn_of("aws:ec2/securityGroup:SecurityGroup"),
    urn_of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"),
)
CACHE = urn_of("aws:elasticache/replicationGroup:ReplicationGroup")
ROWS = {"hashKey": "id", "attributes": [{"name": "id", "type": "S"}], "billingMode": "PAY_PER_REQUEST"}
ENGINE = {
    "identifier": "one",
    "engine": "postgres",
    "instanceClass": "db.t4g.small",
    "allocatedStorage": 20,
    "username": "store",
    "password": "hunter2hunter2",
}


@pytest.fixture
def provider(account):
    with serving(account) as provider:
        yield provider


@pytest.fixture
def vpc(account):
    return account.client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]


def refusal(provider, urn, made):
    with pytest.raises(grpc.RpcError) as failure:
        provider.delete(urn, *made)
    return str(failure.value.details())


def subnets(account):
    return [subnet["SubnetId"] for subnet in account.client("ec2").describe_subnets()["Subnets"][:2]]


def test_a_protected_load_balancer_is_not_deleted(provider, account):
    inputs = {"name": "web", "internal": True, "subnets": subnets(account), "enableDeletionProtection": True}
    assert "OperationNotPermitted" in refusal(provider, BALANCER, provider.create(BALANCER, inputs))


def test_a_protected_database_is_not_deleted(provider):
    made = provider.create(DATABASE, {**ENGINE, "deletionProtection": True, "skipFinalSnapshot": True})
    assert "Cannot delete protected DB Instance" in refusal(provider, DATABASE, made)


def test_a_protected_table_is_not_deleted(provider):
    made = provider.create(TABLE, {"name": "rows", **ROWS, "deletionProtectionEnabled": True})
    assert "DeletionProtectionEnabled" in refusal(provider, TABLE, made)


def test_a_database_is_not_deleted_without_a_word_on_its_last_snapshot(provider):
    assert "finalSnapshotIdentifier of one is not set" in refusal(provider, DATABASE, provider.create(DATABASE, ENGINE))


def test_a_deleted_database_leaves_its_last_snapshot(provider, account):
    provider.delete(DATABASE, *provider.create(DATABASE, {**ENGINE, "finalSnapshotIdentifier": "last"}))
    held = account.client("rds").describe_db_snapshots()["DBSnapshots"]
    assert [snapshot["DBSnapshotIdentifier"] for snapshot in held] == ["last"]


def test_a_deleted_cache_leaves_its_last_snapshot(provider, account):
    inputs = {"replicationGroupId": "one", "description": "sessions", "engine": "valkey", "nodeType": "cache.t4g.micro"}
    provider.delete(CACHE, *provider.create(CACHE, {**inputs, "finalSnapshotIdentifier": "last"}))
    held = account.client("elasticache").describe_snapshots()["Snapshots"]
    assert [snapshot["SnapshotName"] for snapshot in held] == ["last"]


SHARDED = {
    "replicationGroupId": "one",
    "description": "sessions",
    "engine": "valkey",
    "engineVersion": "8.0",
    "nodeType": "cache.t4g.micro",
    "clusterMode": "enabled",
    "parameterGroupName": "default.valkey8.cluster.on",
    "automaticFailoverEnabled": True,
    "numNodeGroups": 2,
    "replicasPerNodeGroup": 1,
}


@pytest.mark.parametrize(
    ("before", "change", "code"),
    [
        (
            {"multiAzEnabled": True},
            {"multiAzEnabled": False, "replicasPerNodeGroup": 0},
            "InvalidReplicationGroupState",
        ),
        ({"snapshotRetentionLimit": 0}, {"snapshotRetentionLimit": 3}, "InvalidParameterValue"),
    ],
    ids=["the last replica goes before Multi-AZ does", "backups begin late"],
)
def test_a_cache_refuses_what_the_aws_provider_asks_in_the_wrong_order(provider, before, change, code):
    inputs = {**SHARDED, **before}
    id_, state = provider.create(CACHE, inputs)
    with pytest.raises(grpc.RpcError, match=code):
        provider.update(CACHE, id_, inputs, {**inputs, **change}, state)


def test_a_cache_shrinks_in_two_updates(provider):
    inputs = {**SHARDED, "multiAzEnabled": True}
    id_, state = provider.create(CACHE, inputs)
    alone = {**inputs, "multiAzEnabled": False}
    state = provider.update(CACHE, id_, inputs, alone, state)
    assert provider.update(CACHE, id_, alone, {**alone, "replicasPerNodeGroup": 0}, state)["replicasPerNodeGroup"] == 0


def test_a_bucket_that_holds_an_object_is_not_deleted(provider, account):
    made = provider.create(BUCKET, {"bucket": "pages-one"})
    account.client("s3").put_object(Bucket="pages-one", Key="a", Body=b"a")
    assert "BucketNotEmpty" in refusal(provider, BUCKET, made)


def test_a_bucket_that_may_be_emptied_goes_with_every_version(provider, account):
    made = provider.create(BUCKET, {"bucket": "pages-one", "forceDestroy": True})
    s3 = account.client("s3")
    s3.put_bucket_versioning(Bucket="pages-one", VersioningConfiguration={"Status": "Enabled"})
    for body in (b"a", b"b"):
        s3.put_object(Bucket="pages-one", Key="a", Body=body)
    s3.delete_object(Bucket="pages-one", Key="a")
    provider.delete(BUCKET, *made)
    assert s3.list_buckets()["Buckets"] == []


def test_a_deleted_secret_can_be_restored_within_its_window(provider, account):
    made = provider.create(SECRET, {"name": "vault", "recoveryWindowInDays": 7})
    provider.delete(SECRET, *made)
    account.client("secretsmanager").restore_secret(SecretId="vault")
    assert provider.read(SECRET, made[0], {"name": "vault"})[0] == made[0]


def test_a_group_that_another_groups_rule_names_is_not_deleted(provider, vpc):
    used, user = (provider.create(GROUP, {"name": name, "vpcId": vpc}) for name in ("used", "user"))
    rule = {"securityGroupId": user[0], "referencedSecurityGroupId": used[0], "ipProtocol": "-1"}
    provider.create(RULE, rule)
    assert f"{used[0]} has a dependent object (used by {user[0]})" in refusal(provider, GROUP, used)


def test_a_group_that_a_load_balancer_wears_is_not_deleted(provider, account, vpc):
    used = provider.create(GROUP, {"name": "used", "vpcId": vpc})
    inputs = {"name": "web", "internal": True, "subnets": subnets(account), "securityGroups": [used[0]]}
    provider.create(BALANCER, inputs)
    assert "(used by web)" in refusal(provider, GROUP, used)


def test_a_target_group_that_a_listener_uses_is_not_deleted(provider, account, vpc):
    balancer = provider.create(BALANCER, {"name": "web", "internal": True, "subnets": subnets(account)})[0]
    urn = urn_of("aws:lb/targetGroup:TargetGroup")
    group = provider.create(urn, {"name": "web", "port": 80, "protocol": "HTTP", "vpcId": vpc})
    actions = [{"type": "forward", "targetGroupArn": group[0]}]
    listener = {"loadBalancerArn": balancer, "port": 80, "protocol": "HTTP", "defaultActions": actions}
    provider.create(urn_of("aws:lb/listener:Listener"), listener)
    assert "ResourceInUse" in refusal(provider, urn, group)


@pytest.fixture
def network(provider):
    """A network with a way out: every part of it, by its kind."""
    vpc = provider.create(VPC, {"cidrBlock": "10.1.0.0/16"})
    subnet = provider.create(SUBNET, {"vpcId": vpc[0], "cidrBlock": "10.1.0.0/24"})
    gateway = provider.create(GATEWAY, {"vpcId": vpc[0]})
    address = provider.create(ADDRESS, {"domain": "vpc"})
    nat = provider.create(NAT, {"subnetId": subnet[0], "allocationId": address[0]})
    return {VPC: vpc, NAT: nat, GATEWAY: gateway, ADDRESS: address, SUBNET: subnet}


VPC, SUBNET, ADDRESS = urn_of("aws:ec2/vpc:Vpc"), urn_of("aws:ec2/subnet:Subnet"), urn_of("aws:ec2/eip:Eip")
GATEWAY, NAT = urn_of("aws:ec2/internetGateway:InternetGateway"), urn_of("aws:ec2/natGateway:NatGateway")


@pytest.mark.parametrize(
    ("urn", "code"),
    [
        (SUBNET, "DependencyViolation"),
        (ADDRESS, "InvalidIPAddress.InUse"),
        (GATEWAY, "DependencyViolation"),
        (VPC, "DependencyViolation"),
    ],
)
def test_a_part_of_a_network_that_is_in_use_is_not_deleted(provider, network, urn, code):
    assert code in refusal(provider, urn, network[urn])


def test_a_network_with_a_way_out_is_not_deleted_even_when_it_is_empty(provider):
    vpc = provider.create(VPC, {"cidrBlock": "10.1.0.0/16"})
    gateway = provider.create(GATEWAY, {"vpcId": vpc[0]})[0]
    assert f"(used by {gateway})" in refusal(provider, VPC, vpc)


def test_a_gateway_that_nothing_uses_moves_to_another_network(provider):
    vpc, other = (provider.create(VPC, {"cidrBlock": f"10.{number}.0.0/16"})[0] for number in (1, 2))
    id_, state = provider.create(GATEWAY, {"vpcId": vpc})
    assert provider.update(GATEWAY, id_, {"vpcId": vpc}, {"vpcId": other}, state)["vpcId"] == other


def test_in_the_right_order_all_of_a_network_goes(provider, network, account):
    for urn in (NAT, ADDRESS, GATEWAY, SUBNET, VPC):
        provider.delete(urn, *network[urn])
    cidr = [{"Name": "cidr", "Values": ["10.1.0.0/16"]}]
    assert account.client("ec2").describe_vpcs(Filters=cidr)["Vpcs"] == []
