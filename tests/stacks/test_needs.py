"""What a stack says it needs of an account is what its program makes: counted in the recorded graph."""

import pytest

from components.fleet import HEALTHY_PERCENT
from engines.embedded import project_program
from engines.recorder import record
from engines.stack_file import ROOT, config_of
from stacks import needs
from stacks.presets import vcpus
from stacks.settings import parse

WORDS = {"scaling": "horizontal", "size": "medium", "environment": "production"}
TYPES = {
    needs.ADDRESSES: "aws:ec2/eip:Eip",
    needs.VPCS: "aws:ec2/vpc:Vpc",
    needs.INTERNET_GATEWAYS: "aws:ec2/internetGateway:InternetGateway",
    needs.BALANCERS: "aws:lb/loadBalancer:LoadBalancer",
    needs.DATABASES: "aws:rds/instance:Instance",
}


@pytest.fixture(scope="module")
def graph():
    return record(project_program(ROOT), config_of("offline", WORDS), ROOT).graph


def needed(**overrides):
    settings = parse({**WORDS, **overrides}, stack="test", region="us-east-1")
    return {need.quota: need for need in needs.needs(settings)}


@pytest.mark.parametrize("quota", TYPES, ids=lambda quota: quota.code)
def test_what_is_needed_is_what_is_made(graph, quota):
    assert needed()[quota].least == len(graph.of_type(TYPES[quota]))


def test_processors_are_those_of_every_fleet(graph):
    templates = {each.name: vcpus(each.inputs["instanceType"]) for each in graph.of_type(LAUNCH)}
    groups = {each.name: each.inputs for each in graph.of_type("aws:autoscaling/group:Group")}
    least = sum(vcpus_ * groups[name]["minSize"] for name, vcpus_ in templates.items())
    most = sum(vcpus_ * groups[name]["maxSize"] for name, vcpus_ in templates.items())
    assert (needed()[needs.VCPUS].least, needed()[needs.VCPUS].most) == (least, 2 * most)


LAUNCH = "aws:ec2/launchTemplate:LaunchTemplate"


def test_cache_nodes_are_those_of_every_shard(graph):
    made = graph.of_type("aws:elasticache/replicationGroup:ReplicationGroup")[0].inputs
    assert needed()[needs.CACHE_NODES].least == made["numNodeGroups"] * (1 + made["replicasPerNodeGroup"])


def test_gateways_are_counted_in_each_zone(graph):
    zones = [each.inputs["subnetId"] for each in graph.of_type("aws:ec2/natGateway:NatGateway")]
    assert needed()[needs.NAT_GATEWAYS].least == len(zones) / len(set(zones))


def test_no_gateway_needs_no_address():
    assert needed(nat_gateways="none", interface_endpoints="true")[needs.ADDRESSES].most == 0


def test_the_headroom_is_the_fleets_own():
    assert HEALTHY_PERCENT[1] == needs.REFRESH_HEADROOM * 100
