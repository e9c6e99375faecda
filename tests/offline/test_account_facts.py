"""What a program is told of the world when it asks before its first resource."""

import pulumi_aws as aws
import pytest
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend, Zone

from tests.deploying import deploy


def answer(ask, region="us-east-1"):
    told = []
    deployed = deploy(lambda: told.append(ask()), region=region)
    return told[0], deployed


def zone_filters(**wanted):
    return [
        aws.GetAvailabilityZonesFilterArgs(name=name.replace("_", "-"), values=[value])
        for name, value in wanted.items()
    ]


def test_zones_are_those_that_the_filters_leave():
    def ask():
        filters = zone_filters(opt_in_status="opt-in-not-required", zone_type="availability-zone", zone_id="euw1-az1")
        return aws.get_availability_zones(state="available", filters=filters)

    told, _ = answer(ask, "eu-west-1")
    assert (told.names, told.zone_ids) == (["eu-west-1b"], ["euw1-az1"])


@pytest.fixture
def local_zone():
    """A zone of the kind that must never be taken for an availability zone; moto holds none."""
    zones = RegionsAndZonesBackend.zones["us-east-1"]
    zones.append(Zone("us-east-1-bos-1a", "us-east-1", "use1-bos1-az1", zone_type="local-zone"))
    yield
    zones.pop()


@pytest.mark.parametrize("kind", ["availability-zone", "local-zone"])
def test_local_zones_are_no_availability_zones(local_zone, kind):
    names = answer(lambda: aws.get_availability_zones(filters=zone_filters(zone_type=kind)))[0].names
    assert ("us-east-1-bos-1a" in names) is (kind == "local-zone")


def test_no_zone_has_another_state():
    assert answer(lambda: aws.get_availability_zones(state="impaired"))[0].names == []


def test_an_unknown_zone_filter_is_refused_by_name():
    with pytest.raises(Exception, match="filter group-nam of availability zones; allowed: opt-in-status"):
        answer(lambda: aws.get_availability_zones(filters=zone_filters(group_nam="x")))


def test_an_argument_that_is_not_obeyed_is_refused_by_name():
    with pytest.raises(Exception, match="excludeNames is not obeyed by the offline account; obeyed: state, filters"):
        answer(lambda: aws.get_availability_zones(exclude_names=["us-east-1a"]))


def test_the_caller_and_the_place_are_those_of_the_account():
    def ask():
        return aws.get_caller_identity().account_id, aws.get_region().region, aws.get_partition().partition

    told, deployed = answer(ask, "eu-west-1")
    assert told == (deployed.account.account_id, "eu-west-1", "aws")


def test_a_prefix_list_is_found_by_name():
    name = "com.amazonaws.global.cloudfront.origin-facing"
    told, deployed = answer(lambda: aws.ec2.get_managed_prefix_list(name=name))
    held = {
        each["PrefixListName"]: each for each in deployed.client("ec2").describe_managed_prefix_lists()["PrefixLists"]
    }
    assert (told.id, told.owner_id) == (held[name]["PrefixListId"], "AWS")


def test_a_prefix_list_that_does_not_exist_is_refused():
    with pytest.raises(Exception, match="0 managed prefix lists match"):
        answer(lambda: aws.ec2.get_managed_prefix_list(name="nothing"))


def test_a_type_is_offered_in_the_zones_that_have_it():
    def ask():
        filters = [aws.ec2.GetInstanceTypeOfferingsFilterArgs(name="instance-type", values=["t4g.small"])]
        return aws.ec2.get_instance_type_offerings(location_type="availability-zone", filters=filters)

    assert answer(ask)[0].locations == [f"us-east-1{letter}" for letter in "abcdf"]  # e is AWS's oldest


def ami(values):
    return aws.ec2.get_ami(owners=["amazon"], filters=[aws.ec2.GetAmiFilterArgs(name="image-id", values=values)])


def test_an_image_is_found_by_its_id():
    def ask():
        name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
        return ami([aws.ssm.get_parameter(name=name).insecure_value])

    told, deployed = answer(ask)
    [held] = deployed.client("ec2").describe_images(ImageIds=[told.id])["Images"]
    assert (told.architecture, told.root_device_name) == ("arm64", held["RootDeviceName"])


def test_an_image_of_another_owner_is_not_found():
    def ask():
        name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
        filters = [aws.ec2.GetAmiFilterArgs(name="image-id", values=[aws.ssm.get_parameter(name=name).insecure_value])]
        return aws.ec2.get_ami(owners=["self"], filters=filters)

    with pytest.raises(Exception, match="0 images match"):
        answer(ask)


def test_an_image_that_does_not_exist_is_refused():
    with pytest.raises(Exception, match="0 images match"):
        answer(lambda: ami(["ami-00000000000000000"]))
