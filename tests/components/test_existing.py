"""Components stand in what was there before them: a VPC, its subnets, a bucket and a database that no program made."""

from types import SimpleNamespace

import pytest

from components.browser_uploads import BrowserUploads, BrowserUploadsArgs
from components.database import Database
from components.fleet import Connection, Fleet, FleetArgs, Image
from components.load_balancer import LoadBalancer, LoadBalancerArgs, Service
from components.parts.database_args import DatabaseArgs
from components.protection import Protection
from components.session_store import SessionStore, SessionStoreArgs
from engines import embedded
from offline.account import open_account
from tests.surroundings import AMI_PARAMETER

REGION = "us-east-1"
SANDBOX = Protection(protect=False, disposable=True, secret_recovery_days=0)
BUCKET = "pictures-of-long-ago"


def made_by_hand(account):
    """What the account's owner has had for years: ids by role."""
    ec2 = account.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{place}.0/24", AvailabilityZone=f"{REGION}{zone}")["Subnet"]
        for place, zone in enumerate("ab")
    ]
    ids = [subnet["SubnetId"] for subnet in subnets]
    described = {"DBSubnetGroupName": "data", "DBSubnetGroupDescription": "-"}
    account.client("rds").create_db_subnet_group(**described, SubnetIds=ids)
    described = {"CacheSubnetGroupName": "cache", "CacheSubnetGroupDescription": "-"}
    account.client("elasticache").create_cache_subnet_group(**described, SubnetIds=ids)
    account.client("s3").create_bucket(Bucket=BUCKET)
    store = ec2.create_security_group(GroupName="their-database", Description="-", VpcId=vpc)["GroupId"]
    image = account.client("ssm").get_parameter(Name=AMI_PARAMETER)["Parameter"]["Value"]
    return SimpleNamespace(vpc=vpc, subnets=ids, store=store, image=image)


def program(had):
    place = {"vpc_id": had.vpc, "protection": SANDBOX}
    Database("database", DatabaseArgs(**place, subnet_group_name="data", instance_class="db.t4g.small"))
    SessionStore("sessions", SessionStoreArgs(**place, subnet_group_name="cache", node_type="cache.t4g.micro"))
    BrowserUploads("uploads", BrowserUploadsArgs(bucket_name=BUCKET, origins=["https://shop.example.org"]))
    LoadBalancer("front", LoadBalancerArgs(
        vpc_id=had.vpc, subnet_ids=had.subnets, source_prefix_list_id="pl-3b927c52", port=8080, health_path="/",
        services={"web": Service(paths=["/web"])}, idle_timeout_s=50, keep_alive_s=75, drain_s=40,
    ))  # fmt: skip
    Fleet("web", FleetArgs(
        vpc_id=had.vpc, subnet_ids=had.subnets, instance_type="t4g.small", min_servers=2, max_servers=2, port=8080,
        image=Image(id=had.image, root_device="/dev/xvda", pinned=False), user_data="#cloud-config",
        root_volume_gb=10, target_cpu_percent=50, boot_grace_s=300, drain_s=60,
        connections={"database": Connection(security_group_id=had.store, port=5432)},
    ))  # fmt: skip


@pytest.fixture(scope="module")
def had():
    """What was there, the account that holds it, and the graph of what was built in it."""
    account = open_account(REGION, "test")
    had = made_by_hand(account)
    config = {"aws:region": REGION}
    done = embedded.deploy(lambda: program(had), account, project="bigpicture", stack="test", config=config)
    return SimpleNamespace(**vars(had), client=account.client, graph=done.graph)


def test_everything_stands_in_the_vpc_that_was_there(had):
    reservations = had.client("ec2").describe_instances()["Reservations"]
    servers = [instance["VpcId"] for reservation in reservations for instance in reservation["Instances"]]
    balancers = [each["VpcId"] for each in had.client("elbv2").describe_load_balancers()["LoadBalancers"]]
    databases = had.client("rds").describe_db_instances()["DBInstances"]
    groups = [each.id for each in had.graph.of_type("aws:ec2/securityGroup:SecurityGroup")]
    doors = [each["VpcId"] for each in had.client("ec2").describe_security_groups(GroupIds=groups)["SecurityGroups"]]
    stands = [*servers, *balancers, *(each["DBSubnetGroup"]["VpcId"] for each in databases), *doors]
    assert stands == [had.vpc] * (2 + 1 + 1 + 4)


def test_nothing_that_was_there_is_made_again(had):
    kinds = {"aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:s3/bucket:Bucket", "aws:rds/subnetGroup:SubnetGroup"}
    assert [each.name for each in had.graph.resources if each.type in kinds] == []


def test_a_bucket_that_was_there_takes_uploads_from_the_stores_pages(had):
    [rule] = had.client("s3").get_bucket_cors(Bucket=BUCKET)["CORSRules"]
    assert rule["AllowedOrigins"] == ["https://shop.example.org"]


def test_a_database_that_was_there_lets_the_servers_in(had):
    filters = [{"Name": "group-id", "Values": [had.store]}]
    held = had.client("ec2").describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
    into = [(rule["FromPort"], rule["ReferencedGroupInfo"]["GroupId"]) for rule in held if not rule["IsEgress"]]
    [servers] = [each.id for each in had.graph.of_type("aws:ec2/securityGroup:SecurityGroup") if each.name == "web"]
    assert into == [(5432, servers)]
