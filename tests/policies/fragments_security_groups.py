"""Fragments about security groups and their rules."""

import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps


def ingress(name="in", group=None, **more):
    group = group or parts.security_group("web", parts.vpc())
    given = {"ip_protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_ipv4": "10.0.0.0/8"}
    aws.vpc.SecurityGroupIngressRule(name, security_group_id=group.id, **{**given, **more})


def named(**more):
    aws.ec2.SecurityGroup("g", **{"vpc_id": parts.vpc().id, "description": "of g", **more})


@breaks(
    "security-group-words",
    "aws:ec2/securityGroup:SecurityGroup 'g': name is \"SG-web\"; allowed: 1 to 255 of a-z, A-Z, 0-9, "
    "space and ._-:/()#,@[]+=&;{}!$*, not sg-*.",
    "aws:ec2/securityGroup:SecurityGroup 'g': description is \"für alle\"; allowed: 1 to 255 of a-z, A-Z, "
    "0-9, space and ._-:/()#,@[]+=&;{}!$*.",
)
def reserved_name_and_umlaut():
    named(name="SG-web", description="für alle")


@keeps("security-group-words")
def name_of_255():
    named(name="a" * 255, description="a" * 255)


@breaks(
    "security-group-rule-words",
    'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule \'in\': description is "the \\"CDN\\""; '
    "allowed: 1 to 255 of a-z, A-Z, 0-9, space and ._-:/()#,@[]+=&;{}!$*.",
)
def quoted_description():
    ingress(description='the "CDN"')


@keeps("security-group-rule-words")
def description_of_255():
    ingress(description="a" * 255)


@breaks(
    "security-group-rule-one-end",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule 'in': cidrIpv4 is [\"cidrIpv4\", "
    '"prefixListId"]; allowed: exactly one of cidrIpv4, cidrIpv6, prefixListId, '
    "referencedSecurityGroupId.",
)
def two_ends():
    ingress(prefix_list_id="pl-1")


@breaks(
    "security-group-rule-range",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule 'in': cidrIpv4 is \"10.0.0.1/8\"; allowed: "
    "an address range with zeros behind the prefix.",
)
def host_bits_in_a_rule():
    ingress(cidr_ipv4="10.0.0.1/8")


@breaks(
    "security-group-rule-protocol",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule 'in': ipProtocol is \"foo\"; allowed: tcp, "
    "udp, icmp, icmpv6, -1, or 0 to 255.",
)
def protocol_foo():
    ingress(ip_protocol="foo")


@keeps("security-group-rule-protocol")
def protocol_by_number():
    ingress(ip_protocol="47", from_port=None, to_port=None)


@breaks(
    "security-group-rule-ports",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule 'in': fromPort is [443, 80]; allowed: "
    "fromPort <= toPort, both 0 to 65535.",
)
def ports_upside_down():
    ingress(from_port=443, to_port=80)


@keeps("security-group-rule-ports")
def every_port():
    ingress(from_port=0, to_port=65535)


@breaks(
    "security-group-rule-once",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule 'a': securityGroupId is \"as b\"; allowed: "
    "a rule that differs from every other.",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule 'b': securityGroupId is \"as a\"; allowed: "
    "a rule that differs from every other.",
)
def twice_the_same():
    group = parts.security_group("web", parts.vpc())
    ingress("a", group)
    ingress("b", group)


@keeps("security-group-rule-once")
def twice_another():
    group = parts.security_group("web", parts.vpc())
    ingress("a", group)
    ingress("b", group, cidr_ipv4="192.0.2.0/24")


@breaks(
    "security-group-rules-in-one-place",
    "aws:ec2/securityGroup:SecurityGroup 'web': ingress is [\"in\"]; allowed: not set, as there are rules "
    "beside the group.",
)
def rules_inside_and_beside():
    inside = aws.ec2.SecurityGroupIngressArgs(protocol="tcp", from_port=80, to_port=80, cidr_blocks=["10.0.0.0/8"])
    ingress(group=parts.security_group("web", parts.vpc(), ingress=[inside]))


@breaks(
    "security-group-size",
    "aws:ec2/securityGroup:SecurityGroup 'web': ingress is \"110, a prefix list counted as 55\"; allowed: "
    "60 inbound rules.",
)
def two_ports_for_the_cdn():
    group = parts.security_group("web", parts.vpc())
    for port in (80, 443):
        ingress(f"cdn-{port}", group, from_port=port, to_port=port, cidr_ipv4=None, prefix_list_id="pl-3b927c52")


@keeps("security-group-size")
def one_port_for_the_cdn_and_five_more():
    group = parts.security_group("web", parts.vpc())
    ingress("cdn", group, cidr_ipv4=None, prefix_list_id="pl-3b927c52")
    for number in range(5):
        ingress(f"more-{number}", group, from_port=number, to_port=number)


@breaks(
    "security-group-open-port",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule 'in': cidrIpv4 is \"open: SSH\"; allowed: "
    "no world-open port of administration or data.",
)
def world_open_ssh():
    ingress(from_port=22, to_port=22, cidr_ipv4="0.0.0.0/0")


@keeps("security-group-open-port")
def world_open_https():
    ingress(cidr_ipv4="0.0.0.0/0")


@breaks(
    "security-group-reaches-something",
    "aws:ec2/securityGroup:SecurityGroup 'web': egress is not set; allowed: at least one rule.",
)
def server_that_reaches_nothing():
    group = parts.security_group("web", parts.vpc())
    aws.ec2.LaunchTemplate("web", vpc_security_group_ids=[group.id])


@breaks(
    "security-group-reaches-something",
    "aws:ec2/securityGroup:SecurityGroup 'web': egress is not set; allowed: at least one rule.",
)
def server_whose_only_older_rule_lets_in():
    group = parts.security_group("web", parts.vpc())
    given = {"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["10.0.0.0/8"]}
    aws.ec2.SecurityGroupRule("in", type="ingress", security_group_id=group.id, **given)
    aws.ec2.LaunchTemplate("web", vpc_security_group_ids=[group.id])


@keeps("security-group-reaches-something")
def server_whose_older_rule_lets_out():
    group = parts.security_group("web", parts.vpc())
    given = {"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["10.0.0.0/8"]}
    aws.ec2.SecurityGroupRule("out", type="egress", security_group_id=group.id, **given)
    aws.ec2.LaunchTemplate("web", vpc_security_group_ids=[group.id], metadata_options={"http_tokens": "required"})
