"""Answer what a program asks of the world: who and where it is, and which zones, types and images there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from offline.absence import unless_gone
from offline.handler import PARTITION, Aws, Handler, Properties, given, tag_map

DNS_SUFFIX = "amazonaws.com"
ZONE_FILTERS = {
    "opt-in-status": "OptInStatus",
    "region-name": "RegionName",
    "state": "State",
    "zone-id": "ZoneId",
    "zone-name": "ZoneName",
    "zone-type": "ZoneType",
}
ZONE_WITHOUT_OPT_IN = {"OptInStatus": "opt-in-not-required"}
"""moto 5.2.5 holds no local and no Wavelength zones and leaves the field out; AWS says this of each remaining zone."""


def _refuse_others(arguments: Properties, known: Iterable[str]) -> None:
    """Raise ValueError for an argument that would be dropped in silence."""
    dropped = sorted(arguments.keys() - set(known) - {"region"})
    if dropped:
        raise ValueError(f"{', '.join(dropped)} is not obeyed by the offline account; obeyed: {', '.join(known)}")


def _filters(arguments: Properties) -> list[dict[str, Any]]:
    return [{"Name": row["name"], "Values": row["values"]} for row in arguments.get("filters", [])]


def get_availability_zones(aws: Aws, arguments: Properties) -> Properties:
    """`aws.get_availability_zones`; the filters are applied here, since moto knows few of them."""
    _refuse_others(arguments, ("state", "filters"))
    zones = aws("ec2").describe_availability_zones()["AvailabilityZones"]
    wanted = {row["name"]: row["values"] for row in arguments.get("filters", [])}
    if "state" in arguments:
        wanted["state"] = [arguments["state"]]
    unknown = sorted(wanted.keys() - ZONE_FILTERS.keys())
    if unknown:
        raise ValueError(f"filter {unknown[0]} of availability zones; allowed: {', '.join(ZONE_FILTERS)}")
    zones = [{**ZONE_WITHOUT_OPT_IN, **zone} for zone in zones]
    kept = [zone for zone in zones if all(zone[ZONE_FILTERS[name]] in values for name, values in wanted.items())]
    kept.sort(key=lambda zone: zone["ZoneName"])
    return {
        **arguments,
        "id": aws.region,
        "region": aws.region,
        "names": [zone["ZoneName"] for zone in kept],
        "zoneIds": [zone["ZoneId"] for zone in kept],
        "groupNames": sorted({zone.get("GroupName", aws.region) for zone in kept}),
    }


def get_region(aws: Aws, arguments: Properties) -> Properties:
    """`aws.get_region`."""
    _refuse_others(arguments, ())
    region = aws.region
    named = {"id": region, "name": region, "region": region, "description": region}
    return {**named, "endpoint": f"ec2.{region}.{DNS_SUFFIX}"}


def get_partition(_aws: Aws, arguments: Properties) -> Properties:
    """`aws.get_partition`."""
    _refuse_others(arguments, ())
    return {"id": PARTITION, "partition": PARTITION, "dnsSuffix": DNS_SUFFIX, "reverseDnsPrefix": "com.amazonaws"}


def get_caller_identity(aws: Aws, arguments: Properties) -> Properties:
    """`aws.get_caller_identity`."""
    _refuse_others(arguments, ())
    caller = aws("sts").get_caller_identity()
    return {
        "id": caller["Account"],
        "accountId": caller["Account"],
        "arn": caller["Arn"],
        "userId": caller["UserId"],
    }


def get_managed_prefix_list(aws: Aws, arguments: Properties) -> Properties:
    """`aws.ec2.get_managed_prefix_list` by name, id or filter."""
    _refuse_others(arguments, ("name", "id", "filters"))
    filters = _filters(arguments)
    if "name" in arguments:
        filters.append({"Name": "prefix-list-name", "Values": [arguments["name"]]})
    ids = given(PrefixListIds=[arguments["id"]] if "id" in arguments else None)
    found = aws("ec2").describe_managed_prefix_lists(Filters=filters, **ids)["PrefixLists"]
    held = _only(found, "managed prefix list", arguments)
    entries = aws("ec2").get_managed_prefix_list_entries(PrefixListId=held["PrefixListId"])["Entries"]
    return {
        **arguments,
        "id": held["PrefixListId"],
        "arn": held["PrefixListArn"],
        "name": held["PrefixListName"],
        "addressFamily": held["AddressFamily"],
        "entries": [{"cidr": entry["Cidr"], "description": entry.get("Description", "")} for entry in entries],
        "ownerId": held["OwnerId"],
        "maxEntries": held.get("MaxEntries") or 0,
        "version": held.get("Version") or 0,
        "region": aws.region,
        "tags": tag_map(held.get("Tags")),
    }


def get_instance_type_offerings(aws: Aws, arguments: Properties) -> Properties:
    """`aws.ec2.get_instance_type_offerings`."""
    _refuse_others(arguments, ("locationType", "filters"))
    kind = arguments.get("locationType", "region")
    pages = aws("ec2").get_paginator("describe_instance_type_offerings")
    offered = [
        row
        for page in pages.paginate(LocationType=kind, Filters=_filters(arguments))
        for row in page["InstanceTypeOfferings"]
    ]
    offered.sort(key=lambda row: (row["InstanceType"], row["Location"]))
    return {
        **arguments,
        "id": aws.region,
        "region": aws.region,
        "instanceTypes": [row["InstanceType"] for row in offered],
        "locations": [row["Location"] for row in offered],
        "locationTypes": [row["LocationType"] for row in offered],
    }


def get_ami(aws: Aws, arguments: Properties) -> Properties:
    """`aws.ec2.get_ami`; an `image-id` filter is asked as an id, since moto takes 1.5 s to filter its images.

    Owners are compared here, as moto forgets them beside an id. No image of moto's is ever deprecated.
    """
    _refuse_others(arguments, ("filters", "owners", "mostRecent", "includeDeprecated"))
    filters = _filters(arguments)
    ids = [value for row in filters if row["Name"] == "image-id" for value in row["Values"]]
    rest = [row for row in filters if row["Name"] != "image-id"]
    owners = {aws.account.account_id if owner == "self" else owner for owner in arguments.get("owners") or ()}
    found = _images(aws, given(ImageIds=ids or None, Owners=sorted(owners) or None, Filters=rest))
    found = [image for image in found if not owners or owners & {image["OwnerId"], image.get("ImageOwnerAlias")}]
    found.sort(key=lambda image: image["CreationDate"], reverse=True)
    image = _only(found[:1] if arguments.get("mostRecent") else found, "image", arguments)
    return {**arguments, **_image_told(aws, image)}


def _images(aws: Aws, question: dict[str, Any]) -> list[dict[str, Any]]:
    return unless_gone(lambda: aws("ec2").describe_images(**question)["Images"], "InvalidAMIID*") or []


def _image_told(aws: Aws, image: Mapping[str, Any]) -> Properties:
    disks = image.get("BlockDeviceMappings", [])
    root = next((disk for disk in disks if disk["DeviceName"] == image["RootDeviceName"]), {})
    return {
        "id": image["ImageId"],
        "imageId": image["ImageId"],
        "arn": f"arn:{PARTITION}:ec2:{aws.region}::image/{image['ImageId']}",
        "name": image["Name"],
        "architecture": image["Architecture"],
        "description": image.get("Description", ""),
        "hypervisor": image.get("Hypervisor", ""),
        "virtualizationType": image.get("VirtualizationType", ""),
        "ownerId": image["OwnerId"],
        "public": image["Public"],
        "state": image["State"],
        "rootDeviceName": image["RootDeviceName"],
        "rootDeviceType": image["RootDeviceType"],
        "rootSnapshotId": root.get("Ebs", {}).get("SnapshotId", ""),
        "region": aws.region,
        "tags": tag_map(image.get("Tags")),
    }


def _only(found: list[dict[str, Any]], kind: str, asked: Properties) -> dict[str, Any]:
    if len(found) != 1:
        raise ValueError(f"{len(found)} {kind}s match {asked}; allowed: exactly one. Fix: another name or filter")
    return found[0]


HANDLERS: tuple[Handler, ...] = ()
INVOKES: dict[str, Any] = {
    "aws:index/getAvailabilityZones:getAvailabilityZones": get_availability_zones,
    "aws:index/getRegion:getRegion": get_region,
    "aws:index/getPartition:getPartition": get_partition,
    "aws:index/getCallerIdentity:getCallerIdentity": get_caller_identity,
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": get_managed_prefix_list,
    "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": get_instance_type_offerings,
    "aws:ec2/getAmi:getAmi": get_ami,
}
