"""Ask the account, before the first resource, what the program must know: zones, image, address lists."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_aws as aws

from components.fleet import Image
from stacks.knobs import SettingsError, place
from stacks.settings import Settings

AMI_PARAMETER = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
"""AL2023's newest arm64 image, published by AWS (EC2 User Guide, "Reference the latest AMIs using Systems Manager")."""

ARCHITECTURE = "arm64"
"""Of every server type that the settings take; another image would end each launch."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What the account said."""

    zones: tuple[str, ...]
    image: Image
    edge_prefix_list_id: str
    """Addresses from which CloudFront calls origins."""


def ask(settings: Settings) -> Facts:
    """Look the facts up; SettingsError when the region lacks what the settings ask for."""
    prefix_list = aws.ec2.get_managed_prefix_list(name="com.amazonaws.global.cloudfront.origin-facing")
    return Facts(zones=_zones(settings), image=_image(settings), edge_prefix_list_id=prefix_list.id)


def _zones(settings: Settings) -> tuple[str, ...]:
    """The first zones that are open to everybody and offer every server type, or the ones asked for by name."""
    filters = [
        aws.GetAvailabilityZonesFilterArgs(name="opt-in-status", values=["opt-in-not-required"]),
        aws.GetAvailabilityZonesFilterArgs(name="zone-type", values=["availability-zone"]),
    ]
    found = aws.get_availability_zones(state="available", filters=filters)
    usable = sorted(set(found.names) & _offering(settings))
    wanted = settings.zones or tuple(usable[: settings.preset.zone_count])
    missing = [zone for zone in wanted if zone not in usable]
    if missing or len(wanted) < settings.preset.zone_count:
        asked = f"zones is {', '.join(missing)}" if missing else f"zone_count is {settings.preset.zone_count}"
        raise SettingsError(
            [
                (
                    f"{asked}; allowed: zones of {settings.region} that offer {', '.join(_server_types(settings))}:"
                    f" {', '.join(usable) or 'none'}. Fix: {_fix(usable, missing)}, {place(settings.stack)}"
                )
            ]
        )
    return wanted


def _fix(usable: list[str], missing: list[str]) -> str:
    """The setting that mends it: where no zone offers the servers, more or other zones do not."""
    if not usable:
        return "app_server_type and worker_server_type, or another aws:region"
    return "zones" if missing else "zone_count"


def _server_types(settings: Settings) -> list[str]:
    return sorted({settings.preset.app_server_type, settings.preset.worker_server_type})


def _offering(settings: Settings) -> set[str]:
    """Zones in which every server type can be had; the smaller zones of a region lack some."""
    each = []
    for type_ in _server_types(settings):
        filters = [aws.ec2.GetInstanceTypeOfferingsFilterArgs(name="instance-type", values=[type_])]
        offered = aws.ec2.get_instance_type_offerings(location_type="availability-zone", filters=filters)
        each.append(set(offered.locations))
    return set.intersection(*each)


def _image(settings: Settings) -> Image:
    """The image to boot, with its own name for the root volume: another name would add a second, unencrypted one.

    One that is asked for may be anybody's, and older than the 90 days after which AWS deprecates AL2023's: a filter by
    id does not find it then (https://github.com/hashicorp/packer-plugin-amazon/issues/261).
    """
    id_ = settings.ami_id or aws.ssm.get_parameter(name=AMI_PARAMETER).insecure_value
    found = aws.ec2.get_ami(
        owners=None if settings.ami_id else ["amazon"],
        include_deprecated=True,
        filters=[aws.ec2.GetAmiFilterArgs(name="image-id", values=[id_])],
    )
    if found.architecture != ARCHITECTURE:
        raise SettingsError(
            [
                (
                    f"ami_id is {id_}, built for {found.architecture}; allowed: an image for {ARCHITECTURE}, like the"
                    f" servers. Fix: ami_id, {place(settings.stack)}"
                )
            ]
        )
    return Image(id=id_, root_device=found.root_device_name, pinned=not settings.ami_id)
