"""Whom a fleet's servers talk with and what its role may do, read back from the account."""

import json

import pulumi_aws as aws
import pytest

from components.fleet import Connection, Fleet, Target, Targets
from components.policy import allow, document
from tests.deploying import deploy
from tests.surroundings import fleet_args, surroundings

READ = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::artifacts/*"}


def program():
    found = surroundings()
    front = aws.ec2.SecurityGroup("front", vpc_id=found.vpc_id, description="front")
    store = aws.ec2.SecurityGroup("store", vpc_id=found.vpc_id, description="store")
    group = aws.lb.TargetGroup("group", port=8080, protocol="HTTP", vpc_id=found.vpc_id)
    target = Target(arn=group.arn, label="app/front/0123456789abcdef/targetgroup/group/0123456789abcdef")
    args = fleet_args(
        found,
        targets=Targets(groups={"group": target}, sources={"balancer": front.id}, requests_per_server_minute=1000),
        connections={"database": Connection(security_group_id=store.id, port=5432)},
        policies={"artifacts": document(allow(READ["Action"], READ["Resource"]))},
    )
    Fleet("web", args)


@pytest.fixture(scope="module")
def deployed():
    return deploy(program)


@pytest.fixture(scope="module")
def groups(deployed):
    return {name: deployed.one("aws:ec2/securityGroup:SecurityGroup", name).id for name in ("web", "front", "store")}


def rules(deployed, group):
    ec2 = deployed.client("ec2")
    found = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
    assert {row["IpProtocol"] for row in found} <= {"tcp"}
    return {
        (
            "out" if row["IsEgress"] else "in",
            row["FromPort"],
            row["ToPort"],
            row.get("CidrIpv4") or row["ReferencedGroupInfo"]["GroupId"],
        )
        for row in found
    }


def test_servers_are_called_by_the_load_balancer_and_call_https_and_their_stores(deployed, groups):
    assert rules(deployed, groups["web"]) == {
        ("in", 8080, 8080, groups["front"]),
        ("out", 443, 443, "0.0.0.0/0"),
        ("out", 5432, 5432, groups["store"]),
    }


def test_the_load_balancer_may_call_the_servers(deployed, groups):
    assert rules(deployed, groups["front"]) == {("out", 8080, 8080, groups["web"])}


def test_the_store_lets_the_servers_in(deployed, groups):
    assert rules(deployed, groups["store"]) == {("in", 5432, 5432, groups["web"])}


def test_the_security_groups_description_never_changes(deployed, groups):
    [held] = deployed.client("ec2").describe_security_groups(GroupIds=[groups["web"]])["SecurityGroups"]
    assert held["Description"] == "Servers of one fleet"


def test_the_role_may_do_what_was_given_and_be_logged_in_to(deployed):
    iam, role = deployed.client("iam"), deployed.one("aws:iam/role:Role").id
    inline = iam.list_role_policies(RoleName=role)["PolicyNames"]
    documents = [iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] for name in inline]
    login, given = sorted((document["Statement"] for document in documents), key=lambda each: each == [READ])
    channels = {f"ssmmessages:{verb}{kind}Channel" for verb in ("Create", "Open") for kind in ("Control", "Data")}
    assert (given, set(login[0]["Action"])) == ([READ], {"ssm:UpdateInstanceInformation", *channels})


def test_the_role_has_no_policy_of_aws(deployed):
    role = deployed.one("aws:iam/role:Role").id
    assert deployed.client("iam").list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []


def test_only_servers_may_assume_the_role(deployed):
    role = deployed.client("iam").get_role(RoleName=deployed.one("aws:iam/role:Role").id)["Role"]
    [statement] = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "ec2.amazonaws.com"}


def test_the_role_can_hand_no_role_on(deployed):
    policies = [json.loads(policy["policy"]) for policy in deployed.inputs("aws:iam/rolePolicy:RolePolicy")]
    actions = {action for policy in policies for row in policy["Statement"] for action in row["Action"]}
    assert [action for action in actions if action in ("*", "iam:*", "iam:PassRole")] == []


def test_the_group_waits_for_every_policy_of_its_servers(deployed):
    group = deployed.one("aws:autoscaling/group:Group")
    policies = deployed.of_type("aws:iam/rolePolicy:RolePolicy")
    assert [policy.urn in group.options.depends_on for policy in policies] == [True, True]


def test_the_group_comes_after_every_rule_of_its_servers_and_goes_before_them(deployed):
    group = deployed.one("aws:autoscaling/group:Group")
    rules = [resource for resource in deployed.graph.resources if resource.type.startswith("aws:vpc/securityGroup")]
    assert {rule.name: rule.urn in group.options.depends_on for rule in rules} == {
        "web-to-https": True,
        "web-to-database": True,
        "web-from-balancer": True,
    }
