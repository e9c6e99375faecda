"""A stack that stands is asked for in its own zones, whatever zones its servers could be had in by now."""

import pytest

from tests.end_to_end.checkouts import make_checkout

PROGRAM = '''"""Subnets in two zones that the settings do not name."""

import pulumi
import pulumi_aws as aws

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
for number, zone in enumerate(["us-east-1d", "us-east-1c"]):
    cidr = f"10.0.{number}.0/24"
    aws.ec2.Subnet(f"data-{zone}", vpc_id=vpc.id, availability_zone=zone, cidr_block=cidr)
pulumi.export("zones", pulumi.Config("bigpicture").get("zones"))
'''


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The zones that the program was told of at its first `up`, at its second, and where the user names others."""
    checkout = make_checkout(tmp_path_factory.mktemp("zones"))
    (checkout.folder / "__main__.py").write_text(PROGRAM)
    checkout.json("up", "--engine", "pulumi", "--no-serve")
    outcomes = [
        checkout.json("outputs"),
        checkout.json("up", "--no-serve")["outputs"],
        checkout.json("preview", "--set", "zones=us-east-1a,us-east-1b")["outputs"],
    ]
    checkout.run("down", "--now")
    return [each.get("zones") for each in outcomes]


def test_what_stands_decides_over_the_zones_that_nobody_named(told):
    assert told[:2] == [None, "us-east-1c,us-east-1d"]


def test_zones_that_somebody_names_are_taken_as_they_are(told):
    assert told[2] == "us-east-1a,us-east-1b"
