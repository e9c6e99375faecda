"""Rules of disks whose speed is chosen: of servers, of volumes alone and of databases."""

from __future__ import annotations

from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import resource_rule
from policies.rules.database import INSTANCE as DATABASE
from policies.rules.launch_templates import TEMPLATE
from policies.rules.placement import INSTANCE
from policies.values import Fault, Properties, of_each

VOLUME = "aws:ebs/volume:Volume"
EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_"
RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html"
BOUGHT = ("io1", "io2")
"""Types of which nothing is made without a number of IOPS."""
FASTER = (*BOUGHT, "gp3")
"""Types that take a number of IOPS."""


@resource_rule(VOLUME, TEMPLATE, INSTANCE, source=f"{EC2}EbsBlockDevice.html", fix="give iops, or use gp3")
def volume_iops(holder: Resource) -> Iterator[Fault]:
    """A volume of type io1 or io2 needs a number of IOPS, and one that is not io1, io2 or gp3 takes none."""
    yield from of_each(_volumes(holder), lambda each: _iops(*each))


@resource_rule(VOLUME, TEMPLATE, INSTANCE, source=f"{EC2}EbsBlockDevice.html", fix='set the type to "gp3"')
def volume_throughput(holder: Resource) -> Iterator[Fault]:
    """Only a gp3 volume takes a throughput."""
    yield from of_each(_volumes(holder), lambda each: _throughput(*each))


@resource_rule(DATABASE, source=RDS, fix="give iops, or use gp3")
def database_iops(instance: Resource) -> Iterator[Fault]:
    """Storage of type io1 or io2 needs a number of IOPS: RDS has no default for what it sells by the piece."""
    if instance.text("storageType") in BOUGHT and "iops" not in instance and "replicateSourceDb" not in instance:
        yield instance.fault("iops", f"a number, with {instance.text('storageType')}")


@resource_rule(DATABASE, source=RDS, fix='set storage_type="gp3"')
def database_throughput(instance: Resource) -> Iterator[Fault]:
    """Only storage of type gp3 takes a throughput."""
    if "storageThroughput" in instance and instance.text("storageType") not in ("gp3", ""):
        yield instance.fault("storageThroughput", f"not set with {instance.text('storageType')}")


def _volumes(holder: Resource) -> list[tuple[Properties, str]]:
    """Each volume that *holder* makes, with the name of the property that holds its type."""
    if holder.type == VOLUME:
        return [(holder, "type")]
    if holder.type == TEMPLATE:
        return [(each, "ebs.volumeType") for each in holder.parts("blockDeviceMappings")]
    return [(each, "volumeType") for name in ("rootBlockDevice", "ebsBlockDevices") if holder.is_known(name)
            for each in holder.parts(name)]  # fmt: skip


def _iops(volume: Properties, path: str) -> Iterator[Fault]:
    type_, iops = volume.text(path), f"{path.rpartition('.')[0]}.iops".lstrip(".")
    if type_ in BOUGHT and iops not in volume:
        yield volume.fault(iops, f"a number, with {type_}")
    if type_ and type_ not in FASTER and volume.number(iops):
        yield volume.fault(iops, f"not set with {type_}")


def _throughput(volume: Properties, path: str) -> Iterator[Fault]:
    type_, throughput = volume.text(path), f"{path.rpartition('.')[0]}.throughput".lstrip(".")
    if type_ and type_ != "gp3" and volume.number(throughput):
        yield volume.fault(throughput, f"not set with {type_}")
