"""The preflight of a stack, asked of the offline account at its endpoint: each fault that it finds, provoked there."""

import datetime as dt

import boto3
import pytest
from botocore.stub import Stubber

from engines.cloud import Cloud, CloudError
from engines.preflight import account as account_checks
from engines.preflight import capacity, names, offerings, permissions, preflight, versions
from offline.account import open_account
from stacks import settings

ACCOUNT = "123456789012"
TODAY = dt.datetime.now(dt.UTC).date()
RIGHT = {
    "aws:allowedAccountIds": f'["{ACCOUNT}"]',
    "expires_at": str(TODAY),
    "app_server_type": "t4g.nano",
}


@pytest.fixture
def account(monkeypatch):
    opened = open_account("us-east-1", "test")
    monkeypatch.setenv("AWS_ENDPOINT_URL", opened.serve())
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "offline")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "offline")
    yield opened
    opened.close()


def found(check, subject, **overrides):
    """The one finding of a check about a subject, as (mark, found)."""
    findings = [each for each in preflight("sandbox", {**RIGHT, **overrides}, [check]) if each.subject == subject]
    assert len(findings) == 1
    return findings[0].mark, findings[0].found


def test_an_account_that_can_take_the_stack_has_no_fault(account):
    assert [each.sentence() for each in preflight("sandbox", RIGHT) if not each.ok] == []


def test_the_caller_and_the_address_that_stands_in_for_aws_are_named(account):
    assert found(account_checks.is_the_one, "caller") == (
        "ok",
        f"arn:aws:sts::{ACCOUNT}:user/moto at {account.serve()}",
    )


def test_another_account_than_the_stack_files_is_refused(account):
    assert found(account_checks.is_the_one, "account", **{"aws:allowedAccountIds": '["999999999999"]'}) == (
        "FAULT",
        ACCOUNT,
    )


def test_a_stack_file_that_names_no_account_is_told_the_line_to_add(account):
    refused = next(each for each in preflight("sandbox", {}, [account_checks.is_the_one]) if each.subject == "account")
    line = f'aws:allowedAccountIds: ["{ACCOUNT}"]'
    assert (refused.ok, refused.fix) == (False, f"{line} below config: in stacks/Pulumi.sandbox.yaml")


def test_account_ids_that_yaml_takes_for_numbers_are_no_account_ids(account):
    got = found(account_checks.is_the_one, "account", **{"aws:allowedAccountIds": f"[{ACCOUNT}]"})
    assert got == ("FAULT", f"{ACCOUNT}; aws:allowedAccountIds is [{ACCOUNT}]")


def test_a_region_that_is_not_opted_in_to_is_refused():
    asked = account_checks.region_finding("eu-south-1", [{"OptInStatus": "not-opted-in"}])
    assert (asked.ok, asked.found) == (False, "eu-south-1 is not-opted-in")


def test_a_region_of_the_account_is_enabled(account):
    assert found(account_checks.region_is_enabled, "region") == ("ok", "us-east-1 is enabled")


def test_the_free_plan_is_refused():
    assert account_checks.plan_finding({"accountPlanType": "FREE"}).ok is False


def test_what_the_account_does_not_answer_is_neither_right_nor_wrong(account):
    mark, text = found(account_checks.service_linked_roles, "service-linked roles")
    assert (mark, text.partition(".")[0]) == ("?", "could not be checked: NotImplemented")


def test_service_linked_roles_that_are_there_need_no_right(account):
    for service in account_checks.ROLES:
        account.client("iam").create_service_linked_role(AWSServiceName=service)
    assert found(account_checks.service_linked_roles, "service-linked roles") == ("ok", "all are there")


class Stubbed:
    """An account of which nobody asks more than one client."""

    def __init__(self, only):
        self.only = only

    def client(self, service, region=None):
        assert (service, region) == ("iam", None)
        return self.only


def simulated(*rows):
    """What is refused of `a:A` and `a:B` on two tables to the role of a session, where IAM answers with *rows*."""
    iam = boto3.client("iam", aws_access_key_id="-", aws_secret_access_key="-")
    asked = {"PolicySourceArn": f"arn:aws:iam::{ACCOUNT}:role/ops", "ActionNames": ["a:A", "a:B"]}
    answer = {"EvaluationResults": [{"EvalResourceName": "-", **row} for row in rows], "IsTruncated": False}
    stub = Stubber(iam)
    stub.add_response("simulate_principal_policy", answer, {**asked, "ResourceArns": ["one", "two"]})
    with stub:
        caller = f"arn:aws:sts::{ACCOUNT}:assumed-role/ops/me"
        return permissions.refused(Stubbed(iam), caller, ["a:A", "a:B"], ["one", "two"])


def test_a_call_that_iam_refuses_on_one_of_the_resources_is_refused():
    no = [{"EvalResourceName": "two", "EvalResourceDecision": "implicitDeny"}]
    rows = [{"EvalActionName": "a:A", "EvalDecision": "allowed"}, {"EvalActionName": "a:B", "EvalDecision": "allowed"}]
    assert simulated(rows[0], {**rows[1], "ResourceSpecificResults": no}) == ["a:B"]


def test_what_empty_shards_needs_is_said_where_iam_cannot_be_asked(account):
    mark, text = found(permissions.of_commands, "permissions: empty-shards")
    assert (mark, "dynamodb:Scan" in text) == ("?", True)


def test_a_sandbox_without_an_end_is_refused(account):
    assert found(account_checks.lifetime, "expires_at", expires_at="") == ("FAULT", "not set")


def test_a_sandbox_whose_end_is_over_is_refused(account):
    yesterday = str(TODAY - dt.timedelta(days=1))
    assert found(account_checks.lifetime, "expires_at", expires_at=yesterday) == (
        "FAULT",
        f"{yesterday}, which is over",
    )


def test_zones_that_do_not_offer_the_servers_are_refused(account):
    assert found(capacity.zones, "zones", zones="us-east-1a,us-east-1e") == ("FAULT", "us-east-1a, us-east-1e")


def test_a_fleet_over_the_quota_of_processors_is_refused(account):
    mark, text = found(capacity.quotas, "quota: vCPUs of running on-demand standard instances", scaling="horizontal")
    assert (mark, text) == ("FAULT", "needs 34, 156 when all fleets are full and roll, 0 used of 5")


def test_a_fleet_that_fits_only_while_it_is_small_is_advised(account):
    mark, text = found(capacity.quotas, "quota: vCPUs of running on-demand standard instances")
    assert (mark, text) == ("note", "needs 4, 16 when all fleets are full and roll, 0 used of 5")


@pytest.mark.parametrize(("fleet", "used"), [("app-all", 4), ("app-orders", 0)])
def test_servers_of_a_fleet_that_goes_stand_beside_the_new_ones(account, fleet, used):
    tags = {"project": "bigpicture", "stack": "sandbox", "Name": fleet}
    specification = [
        {"ResourceType": "instance", "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
    ]
    ec2 = account.client("ec2")
    [image, *_] = ec2.describe_images()["Images"]
    ec2.run_instances(
        ImageId=image["ImageId"], InstanceType="t4g.small", MinCount=2, MaxCount=2, TagSpecifications=specification
    )
    _, text = found(capacity.quotas, "quota: vCPUs of running on-demand standard instances", scaling="horizontal")
    assert text.endswith(f", {used} used of 5")


def test_what_stands_on_a_later_page_counts(account):
    for number in range(101):  # a page has 100
        account.client("rds").create_db_instance(
            DBInstanceIdentifier=f"database-{number}", DBInstanceClass="db.t4g.micro", Engine="postgres"
        )
    assert found(capacity.quotas, "quota: DB instances") == ("FAULT", "needs 1, 101 used of 40")


def test_a_class_that_is_sold_in_the_zones_is_right(account):
    text = "db.t4g.medium for PostgreSQL 17 in us-east-1a, us-east-1b"
    assert found(offerings.database, "database class", zones="us-east-1a,us-east-1b") == ("ok", text)


def test_a_class_that_is_not_sold_in_the_zones_is_refused(account):
    [refused] = preflight("sandbox", {**RIGHT, "zones": "us-east-1e,us-east-1z"}, [offerings.database])
    assert (refused.ok, refused.found, refused.fix) == (
        False,
        "db.t4g.medium for PostgreSQL 17 in none of us-east-1e, us-east-1z",
        "database_class, or zones, in stacks/Pulumi.sandbox.yaml",
    )


def option(version, *zones, standby=True):
    return {
        "EngineVersion": version,
        "AvailabilityZones": [{"Name": each} for each in zones],
        "MultiAZCapable": standby,
    }


@pytest.mark.parametrize(
    ("options", "right"),
    [
        ([option("17.6", "a"), option("17.7", "b")], True),
        ([option("17.6", "a")], False),
        ([option("16.10", "a", "b")], False),
        ([option("17.6", "a", "b", standby=False)], False),
    ],
)
def test_a_standby_takes_two_zones_that_sell_the_class_for_this_version(options, right):
    wanted = settings.of_config({"aws:region": "us-east-1", "bigpicture:database_multi_az": "true"}, "sandbox")
    assert offerings.database_finding(wanted, ["a", "b"], options).ok is right


def test_a_node_type_that_the_region_sells_is_right(account):
    assert found(offerings.cache, "cache node type") == ("ok", "cache.t4g.small is sold in us-east-1")


def test_a_node_type_that_the_region_does_not_sell_is_advised_against(account):
    mark, text = found(offerings.cache, "cache node type", **{"aws:region": "me-central-1"})
    assert (mark, text) == ("note", "cache.t4g.small is not reserved in me-central-1, and may not be there")


def test_addresses_that_others_hold_count(account):
    for _ in range(5):
        account.client("ec2").allocate_address(Domain="vpc")
    assert found(capacity.quotas, "quota: Elastic IP addresses") == ("FAULT", "needs 1, 5 used of 5")


def test_addresses_that_the_stack_holds_do_not_count(account):
    tags = [{"Key": "project", "Value": "bigpicture"}, {"Key": "stack", "Value": "sandbox"}]
    for _ in range(5):
        specification = [{"ResourceType": "elastic-ip", "Tags": tags}]
        account.client("ec2").allocate_address(Domain="vpc", TagSpecifications=specification)
    assert found(capacity.quotas, "quota: Elastic IP addresses") == ("ok", "needs 1, 0 used of 5")


def test_a_domain_without_a_zone_is_refused(account):
    got = found(names.zone, "hosted zone", domain="shop.bigpicture.dev")
    assert got == ("FAULT", "shop.bigpicture.dev has no public zone in this account")


def test_the_name_servers_of_the_zone_are_named(account):
    zone = account.client("route53").create_hosted_zone(Name="bigpicture.dev", CallerReference="1")
    servers = ", ".join(zone["DelegationSet"]["NameServers"])
    got = found(names.delegation, "delegation", domain="shop.bigpicture.dev", zone_name="bigpicture.dev")
    assert got == ("note", f"bigpicture.dev is served by {servers}")


def test_the_minutes_of_the_first_up_are_those_of_its_longest_chain(account):
    assert found(versions.duration, "first up")[1].startswith("about 20 minutes, ")


def test_without_credentials_there_is_one_line(monkeypatch):
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    with pytest.raises(CloudError) as refused:
        preflight("sandbox", RIGHT)
    assert str(refused.value).startswith("AWS credentials: Unable to locate credentials; allowed: ")


def test_a_profile_that_does_not_exist_is_named():
    with pytest.raises(CloudError, match="The config profile \\(nobody\\) could not be found; allowed: "):
        Cloud("us-east-1", "nobody")
