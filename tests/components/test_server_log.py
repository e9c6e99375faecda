"""Where a fleet's servers log to, and what they may do there, read back from the account."""

import pytest

from components.fleet import Fleet, ServerLog
from tests.deploying import deploy
from tests.surroundings import fleet_args, surroundings


def program():
    found = surroundings()
    for name, log in (("kept", ServerLog(name="/shop/kept", retention_days=30)), ("local", None)):
        Fleet(name, fleet_args(found, log=log))


@pytest.fixture(scope="module")
def deployed():
    return deploy(program)


def groups(deployed):
    return deployed.client("logs").describe_log_groups()["logGroups"]


def test_a_fleet_that_keeps_its_log_has_a_group_that_forgets_in_time(deployed):
    assert [(each["logGroupName"], each["retentionInDays"]) for each in groups(deployed)] == [("/shop/kept", 30)]


def test_its_servers_may_write_streams_there_and_make_no_group(deployed):
    role, name = deployed.one("aws:iam/rolePolicy:RolePolicy", "kept-log").id.split(":")
    held = deployed.client("iam").get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]["Statement"]
    arn = groups(deployed)[0]["logGroupArn"]
    wanted = {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": f"{arn}:*"}
    assert (role.startswith("kept-"), held) == (True, [wanted])


def test_the_servers_come_after_the_group_and_go_before_it(deployed):
    policy = deployed.one("aws:iam/rolePolicy:RolePolicy", "kept-log")
    group = deployed.one("aws:cloudwatch/logGroup:LogGroup")
    assert group.urn in policy.property_dependencies["policy"]
    assert policy.urn in deployed.one("aws:autoscaling/group:Group", "kept").options.depends_on
