"""Carry hosted zones and their records into the offline account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from offline.absence import unless_gone
from offline.handler import (
    DESCRIPTION,
    PARTITION,
    Aws,
    Handler,
    Properties,
    changed,
    fields,
    given,
    standing,
    tag_changes,
    tag_list,
    tag_map,
)


def _bare(name: str) -> str:
    """Spell a DNS name as the AWS provider does: lower case, no dot at the end, `*` not as an octal code."""
    return name.removesuffix(".").lower().replace("\\052", "*")


def _zone(aws: Aws, id_: str) -> dict[str, Any] | None:
    return unless_gone(lambda: aws("route53").get_hosted_zone(Id=id_), "NoSuchHostedZone")


def _zone_told(aws: Aws, answer: Mapping[str, Any]) -> Properties:
    zone = answer["HostedZone"]
    id_ = zone["Id"].removeprefix("/hostedzone/")
    tags = aws("route53").list_tags_for_resource(ResourceType="hostedzone", ResourceId=id_)["ResourceTagSet"]
    servers = answer.get("DelegationSet", {}).get("NameServers", [])
    return {
        "name": _bare(zone["Name"]),
        "comment": zone["Config"].get("Comment", ""),
        "zoneId": id_,
        "arn": f"arn:{PARTITION}:route53:::hostedzone/{id_}",  # no account in it
        "nameServers": sorted(servers),
        "primaryNameServer": servers[0] if servers else "",
        "tags": tag_map(tags.get("Tags")),
        "tagsAll": tag_map(tags.get("Tags")),
    }


def _empty(aws: Aws, zone_id: str) -> None:
    """Delete every record set but the two that came with the zone."""
    zone = aws("route53").get_hosted_zone(Id=zone_id)["HostedZone"]["Name"]
    pages = aws("route53").get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone_id)
    rows = [row for page in pages for row in page["ResourceRecordSets"]]
    own = [row for row in rows if row["Name"] != zone or row["Type"] not in ("NS", "SOA")]
    changes = [{"Action": "DELETE", "ResourceRecordSet": row} for row in own]
    if changes:
        aws("route53").change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch={"Changes": changes})


class Zone(Handler):
    """`aws.route53.Zone`, public; its id is the zone's without `/hostedzone/`."""

    token = "aws:route53/zone:Zone"
    emulates = fields("name comment tags")
    records = fields("forceDestroy")

    def create(self, aws: Aws, inputs: Properties) -> str:
        made = aws("route53").create_hosted_zone(
            Name=inputs["name"],
            CallerReference=f"{inputs['name']}-{aws('route53').get_hosted_zone_count()['HostedZoneCount']}",
            HostedZoneConfig={"Comment": inputs.get("comment", DESCRIPTION), "PrivateZone": False},
        )
        id_ = made["HostedZone"]["Id"].removeprefix("/hostedzone/")
        if inputs.get("tags"):
            tags = tag_list(inputs["tags"])
            with standing(id_):
                aws("route53").change_tags_for_resource(ResourceType="hostedzone", ResourceId=id_, AddTags=tags)
        return id_

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        answer = _zone(aws, id_)
        return None if answer is None else _zone_told(aws, answer)

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        """With `forceDestroy` records that nobody here made go first; Route53 deletes no zone that holds any."""
        if state.get("forceDestroy"):
            _empty(aws, id_)
        aws("route53").delete_hosted_zone(Id=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        if changed(old, new, "comment"):
            aws("route53").update_hosted_zone_comment(Id=id_, Comment=new.get("comment", DESCRIPTION))
        tags, gone = tag_changes(old, new)
        changes = {**({"AddTags": tag_list(tags)} if tags else {}), **({"RemoveTagKeys": gone} if gone else {})}
        if changes:
            aws("route53").change_tags_for_resource(ResourceType="hostedzone", ResourceId=id_, **changes)


class Record(Handler):
    """`aws.route53.Record` with simple routing; its id is `ZONE_name_TYPE`."""

    token = "aws:route53/record:Record"
    emulates = fields("zoneId name type ttl records aliases")
    records = fields("allowOverwrite")

    def create(self, aws: Aws, inputs: Properties) -> str:
        held = [{"Value": value} for value in inputs.get("records", [])]
        wanted = {
            "Name": inputs["name"],
            "Type": inputs["type"],
            **given(TTL=inputs.get("ttl"), ResourceRecords=held or None, AliasTarget=_alias(inputs)),
        }
        action = "UPSERT" if inputs.get("allowOverwrite") else "CREATE"
        change = {"Changes": [{"Action": action, "ResourceRecordSet": wanted}]}
        aws("route53").change_resource_record_sets(HostedZoneId=inputs["zoneId"], ChangeBatch=change)
        return f"{inputs['zoneId']}_{_bare(inputs['name'])}_{inputs['type']}"

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        zone, name, kind = _parts(id_)
        found = record_set(aws, zone, name, kind)
        if found is None:
            return None
        alias = found.get("AliasTarget")
        return given(
            zoneId=zone,
            name=_bare(found["Name"]),
            fqdn=_bare(found["Name"]),
            type=found["Type"],
            ttl=found.get("TTL"),
            records=[row["Value"] for row in found.get("ResourceRecords", [])] or None,
            aliases=[_alias_told(alias)] if alias else None,
        )

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        zone, name, kind = _parts(id_)
        held = record_set(aws, zone, name, kind)
        change = {"Changes": [{"Action": "DELETE", "ResourceRecordSet": held}]}
        aws("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=change)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        self.create(aws, {**new, "allowOverwrite": True})


def _parts(id_: str) -> tuple[str, str, str]:
    """Zone, name and type that a record's id is made of; a name may hold underscores."""
    zone, rest = id_.split("_", 1)
    name, kind = rest.rsplit("_", 1)
    return zone, name, kind


def record_set(aws: Aws, zone_id: str, name: str, kind: str) -> dict[str, Any] | None:
    """The one record set of that name and type, None without one."""
    question = {"HostedZoneId": zone_id, "StartRecordName": name, "StartRecordType": kind, "MaxItems": "1"}
    for found in aws("route53").list_resource_record_sets(**question)["ResourceRecordSets"]:
        if _bare(found["Name"]) == _bare(name) and found["Type"] == kind:
            return found
    return None


def _alias(inputs: Properties) -> dict[str, Any] | None:
    for alias in inputs.get("aliases", []):
        return {
            "HostedZoneId": alias["zoneId"],
            "DNSName": alias["name"],
            "EvaluateTargetHealth": alias["evaluateTargetHealth"],
        }
    return None


def _alias_told(alias: Mapping[str, Any]) -> Properties:
    health = alias["EvaluateTargetHealth"]
    return {"zoneId": alias["HostedZoneId"], "name": _bare(alias["DNSName"]), "evaluateTargetHealth": health}


def get_zone(aws: Aws, arguments: Properties) -> Properties:
    """`aws.route53.get_zone` by id, or by the name of a public zone."""
    dropped = sorted(arguments.keys() - {"name", "zoneId", "privateZone"})
    if dropped or arguments.get("privateZone"):
        raise ValueError(f"{dropped or 'privateZone'} is not obeyed by the offline account; obeyed: name, zoneId")
    if "zoneId" in arguments:
        ids = [arguments["zoneId"]]
    else:
        pages = aws("route53").get_paginator("list_hosted_zones").paginate()
        zones = [zone for page in pages for zone in page["HostedZones"]]
        ids = [zone["Id"] for zone in zones if _bare(zone["Name"]) == _bare(arguments["name"])]
    found = [_zone(aws, id_) for id_ in ids]
    if len(found) != 1 or found[0] is None:
        raise ValueError(f"{len(found)} hosted zones match {arguments}; allowed: exactly one. Fix: hosted_zone: make")
    told = _zone_told(aws, found[0])
    zone = found[0]["HostedZone"]
    return {
        **{key: value for key, value in told.items() if key != "tagsAll"},
        "id": told["zoneId"],
        "callerReference": zone["CallerReference"],
        "privateZone": zone["Config"]["PrivateZone"],
        "resourceRecordSetCount": zone["ResourceRecordSetCount"],
        "linkedServiceDescription": "",
        "linkedServicePrincipal": "",
    }


HANDLERS: tuple[Handler, ...] = (Zone(), Record())
INVOKES: dict[str, Any] = {"aws:route53/getZone:getZone": get_zone}
