"""What stands costs by the hour: each kind is counted as AWS counts it."""

import re

import pytest

from engines.graph import STACK_TYPE, Graph, Resource
from planning.standing_cost import HOURS_A_MONTH, prices, standing_cost

STACK = f"urn:pulumi:s::p::{STACK_TYPE}::p-s"
BOX = "urn:pulumi:s::p::bigpicture:index:Box::box"
TEMPLATE = {"instanceType": "t4g.small", "blockDeviceMappings": [{"ebs": {"volumeSize": 20}}]}


def cost(*resources):
    """The standing cost of one component that owns (type, inputs) pairs; the id of each is its type's last word."""
    made = [
        Resource(
            urn=f"{BOX}-{n}", type=type_, name=str(n), parent=BOX, custom=True, id=type_.split(":")[-1], inputs=inputs
        )
        for n, (type_, inputs) in enumerate(resources)
    ]
    stack = Resource(urn=STACK, type=STACK_TYPE, name="p-s", parent="", custom=False)
    box = Resource(urn=BOX, type="bigpicture:index:Box", name="box", parent=STACK, custom=False)
    return standing_cost(Graph(project="p", stack="s", resources=[stack, box, *made]))


def hourly(usd):
    return round(usd * HOURS_A_MONTH, 2)


def test_a_fleet_costs_its_fewest_servers_and_their_volumes():
    fleet = ("aws:autoscaling/group:Group", {"minSize": 3, "launchTemplate": {"id": "LaunchTemplate"}})
    template = ("aws:ec2/launchTemplate:LaunchTemplate", TEMPLATE)
    assert cost(fleet, template).total == pytest.approx(3 * (0.0168 * HOURS_A_MONTH + 20 * 0.08), abs=0.01)


def test_a_database_with_a_standby_costs_twice_its_class_and_storage():
    database = {"instanceClass": "db.t4g.micro", "multiAz": True, "allocatedStorage": 20}
    alone = cost(("aws:rds/instance:Instance", {**database, "multiAz": False})).total
    assert (alone, cost(("aws:rds/instance:Instance", database)).total) == (13.98, 27.96)


def test_a_cache_costs_every_node_of_every_shard():
    shards = {"nodeType": "cache.t4g.micro", "numNodeGroups": 3, "replicasPerNodeGroup": 1}
    assert cost(("aws:elasticache/replicationGroup:ReplicationGroup", shards)).total == hourly(6 * 0.0128)


def test_an_interface_endpoint_costs_per_subnet_and_a_gateway_endpoint_nothing():
    subnets = {"subnetIds": ["a", "b"]}
    interface = ("aws:ec2/vpcEndpoint:VpcEndpoint", {**subnets, "vpcEndpointType": "Interface"})
    gateway = ("aws:ec2/vpcEndpoint:VpcEndpoint", {"vpcEndpointType": "Gateway"})
    assert cost(interface, gateway).total == hourly(0.02)


def test_a_public_balancer_costs_an_address_in_every_subnet():
    balancer = {"internal": False, "subnets": ["a", "b"]}
    assert cost(("aws:lb/loadBalancer:LoadBalancer", balancer)).total == hourly(0.0225 + 2 * 0.005)


def test_a_firewall_costs_each_of_its_rules():
    assert cost(("aws:wafv2/webAcl:WebAcl", {"rules": [{}, {}]})).total == 7


def test_what_is_paid_by_use_costs_nothing_by_standing():
    assert cost(("aws:sqs/queue:Queue", {}), ("aws:s3/bucketV2:BucketV2", {})).total == 0


def test_an_item_without_a_price_is_named_and_left_out():
    found = cost(("aws:rds/instance:Instance", {"instanceClass": "db.x99.large", "allocatedStorage": 10}))
    assert (found.total, found.unpriced) == (1.15, ["db.x99.large"])


def test_the_dates_of_the_prices_used_are_told():
    assert cost(("aws:ec2/eip:Eip", {}), ("aws:ec2/natGateway:NatGateway", {})).as_of == ("2026-08-10", "2026-10-08")


def test_every_price_is_positive_and_dated():
    assert [
        item
        for item, price in prices().items()
        if price.usd <= 0 or not re.fullmatch(r"2\d{3}-\d\d(-\d\d)?", price.as_of)
    ] == []
