"""The servers of a fleet, read back from the account that launched them."""

import base64
from collections import Counter

import pytest

from tests.components.fleets import USER_DATA, group_named, program, servers, template
from tests.deploying import deploy


@pytest.fixture(scope="module")
def deployed():
    return deploy(program)


def test_the_groups_servers_are_in_every_target_group_of_the_fleet(deployed):
    elb = deployed.client("elbv2")
    ids = {row["InstanceId"] for row in group_named(deployed, "web")["Instances"]}
    catalog = deployed.one("aws:lb/targetGroup:TargetGroup", "balancer-catalog").id
    health = elb.describe_target_health(TargetGroupArn=catalog)["TargetHealthDescriptions"]
    assert {row["Target"]["Id"] for row in health} == ids
    assert {row["TargetHealth"]["State"] for row in health} == {"healthy"}


def test_a_listener_rule_leads_to_the_target_group_that_holds_the_servers(deployed):
    elb = deployed.client("elbv2")
    listener = deployed.one("aws:lb/listener:Listener").id
    [rule] = [
        rule
        for rule in elb.describe_rules(ListenerArn=listener)["Rules"]
        if any("/catalog" in row.get("PathPatternConfig", {}).get("Values", []) for row in rule["Conditions"])
    ]
    assert rule["Actions"][0]["TargetGroupArn"] in group_named(deployed, "web")["TargetGroupARNs"]


def test_servers_are_spread_over_the_zones(deployed):
    zones = Counter(row["AvailabilityZone"] for row in group_named(deployed, "web")["Instances"])
    assert zones == {"us-east-1a": 1, "us-east-1b": 1, "us-east-1c": 1}


def test_a_server_runs_with_the_fleets_role(deployed):
    profile = deployed.one("aws:iam/instanceProfile:InstanceProfile", "web").outputs
    assert {server["IamInstanceProfile"]["Arn"] for server in servers(deployed, "web")} == {profile["arn"]}
    assert profile["role"] == deployed.one("aws:iam/role:Role", "web").id


def test_metadata_needs_a_session_token_and_stays_on_the_server(deployed):
    assert template(deployed, "web")["MetadataOptions"] == {
        "HttpEndpoint": "enabled",
        "HttpTokens": "required",
        "HttpPutResponseHopLimit": 1,
    }


def test_a_server_has_one_volume_and_it_is_encrypted_gp3(deployed):
    [server, *_] = servers(deployed, "web")
    ids = [row["Ebs"]["VolumeId"] for row in server["BlockDeviceMappings"]]
    found = deployed.client("ec2").describe_volumes(VolumeIds=ids)["Volumes"]
    assert [(row["VolumeType"], row["Encrypted"], row["Size"]) for row in found] == [("gp3", True, 12)]


def test_the_root_volume_goes_with_its_server_and_has_the_images_device_name(deployed):
    [mapping] = template(deployed, "web")["BlockDeviceMappings"]
    [image] = deployed.client("ec2").describe_images(ImageIds=[template(deployed, "web")["ImageId"]])["Images"]
    assert (mapping["DeviceName"], mapping["Ebs"]["DeleteOnTermination"]) == (image["RootDeviceName"], True)


def test_user_data_is_base64_exactly_once(deployed):
    assert base64.b64decode(template(deployed, "web")["UserData"]).decode() == USER_DATA


def test_servers_report_each_minute(deployed):
    assert template(deployed, "web")["Monitoring"] == {"Enabled": True}


def test_a_burstable_server_is_never_held_at_its_baseline_and_others_have_no_credits(deployed):
    credit = [template(deployed, name).get("CreditSpecification") for name in ("web", "lone")]
    assert credit == [{"CpuCredits": "unlimited"}, None]


def test_the_tags_reach_servers_volumes_and_network_interfaces(deployed):
    wanted = {"project": "bigpicture", "Name": "web"}
    rows = template(deployed, "web")["TagSpecifications"]
    held = {row["ResourceType"]: {tag["Key"]: tag["Value"] for tag in row["Tags"]} for row in rows}
    assert held == {"instance": wanted, "volume": wanted, "network-interface": wanted}


def test_the_groups_own_tags_propagate_to_what_it_launches(deployed):
    tags = group_named(deployed, "web")["Tags"]
    assert {(tag["Key"], tag["Value"], tag["PropagateAtLaunch"]) for tag in tags} == {
        ("project", "bigpicture", True),
        ("Name", "web", True),
    }


def test_nobody_logs_in_with_a_key_pair(deployed):
    assert [server.get("KeyName") for server in servers(deployed, "web")] == [None, None, None]


def test_a_looked_up_image_is_kept_and_a_named_one_obeyed(deployed):
    ignored = [
        deployed.one("aws:ec2/launchTemplate:LaunchTemplate", name).options.ignore_changes for name in ("web", "lone")
    ]
    assert ignored == [["imageId"], []]
