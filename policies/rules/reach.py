"""Rules of what servers can reach where no way leads to the internet."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.documents import statements
from policies.resource import Resource
from policies.routes import ASSOCIATION, EVERYWHERE, ROUTE, ROUTE_TABLE, SUBNET, VPC
from policies.rule import Severity, resource_rule, stack_rule
from policies.rules.fleets import GROUP, HOOK
from policies.rules.network import ENDPOINT
from policies.stack import Stack
from policies.values import Fault

SESSIONS = "https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html"
PACKAGES = "https://repost.aws/knowledge-center/ec2-al1-al2-update-yum-without-internet"


@stack_rule(
    GROUP, source=SESSIONS, fix="add interface endpoints for them, or a NAT gateway", severity=Severity.ADVISORY
)
def fleet_reaches_aws(group: Resource, stack: Stack) -> Iterator[Fault]:
    """Servers without a way out reach an AWS service by its endpoint only, or wait for it until they give up."""
    subnets = [each for each in stack.referred(group, "vpcZoneIdentifiers", SUBNET) if _is_shut_in(each, stack)]
    hooks = stack.referring(HOOK, "autoscalingGroupName", group)
    wanted = {"ssm", "ssmmessages", *(["autoscaling"] if hooks else [])}
    for vpc in {vpc.urn: vpc for subnet in subnets for vpc in stack.referred(subnet, "vpcId", VPC)}.values():
        present = {each.text("serviceName").rpartition(".")[2] for each in stack.referring(ENDPOINT, "vpcId", vpc)}
        elsewhere = [each for each in stack.of(ENDPOINT) if not stack.referred(each, "vpcId", VPC)]
        if (missing := sorted(wanted - present)) and all(each.text("vpcId") for each in elsewhere):
            yield group.fault("vpcZoneIdentifiers", f"a way to {', '.join(missing)}", got=subnets[0].name)


@resource_rule(ENDPOINT, source=PACKAGES, fix="allow s3:GetObject of arn:aws:s3:::al2023-repos-REGION-de612dc2/*",
               severity=Severity.ADVISORY)  # fmt: skip
def endpoint_lets_packages_in(endpoint: Resource) -> Iterator[Fault]:
    """Amazon Linux loads its packages from a bucket of AWS: an endpoint policy that forgets it stops every boot."""
    given = [each for each in statements(endpoint.document("policy")) if each.allows and each.covers("s3:GetObject")]
    resources = [resource for each in given for resource in each.resources]
    admits = any(re.match(r"\*$|arn:aws[a-z-]*:s3:::(\*|al2023-repos-)", each) for each in resources)
    if endpoint.text("serviceName").endswith(".s3") and "policy" in endpoint and not admits:
        yield endpoint.fault("policy", "a statement for al2023-repos-REGION-de612dc2", got=sorted(resources))


def _is_shut_in(subnet: Resource, stack: Stack) -> bool:
    """Whether the program gives the subnet routes, and none of them leads everywhere."""
    tables = [found for each in stack.referring(ASSOCIATION, "subnetId", subnet)
              for found in stack.referred(each, "routeTableId", ROUTE_TABLE)]  # fmt: skip
    routes = [each for table in tables for each in stack.referring(ROUTE, "routeTableId", table)]
    inline = [each for table in tables for each in table.parts("routes")]
    ends = [each.text(path) for each in routes for path in ("destinationCidrBlock", "destinationIpv6CidrBlock")]
    ends += [each.text(path) for each in inline for path in ("cidrBlock", "ipv6CidrBlock")]
    return bool(tables) and not set(ends) & set(EVERYWHERE)
