"""What the program asks of the account before its first resource."""

import pytest
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend, Zone
from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS

from stacks import facts
from stacks.settings import parse
from tests.deploying import deploy


def known(**config):
    settings = parse(config, stack="test", region="us-east-1")
    told = []
    deployed = deploy(lambda: told.append(facts.ask(settings)))
    return told[0], deployed


@pytest.fixture
def local_zone():
    """A zone for those who opted in, which has every type and comes first by name; moto holds none."""
    zones, offered = (
        RegionsAndZonesBackend.zones["us-east-1"],
        INSTANCE_TYPE_OFFERINGS["availability-zone"]["us-east-1"],
    )
    zones.append(Zone("us-east-1-atl-1a", "us-east-1", "use1-atl1-az1", zone_type="local-zone"))
    there = [{**row, "Location": "us-east-1-atl-1a"} for row in offered if row["Location"] == "us-east-1a"]
    offered.extend(there)
    yield
    zones.pop()
    del offered[-len(there) :]


def test_zones_are_availability_zones_that_are_open_to_everybody(local_zone):
    assert known(environment="production")[0].zones == ("us-east-1a", "us-east-1b", "us-east-1c")


def test_zones_asked_for_by_name_are_taken():
    assert known(zones="us-east-1d,us-east-1b")[0].zones == ("us-east-1d", "us-east-1b")


def test_a_zone_that_lacks_the_server_type_is_refused_with_those_that_have_it():
    with pytest.raises(
        Exception, match=r"zones is us-east-1e; allowed: zones of us-east-1 that offer .*1d, us-east-1f"
    ):
        known(zones="us-east-1a,us-east-1e")


def test_the_addresses_of_the_cdn_are_found():
    told, deployed = known()
    held = deployed.client("ec2").describe_managed_prefix_lists()["PrefixLists"]
    names = {each["PrefixListId"]: each["PrefixListName"] for each in held}
    assert names[told.edge_prefix_list_id] == "com.amazonaws.global.cloudfront.origin-facing"


def test_the_image_brings_the_name_of_its_root_volume():
    told, deployed = known()
    [held] = deployed.client("ec2").describe_images(ImageIds=[told.image.id])["Images"]
    assert (told.image.root_device, held["Architecture"]) == (held["RootDeviceName"], "arm64")
