"""Fragments about disks whose speed is chosen."""

import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps
from tests.policies.fragments_launch_templates import template


def disk(**ebs):
    template(block_device_mappings=[{"device_name": "/dev/xvda", "ebs": {"encrypted": "true", **ebs}}])


def volume(**more):
    aws.ebs.Volume("volume", availability_zone="us-east-1a", size=100, encrypted=True, **more)


@breaks(
    "volume-iops",
    "aws:ec2/launchTemplate:LaunchTemplate 'template': blockDeviceMappings[0].ebs.iops is not set; "
    "allowed: a number, with io2.",
)
def disk_of_io2_without_iops():
    disk(volume_type="io2")


@breaks(
    "volume-iops",
    "aws:ebs/volume:Volume 'volume': iops is 3000; allowed: not set with gp2.",
)
def volume_of_gp2_with_iops():
    volume(type="gp2", iops=3000)


@breaks(
    "volume-iops",
    "aws:ec2/instance:Instance 'server': rootBlockDevice.iops is not set; allowed: a number, with io1.",
)
def root_of_io1_without_iops():
    aws.ec2.Instance(
        "server",
        ami="ami-0123456789abcdef0",
        instance_type="t3.micro",
        metadata_options={"http_tokens": "required"},
        root_block_device={"volume_type": "io1", "encrypted": True},
    )


@keeps("volume-iops")
def volume_of_io1_with_iops():
    volume(type="io1", iops=100)


@keeps("volume-iops")
def disk_of_gp3_as_it_is():
    disk(volume_type="gp3")


@breaks(
    "volume-throughput",
    "aws:ebs/volume:Volume 'volume': throughput is 250; allowed: not set with io2.",
)
def volume_of_io2_with_a_throughput():
    volume(type="io2", iops=100, throughput=250)


@keeps("volume-throughput")
def disk_of_gp3_with_a_throughput():
    disk(volume_type="gp3", throughput=250)


@breaks(
    "database-iops",
    "aws:rds/instance:Instance 'db': iops is not set; allowed: a number, with io2.",
)
def database_of_io2_without_iops():
    parts.database(storage_type="io2", allocated_storage=100)


@keeps("database-iops")
def database_of_io2_with_iops():
    parts.database(storage_type="io2", allocated_storage=100, iops=1000)


@breaks(
    "database-throughput",
    "aws:rds/instance:Instance 'db': storageThroughput is 500; allowed: not set with gp2.",
)
def database_of_gp2_with_a_throughput():
    parts.database(storage_type="gp2", storage_throughput=500)


@keeps("database-throughput")
def database_of_gp3_with_a_throughput():
    parts.database(allocated_storage=400, iops=12_000, storage_throughput=500)
