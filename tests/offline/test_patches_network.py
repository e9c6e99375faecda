"""EC2 and Route 53 as AWS answers them: rules with their words, flow logs with their group, records that exist."""

import pytest
from botocore.exceptions import ClientError

from offline.account import Account

RULE = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432}


def group(account: Account, name: str) -> str:
    return account.client("ec2").create_security_group(GroupName=name, Description="-")["GroupId"]


def allow(account: Account, words: str, **peers) -> str:
    [held] = account.client("ec2").describe_security_groups(GroupNames=["store"])["SecurityGroups"]
    made = account.client("ec2").authorize_security_group_ingress(
        GroupId=held["GroupId"],
        IpPermissions=[{**RULE, **{kind: [{**peer, "Description": words}] for kind, peer in peers.items()}}],
    )
    return made["SecurityGroupRules"][0]["SecurityGroupRuleId"]


def words_of(account: Account, rule: str) -> str | None:
    [told] = account.client("ec2").describe_security_group_rules(SecurityGroupRuleIds=[rule])["SecurityGroupRules"]
    return told.get("Description")


def test_a_rule_from_a_group_keeps_its_description(account: Account):
    group(account, "store")
    rule = allow(account, "from the app", UserIdGroupPairs={"GroupId": group(account, "app")})
    assert words_of(account, rule) == "from the app"


def test_a_rule_from_a_prefix_list_keeps_its_description(account: Account):
    group(account, "store")
    assert words_of(account, allow(account, "from the edge", PrefixListIds={"PrefixListId": "pl-1"})) == "from the edge"


def test_shipped_moto_forgets_the_description_of_a_rule_from_a_group(shipped: Account):
    group(shipped, "store")
    rule = allow(shipped, "from the app", UserIdGroupPairs={"GroupId": group(shipped, "app")})
    assert words_of(shipped, rule) is None


def test_two_rules_that_differ_in_words_only_are_refused(account: Account):
    group(account, "store")
    app = {"GroupId": group(account, "app")}
    allow(account, "once", UserIdGroupPairs=app)
    with pytest.raises(ClientError, match=r"InvalidPermission\.Duplicate"):
        allow(account, "twice", UserIdGroupPairs=app)


def test_shipped_moto_takes_two_rules_that_differ_in_words_only(shipped: Account):
    group(shipped, "store")
    app = {"GroupId": group(shipped, "app")}
    assert allow(shipped, "once", UserIdGroupPairs=app) != allow(shipped, "twice", UserIdGroupPairs=app)


@pytest.mark.parametrize("peers", [{"PrefixListIds": {"PrefixListId": "pl-1"}}, {"IpRanges": {"CidrIp": "10.0.0.0/8"}}])
def test_a_rule_whose_description_has_an_apostrophe_is_refused(account: Account, peers):
    group(account, "store")
    with pytest.raises(ClientError, match=r"InvalidParameterValue.* Invalid rule description\. Valid descriptions"):
        allow(account, "the app's", **peers)


def test_a_group_whose_description_has_an_apostrophe_is_refused(account: Account):
    with pytest.raises(ClientError, match=r"InvalidParameterValue.* Invalid security group description\."):
        account.client("ec2").create_security_group(GroupName="store", Description="the app's")


def test_shipped_moto_takes_any_description_of_a_rule(shipped: Account):
    group(shipped, "store")
    assert allow(shipped, "the app's", IpRanges={"CidrIp": "10.0.0.0/8"}).startswith("sgr-")


def flow_log(account: Account) -> dict:
    account.client("logs").create_log_group(logGroupName="flows")
    ec2 = account.client("ec2")
    ec2.create_flow_logs(
        ResourceType="VPC",
        ResourceIds=[ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]],
        TrafficType="ALL",
        LogDestination=f"arn:aws:logs:us-east-1:{account.account_id}:log-group:flows",
        DeliverLogsPermissionArn=f"arn:aws:iam::{account.account_id}:role/flows",
    )
    return ec2.describe_flow_logs()["FlowLogs"][0]


def test_a_flow_log_finds_the_group_of_its_destination(account: Account):
    told = flow_log(account)
    assert (told["DeliverLogsStatus"], told["LogGroupName"]) == ("SUCCESS", "flows")


def test_shipped_moto_finds_no_group_by_its_arn(shipped: Account):
    assert flow_log(shipped)["DeliverLogsStatus"] == "FAILED"


def create_twice(account: Account) -> None:
    route53 = account.client("route53")
    zone = route53.create_hosted_zone(Name="shop.dev", CallerReference="-")["HostedZone"]["Id"]
    for address in ("192.0.2.1", "192.0.2.2"):
        wanted = {"Name": "shop.dev", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": address}]}
        change = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": wanted}]}
        route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=change)


def test_a_record_that_exists_is_not_created_again(account: Account):
    with pytest.raises(ClientError, match=r"name='shop\.dev\.', type='A'\] but it already exists"):
        create_twice(account)


def test_shipped_moto_keeps_two_records_of_one_name(shipped: Account):
    create_twice(shipped)
    [zone] = shipped.client("route53").list_hosted_zones()["HostedZones"]
    assert zone["ResourceRecordSetCount"] == 4  # NS, SOA and twice the same
