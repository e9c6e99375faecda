"""What the program asks of the account before its first resource."""

import pytest
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend, Zone
from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS

from engines import embedded
from offline.account import open_account
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


def own_image(account, architecture):
    """Make an image of the account's own, from one of AWS's of that architecture."""
    ec2 = account.client("ec2")
    wanted = [{"Name": "architecture", "Values": [architecture]}, {"Name": "root-device-type", "Values": ["ebs"]}]
    theirs = ec2.describe_images(Owners=["amazon"], Filters=wanted)["Images"][0]["ImageId"]
    [server] = ec2.run_instances(ImageId=theirs, MinCount=1, MaxCount=1, InstanceType="t4g.small")["Instances"]
    return ec2.create_image(InstanceId=server["InstanceId"], Name="golden")["ImageId"]


def image_of(architecture):
    """What the program learns of an image that the account's owner made and named in `ami_id`."""
    account, told = open_account("us-east-1", "test"), []
    id_ = own_image(account, architecture)
    settings = parse({"ami_id": id_}, stack="test", region="us-east-1")
    embedded.deploy(
        lambda: told.append(facts.ask(settings)),
        account,
        project="bigpicture",
        stack="test",
        config={"aws:region": "us-east-1"},
    )
    return told[0].image, id_


def test_an_image_of_the_accounts_own_is_taken_when_it_is_asked_for():
    image, id_ = image_of("arm64")
    assert (image.id, image.pinned) == (id_, False)


def test_an_image_for_another_processor_is_refused():
    with pytest.raises(Exception, match=r"ami_id is ami-\w+, built for x86_64; allowed: an image for arm64"):
        image_of("x86_64")
