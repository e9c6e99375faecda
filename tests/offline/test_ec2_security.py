"""Security groups and their rules read back from the offline account."""

import pulumi_aws as aws
import pytest

from tests.deploying import deploy


def program():
    app = aws.ec2.SecurityGroup("app", description="Servers", tags={"Name": "app"})
    store = aws.ec2.SecurityGroup("store")
    port = {"ip_protocol": "tcp", "from_port": 5432, "to_port": 5432}
    rule = aws.vpc.SecurityGroupIngressRule
    rule("from-app", security_group_id=store.id, referenced_security_group_id=app.id, description="app", **port)
    rule("from-list", security_group_id=store.id, prefix_list_id="pl-1", tags={"Name": "list"}, **port)
    rule("from-range", security_group_id=store.id, cidr_ipv6="2001:db8::/32", **port)
    aws.vpc.SecurityGroupEgressRule("out", security_group_id=app.id, ip_protocol="-1", cidr_ipv4="0.0.0.0/0")


@pytest.fixture(scope="module")
def deployed():
    return deploy(program)


def rules(deployed, group):
    filters = [{"Name": "group-id", "Values": [deployed.one("aws:ec2/securityGroup:SecurityGroup", group).id]}]
    return deployed.client("ec2").describe_security_group_rules(Filters=filters)["SecurityGroupRules"]


def test_every_emulated_property_reads_back_as_it_went_in(deployed):
    assert deployed.differences() == {}


def test_a_group_has_no_rule_but_those_that_were_asked_for(deployed):
    assert [rule["IsEgress"] for rule in rules(deployed, "app")] == [True]
    assert [rule["IsEgress"] for rule in rules(deployed, "store")] == [False, False, False]


def test_each_rule_has_the_one_peer_it_was_given(deployed):
    app = deployed.one("aws:ec2/securityGroup:SecurityGroup", "app").id
    peers = {
        rule.get("ReferencedGroupInfo", {}).get("GroupId") or rule.get("PrefixListId") or rule.get("CidrIpv6")
        for rule in rules(deployed, "store")
    }
    assert peers == {app, "pl-1", "2001:db8::/32"}


def test_a_rule_for_every_protocol_has_no_ports(deployed):
    rule = deployed.one("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
    assert {"fromPort", "toPort"}.isdisjoint(rule.outputs)
