"""What moto lacks for changes and deletions is there, and each correction is still needed."""

import pytest
from botocore.exceptions import ClientError

RULE = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1}


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("budgets", "tag_resource", {"ResourceARN": "arn:aws:budgets::1:budget/one", "ResourceTags": []}),
        ("budgets", "untag_resource", {"ResourceARN": "arn:aws:budgets::1:budget/one", "ResourceTagKeys": []}),
        ("elasticache", "modify_cache_subnet_group", {"CacheSubnetGroupName": "one"}),
        ("elasticache", "delete_cache_subnet_group", {"CacheSubnetGroupName": "one"}),
        ("logs", "associate_kms_key", {"logGroupName": "one", "kmsKeyId": "key"}),
        ("logs", "disassociate_kms_key", {"logGroupName": "one"}),
        ("rds", "reset_db_parameter_group", {"DBParameterGroupName": "one"}),
    ],
)
def test_moto_still_lacks_the_change(shipped, service, operation, parameters):
    with pytest.raises(NotImplementedError):
        getattr(shipped.client(service), operation)(**parameters)


def subnets(account):
    return [subnet["SubnetId"] for subnet in account.client("ec2").describe_subnets()["Subnets"][:2]]


def database(account):
    return account.client("rds").create_db_instance(
        DBInstanceIdentifier="one",
        DBInstanceClass="db.t4g.small",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="store",
        MasterUserPassword="hunter2hunter2",
    )


def modified_subnet_group(account):
    rds, names = account.client("rds"), {"DBSubnetGroupName": "one", "DBSubnetGroupDescription": "-"}
    rds.create_db_subnet_group(**names, SubnetIds=subnets(account))
    rds.modify_db_subnet_group(**names, SubnetIds=subnets(account))
    return rds.describe_db_subnet_groups()["DBSubnetGroups"]


def test_moto_still_forgets_a_database_subnet_group_that_it_changes(shipped):
    assert modified_subnet_group(shipped) == []


def port(account):
    database(account)
    rds = account.client("rds")
    rds.modify_db_instance(DBInstanceIdentifier="one", DBPortNumber=6543)
    return rds.describe_db_instances()["DBInstances"][0]["Endpoint"]["Port"]


def test_a_databases_port_can_be_changed(account):
    assert port(account) == 6543


def test_moto_still_keeps_a_databases_port(shipped):
    assert port(shipped) == 5432


def template_tags(account):
    ec2 = account.client("ec2")
    made = ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData={"InstanceType": "t4g.micro"})
    ec2.create_tags(Resources=[made["LaunchTemplate"]["LaunchTemplateId"]], Tags=[{"Key": "a", "Value": "b"}])
    return ec2.describe_launch_templates()["LaunchTemplates"][0].get("Tags", [])


def test_a_template_shows_the_tags_that_it_got_later(account):
    assert template_tags(account) == [{"Key": "a", "Value": "b"}]


def test_moto_still_shows_the_tags_that_a_template_was_made_with(shipped):
    assert template_tags(shipped) == []


def groups(account):
    """Three security groups; a rule of the first lets the second in."""
    ec2 = account.client("ec2")
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    ids = [
        ec2.create_security_group(GroupName=n, Description="-", VpcId=vpc)["GroupId"] for n in ("one", "two", "three")
    ]
    permission = {**RULE, "UserIdGroupPairs": [{"GroupId": ids[1]}]}
    made = ec2.authorize_security_group_ingress(GroupId=ids[0], IpPermissions=[permission])
    return ids, made["SecurityGroupRules"][0]["SecurityGroupRuleId"]


def peer_after_a_change(account):
    ids, rule = groups(account)
    ec2 = account.client("ec2")
    wanted = {"SecurityGroupRuleId": rule, "SecurityGroupRule": {**RULE, "ReferencedGroupId": ids[2]}}
    ec2.modify_security_group_rules(GroupId=ids[0], SecurityGroupRules=[wanted])
    [held] = ec2.describe_security_group_rules(SecurityGroupRuleIds=[rule])["SecurityGroupRules"]
    return ids.index(held["ReferencedGroupInfo"]["GroupId"])


def test_a_rule_lets_another_group_in_after_a_change(account):
    assert peer_after_a_change(account) == 2


def test_moto_still_keeps_the_group_that_a_rule_lets_in(shipped):
    assert peer_after_a_change(shipped) == 1


def test_a_group_that_a_rule_lets_in_stays(account):
    used = groups(account)[0][1]
    with pytest.raises(ClientError, match="DependencyViolation"):
        account.client("ec2").delete_security_group(GroupId=used)


def test_moto_still_deletes_a_group_that_a_rule_lets_in(shipped):
    used = groups(shipped)[0][1]
    shipped.client("ec2").delete_security_group(GroupId=used)
    assert used not in [
        group["GroupId"] for group in shipped.client("ec2").describe_security_groups()["SecurityGroups"]
    ]
