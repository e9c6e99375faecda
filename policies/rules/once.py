"""Rules of what can be given away once: a subnet to a route table, an address, a zone to an endpoint, a bucket."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from policies.resource import Resource
from policies.routes import ASSOCIATION, ROUTE, SUBNET
from policies.rule import Severity, stack_rule
from policies.rules.network import EIP, ENDPOINT, NAT
from policies.rules.object_store import BUCKET
from policies.stack import Stack
from policies.values import Fault

NOTIFICATION = "aws:s3/bucketNotification:BucketNotification"
EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_"


@stack_rule(ASSOCIATION, source="https://docs.aws.amazon.com/vpc/latest/userguide/WorkWithRouteTables.html",
            fix="associate it once, with the table that has all of its routes")  # fmt: skip
def subnet_of_one_route_table(association: Resource, stack: Stack) -> Iterator[Fault]:
    """A subnet is associated with one route table at a time; EC2 refuses the second."""
    yield from _shared(association, "subnetId", SUBNET, stack, "a subnet that {} does not associate")


@stack_rule(NAT, source=f"{EC2}CreateNatGateway.html", fix="make an address for each gateway")
def address_of_one_gateway(nat: Resource, stack: Stack) -> Iterator[Fault]:
    """An Elastic IP address belongs to one NAT gateway; EC2 refuses it to the second."""
    yield from _shared(nat, "allocationId", EIP, stack, "an address that {} does not have")


@stack_rule(ROUTE, source="https://www.pulumi.com/registry/packages/aws/api-docs/ec2/routetable/",
            fix="give it as nat_gateway_id", severity=Severity.ADVISORY)  # fmt: skip
def route_to_a_nat_by_its_name(route: Resource, stack: Stack) -> Iterator[Fault]:
    """EC2 takes a NAT gateway as gateway_id and gives it back as nat_gateway_id: each `up` replaces the route again."""
    nat = stack.one(route, "gatewayId", NAT)
    if nat is not None:
        yield route.fault("gatewayId", "an internet gateway or a virtual private gateway", got=nat.name)


@stack_rule(ENDPOINT, source="https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
            fix="give it one subnet in each zone")  # fmt: skip
def endpoint_of_one_subnet_a_zone(endpoint: Resource, stack: Stack) -> Iterator[Fault]:
    """An endpoint has one subnet in an availability zone; EC2 refuses two (DuplicateSubnetsInSameZone)."""
    subnets = stack.referred(endpoint, "subnetIds", SUBNET)
    zones = Counter(zone for each in subnets for zone in each.known_texts("availabilityZone"))
    twice = sorted(zone for zone, count in zones.items() if count > 1)
    if twice:
        yield endpoint.fault("subnetIds", "one subnet in each zone", got=f"two in {', '.join(twice)}")


@stack_rule(NOTIFICATION, source="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html",
            fix="write all of a bucket's notifications into one BucketNotification")  # fmt: skip
def bucket_notified_once(notification: Resource, stack: Stack) -> Iterator[Fault]:
    """A bucket has one configuration of notifications: the second takes the place of the first in silence."""
    yield from _shared(notification, "bucket", BUCKET, stack, "a bucket that {} does not configure")


def _shared(user: Resource, path: str, type_: str, stack: Stack, allowed: str) -> Iterator[Fault]:
    """A fault where another resource of the type is given the same; what may be one of several does not count."""
    given = stack.one(user, path, type_)
    users = stack.referring(user.type, path, given) if given is not None else []
    others = [each for each in users if each is not user and stack.one(each, path, type_) is given]
    if given is not None and others:
        yield user.fault(path, allowed.format(others[0].name), got=given.name)
