"""Make the three tiers of a VPC's subnets, each with the routes that decide who can reach it and what it can reach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

ANYWHERE = "0.0.0.0/0"


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """Where something is built: which component owns it, and in which VPC it stands."""

    owner: pulumi.Resource
    name: str
    """The component's name, which its children's names begin with."""
    vpc: aws.ec2.Vpc
    region: str

    @property
    def opts(self) -> pulumi.ResourceOptions:
        """What each child gets."""
        return pulumi.ResourceOptions(parent=self.owner)

    def named(self, *role: str) -> tuple[str, dict[str, str]]:
        """A child's logical name, and the tag under which the VPC console shows it."""
        name = "-".join((self.name, *role))
        return name, {"Name": name}


@dataclass(frozen=True, kw_only=True, slots=True)
class Tier:
    """Subnets by zone letter, route tables by zone letter or `all`, and what makes the subnets of use."""

    subnets: Mapping[str, aws.ec2.Subnet]
    tables: Mapping[str, aws.ec2.RouteTable]
    ready: Sequence[pulumi.CustomResource]

    @property
    def raw_ids(self) -> list[pulumi.Output[str]]:
        """The subnets' ids as soon as they exist, for what their routes need themselves."""
        return [subnet.id for subnet in self.subnets.values()]

    def ids_after(self, *others: pulumi.CustomResource) -> pulumi.Output[list[str]]:
        """The subnets' ids, known once their routes and *others* stand: what boots in them finds its way out."""
        first = [resource.id for resource in (*self.ready, *others)]
        return pulumi.Output.all(pulumi.Output.all(*self.raw_ids), *first).apply(lambda known: known[0])


def make_public_tier(site: Site, blocks: Mapping[str, str]) -> Tier:
    """Subnets with a route to the internet; load balancers and NAT gateways bring their own public addresses."""
    name, tags = site.named("internet")
    gateway = aws.ec2.InternetGateway(name, vpc_id=site.vpc.id, tags=tags, opts=site.opts)
    table = _table(site, "public")
    route = aws.ec2.Route(
        f"{site.name}-public-to-internet",
        route_table_id=table.id,
        destination_cidr_block=ANYWHERE,
        gateway_id=gateway.id,
        opts=site.opts,
    )
    subnets = _subnets(site, "public", blocks)
    joined = _associations(site, "public", subnets, dict.fromkeys(subnets, table))
    return Tier(subnets=subnets, tables={"all": table}, ready=[route, *joined])


def make_nat_gateways(site: Site, public: Tier, kind: str) -> dict[str, aws.ec2.NatGateway]:
    """NAT gateways by zone letter: none, one in the first zone or one in each; the first's stays when this changes."""
    letters = {"none": [], "single": sorted(public.subnets)[:1], "per-zone": sorted(public.subnets)}[kind]
    return {letter: _nat_gateway(site, public, letter) for letter in letters}


def _nat_gateway(site: Site, public: Tier, letter: str) -> aws.ec2.NatGateway:
    name, tags = site.named("nat", f"zone-{letter}")
    opts = pulumi.ResourceOptions(parent=site.owner, depends_on=list(public.ready))  # AWS: the gateway's route first
    address = aws.ec2.Eip(name, domain="vpc", tags=tags, opts=opts)
    return aws.ec2.NatGateway(
        name, subnet_id=public.subnets[letter].id, allocation_id=address.allocation_id, tags=tags, opts=opts
    )


def make_app_tier(site: Site, blocks: Mapping[str, str], nats: Mapping[str, aws.ec2.NatGateway]) -> Tier:
    """Private subnets, each with a route table of its own to its zone's NAT gateway, or to the only one."""
    tables = {letter: _table(site, "app", f"zone-{letter}") for letter in blocks}
    routes = [
        aws.ec2.Route(
            f"{site.name}-app-zone-{letter}-to-nat",
            route_table_id=tables[letter].id,
            destination_cidr_block=ANYWHERE,
            nat_gateway_id=nats.get(letter, next(iter(nats.values()))).id,
            opts=site.opts,
        )
        for letter in (blocks if nats else ())
    ]
    subnets = _subnets(site, "app", blocks)
    joined = _associations(site, "app", subnets, tables)
    return Tier(subnets=subnets, tables=tables, ready=[*routes, *joined])


def make_data_tier(site: Site, blocks: Mapping[str, str]) -> Tier:
    """Private subnets without any way to the internet, in either direction."""
    table = _table(site, "data")
    subnets = _subnets(site, "data", blocks)
    joined = _associations(site, "data", subnets, dict.fromkeys(subnets, table))
    return Tier(subnets=subnets, tables={"all": table}, ready=joined)


def _table(site: Site, *role: str) -> aws.ec2.RouteTable:
    name, tags = site.named(*role)
    return aws.ec2.RouteTable(name, vpc_id=site.vpc.id, tags=tags, opts=site.opts)


def _subnets(site: Site, tier: str, blocks: Mapping[str, str]) -> dict[str, aws.ec2.Subnet]:
    return {letter: _subnet(site, tier, letter, block) for letter, block in blocks.items()}


def _subnet(site: Site, tier: str, letter: str, block: str) -> aws.ec2.Subnet:
    name, tags = site.named(tier, f"zone-{letter}")
    return aws.ec2.Subnet(
        name,
        vpc_id=site.vpc.id,
        cidr_block=block,
        availability_zone=f"{site.region}{letter}",
        map_public_ip_on_launch=False,
        tags=tags,
        opts=site.opts,
    )


def _associations(
    site: Site, tier: str, subnets: Mapping[str, aws.ec2.Subnet], tables: Mapping[str, aws.ec2.RouteTable]
) -> list[aws.ec2.RouteTableAssociation]:
    return [
        aws.ec2.RouteTableAssociation(
            f"{site.name}-{tier}-zone-{letter}",
            route_table_id=tables[letter].id,
            subnet_id=subnet.id,
            opts=site.opts,
        )
        for letter, subnet in subnets.items()
    ]
