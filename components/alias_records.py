"""Lead DNS names to AWS's own targets: distributions and load balancers, whose addresses change."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True, slots=True)
class Alias:
    """One name and what answers under it. Aliases cost nothing to ask, and work for a zone's own name."""

    name: str
    """The full DNS name, in the zone."""
    target_name: pulumi.Input[str]
    """The target's own DNS name."""
    target_zone_id: pulumi.Input[str]
    """The hosted zone of the target, which AWS names for each kind of target and region."""
    ipv6: bool
    """Also lead IPv6 clients there. Only where the target answers over IPv6: else they fail."""
    evaluate_target_health: bool = False
    """Answer nothing while the target is unhealthy. CloudFront refuses it (Route 53 API, AliasTarget)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AliasRecordsArgs:
    """A zone, and the names in it."""

    zone_id: pulumi.Input[str]
    """The hosted zone that the records are put into."""
    aliases: Mapping[str, Alias]
    """By role: a record's resource is called by it, so that its name may change."""

    def __post_init__(self) -> None:
        names = [alias.name for alias in self.aliases.values()]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice or not names:
            raise ValueError(f"aliases has {', '.join(twice) or 'nothing'}; allowed: each name once. Fix: aliases")


class AliasRecords(pulumi.ComponentResource):
    """An A record per alias, and an AAAA record where the target answers over IPv6."""

    fqdns: pulumi.Output[dict[str, str]]
    """The names by role, known once they lead to their targets."""

    def __init__(self, name: str, args: AliasRecordsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("bigpicture:dns:AliasRecords", name, None, opts)
        first = {role: self._record(f"{name}-{role}", args.zone_id, alias, "A") for role, alias in args.aliases.items()}
        over_ipv6 = {role: alias for role, alias in args.aliases.items() if alias.ipv6}
        second = [self._record(f"{name}-{role}", args.zone_id, alias, "AAAA") for role, alias in over_ipv6.items()]
        fqdns = pulumi.Output.all(**{role: record.fqdn for role, record in first.items()})
        self.fqdns = pulumi.Output.all(fqdns, *[record.id for record in second]).apply(lambda known: known[0])
        self.register_outputs({"fqdns": self.fqdns})

    def _record(self, name: str, zone_id: pulumi.Input[str], alias: Alias, kind: str) -> aws.route53.Record:
        return aws.route53.Record(
            f"{name}-{kind.lower()}",
            zone_id=zone_id,
            name=alias.name,
            type=kind,
            aliases=[
                aws.route53.RecordAliasArgs(
                    name=alias.target_name,
                    zone_id=alias.target_zone_id,
                    evaluate_target_health=alias.evaluate_target_health,
                )
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )
