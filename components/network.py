"""Make the network: a VPC with public, app and data subnets in several zones, and what lets each of them out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import pulumi
import pulumi_aws as aws

from components import names
from components.parts.address_plan import ZONE_LETTERS, network_of, subnet_plan
from components.parts.flow_logs import make_flow_log
from components.parts.refusal import refuse
from components.parts.subnets import Site, Tier, make_app_tier, make_data_tier, make_nat_gateways, make_public_tier
from components.parts.vpc_endpoints import make_endpoint_group, make_gateways, make_interfaces

ADDRESS_QUOTA = 5
"""Elastic IP addresses of an account and region, until AWS raises it (Amazon VPC User Guide, "Amazon VPC quotas")."""

NatGateways = Literal["none", "single", "per-zone"]


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkArgs:
    """Which addresses and zones, and how private servers reach what is outside."""

    cidr: str
    """Addresses of the VPC, a private block of /16 to /21; cannot change in place."""
    zones: Sequence[str]
    """Availability zones by name, at least 2 of `region`. Adding one later leaves the subnets of the others alone."""
    region: str
    """Where the VPC is; endpoint services are named after it."""
    nat_gateways: NatGateways = "per-zone"
    """`single` fails with its zone; `none` leaves app servers with endpoints only. About 33 USD a month each."""
    interface_endpoints: bool = False
    """Private endpoints for AWS's APIs, about 7 USD a month per service and zone."""
    flow_log_retention_days: int | None = None
    """Days for which flow logs are kept (CloudWatch's own values); None logs nothing."""

    def __post_init__(self) -> None:
        network_of(self.cidr)
        kinds = get_args(NatGateways)
        refuse(self, {"nat_gateways": (self.nat_gateways in kinds, ", ".join(kinds))}, self._faults())

    def _faults(self) -> Iterator[str]:
        known = {f"{self.region}{letter}" for letter in ZONE_LETTERS}
        if len(set(self.zones)) < max(2, len(self.zones)) or not known.issuperset(self.zones):
            yield (
                f"zones is {', '.join(self.zones) or 'empty'}; allowed: at least 2 different zones of {self.region},"
                f" {self.region}a to h. Fix: zones"
            )
        if self.nat_gateways == "per-zone" and len(self.zones) > ADDRESS_QUOTA:
            yield f"nat_gateways is per-zone in {len(self.zones)} zones; allowed: {ADDRESS_QUOTA} zones (EC2 quota)"


class Network(pulumi.ComponentResource):
    """A VPC with three tiers: public (load balancer, NAT), app (servers) and data (database, cache; no way out).

    Subnet ids and subnet groups are handed out once their routes exist, so that what boots in them finds the way out.
    """

    vpc_id: pulumi.Output[str]
    public_subnet_ids: pulumi.Output[list[str]]
    app_subnet_ids: pulumi.Output[list[str]]
    data_subnet_ids: pulumi.Output[list[str]]
    database_subnet_group_name: pulumi.Output[str]
    cache_subnet_group_name: pulumi.Output[str]
    route_table_ids: pulumi.Output[dict[str, str]]
    """By role: `public`, `app-a` and so on for each zone, `data`."""
    nat_public_ips: pulumi.Output[list[str]]
    """The addresses that others see, e.g. for a partner's allow-list; one per NAT gateway."""
    endpoint_security_group_id: pulumi.Output[str] | None
    """Whoever calls an interface endpoint adds a rule for port 443 here; None without interface endpoints."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("bigpicture:network:Network", name, None, opts)
        plan = subnet_plan(args.cidr, args.zones)
        site = self._site(name, args)
        public = make_public_tier(site, plan["public"])
        nats = make_nat_gateways(site, public, args.nat_gateways)
        app = make_app_tier(site, plan["app"], nats)
        data = make_data_tier(site, plan["data"])
        gateways = make_gateways(site, [*app.tables.values(), *data.tables.values()])
        interfaces = self._interfaces(site, args, app)
        make_flow_log(site, args.flow_log_retention_days)
        self.vpc_id = site.vpc.id
        self.public_subnet_ids = public.ids_after()
        self.app_subnet_ids = app.ids_after(*gateways, *interfaces)
        self.data_subnet_ids = data.ids_after(*gateways)
        self.nat_public_ips = pulumi.Output.all(*[nat.public_ip for nat in nats.values()])
        self.route_table_ids = _table_ids(public, app, data)
        self._subnet_groups(name)
        self.register_outputs(self._outputs())

    def _site(self, name: str, args: NetworkArgs) -> Site:
        """The VPC, and its default security group without one rule: AWS puts into it whatever names no group."""
        opts = pulumi.ResourceOptions(parent=self)
        vpc = aws.ec2.Vpc(
            name,
            cidr_block=args.cidr,
            enable_dns_support=True,
            enable_dns_hostnames=True,  # private names of interface endpoints and databases
            tags={"Name": name},
            opts=opts,
        )
        unused = f"{name}-default-unused"
        aws.ec2.DefaultSecurityGroup(unused, vpc_id=vpc.id, tags={"Name": unused}, opts=opts)
        return Site(owner=self, name=name, vpc=vpc, region=args.region)

    def _interfaces(self, site: Site, args: NetworkArgs, app: Tier) -> list[aws.ec2.VpcEndpoint]:
        """The interface endpoints if they are asked for, and their security group."""
        self.endpoint_security_group_id = None
        if not args.interface_endpoints:
            return []
        group = make_endpoint_group(site)
        self.endpoint_security_group_id = group.id
        return make_interfaces(site, app, group)

    def _subnet_groups(self, name: str) -> None:
        """The data tier's subnets, as RDS and ElastiCache want to be told of them."""
        tags, opts = {"Name": name}, pulumi.ResourceOptions(parent=self)
        database = aws.rds.SubnetGroup(
            names.logical(aws.rds.SubnetGroup, name),
            subnet_ids=self.data_subnet_ids,
            tags=tags,
            opts=opts,
        )
        cache = aws.elasticache.SubnetGroup(
            names.logical(aws.elasticache.SubnetGroup, name),
            subnet_ids=self.data_subnet_ids,
            tags=tags,
            opts=opts,
        )
        self.database_subnet_group_name, self.cache_subnet_group_name = database.name, cache.name

    def _outputs(self) -> dict[str, pulumi.Output[object] | None]:
        return {name: getattr(self, name) for name in type(self).__annotations__}


def _table_ids(public: Tier, app: Tier, data: Tier) -> pulumi.Output[dict[str, str]]:
    own = {f"app-{letter}": table.id for letter, table in app.tables.items()}
    return pulumi.Output.all(public=public.tables["all"].id, data=data.tables["all"].id, **own)
