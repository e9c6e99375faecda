"""Roles that AWS's own services take, for flow logs and for monitoring, let them write their logs and nothing else."""

from functools import partial
from pathlib import Path

import pulumi
import pytest

from components.network import Network, NetworkArgs
from components.parts.database_monitoring import monitoring_role
from tests.deploying import deploy
from tests.permissions.enforcing import outcomes
from tests.permissions.forbidden import STRANGER, another_stack, of_iam, of_others
from tests.permissions.uses import outcome

COMPONENTS = Path(__file__).parents[2] / "components"
EVENTS = [{"timestamp": 1_800_000_000_000, "message": "2 123456789010 eni-1 ACCEPT OK"}]
ROLES = {"flow logs": "network-flow-logs", "monitoring": "database-monitoring"}
MONITORED = "RDSOSMetrics"
"""Where RDS writes what it measures: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Viewing.html"""


def program():
    zones = ("us-east-1a", "us-east-1b")
    Network("network", NetworkArgs(cidr="10.0.0.0/16", zones=zones, region="us-east-1", flow_log_retention_days=14))
    monitoring_role(pulumi.ComponentResource("bigpicture:test:Monitored", "monitored"), "database", 60)


@pytest.fixture(scope="module")
def world():
    deployed = deploy(program)
    yield deployed
    deployed.account.close()


@pytest.fixture(scope="module")
def theirs(world):
    return another_stack(world)


def as_(world, service):
    """Clients that call as the service does once it has taken its role."""
    role = world.one("aws:iam/role:Role", ROLES[service]).outputs["arn"]
    return partial(world.account.client, role=role)


def own_group(world):
    return world.one("aws:cloudwatch/logGroup:LogGroup", "network-flow-logs").outputs["name"]


def writing(group):
    """What a service does to write into a log group that stands."""
    stream = {"logGroupName": group, "logStreamName": "eni-1"}
    return {
        "stream made": lambda of: of("logs").create_log_stream(**stream),
        "events": lambda of: of("logs").put_log_events(**stream, logEvents=EVENTS),
        "streams found": lambda of: of("logs").describe_log_streams(logGroupName=group),
    }


def spoiling(group):
    """What no writer of a log needs, in its own group."""
    return {
        "group deleted": lambda of: of("logs").delete_log_group(logGroupName=group),
        "stream deleted": lambda of: of("logs").delete_log_stream(logGroupName=group, logStreamName="eni-1"),
        "export": lambda of: of("logs").create_export_task(logGroupName=group, fromTime=0, to=1, destination=STRANGER),
    }


def test_flow_logs_write_into_their_group(world):
    finding = {"groups found": lambda of: of("logs").describe_log_groups()}
    told = outcomes({**writing(own_group(world)), **finding}, as_(world, "flow logs"))
    assert {what: each for what, each in told.items() if each != "allowed"} == {}


def test_monitoring_makes_its_group_and_writes_into_it(world):
    making = {
        "group made": lambda of: of("logs").create_log_group(logGroupName=MONITORED),
        "retention": lambda of: of("logs").put_retention_policy(logGroupName=MONITORED, retentionInDays=30),
    }
    told = outcomes({**making, **writing(MONITORED)}, as_(world, "monitoring"))
    assert {what: each for what, each in told.items() if each != "allowed"} == {}


@pytest.mark.parametrize("service", ROLES)
def test_a_service_writes_into_no_group_of_others(world, theirs, service):
    groups = [STRANGER, *([own_group(world)] if service == "monitoring" else [])]
    told = [outcome(call, as_(world, service)) for group in groups for call in writing(group).values()]
    assert set(told) == {"refused"}


@pytest.mark.parametrize(("service", "group"), [("flow logs", "network-flow-logs"), ("monitoring", MONITORED)])
def test_a_service_destroys_no_log(world, service, group):
    name = own_group(world) if service == "flow logs" else group
    assert set(outcomes(spoiling(name), as_(world, service)).values()) == {"refused"}


@pytest.mark.parametrize("service", ROLES)
def test_a_service_has_nothing_of_another_stack(world, theirs, service):
    told = outcomes(of_others(theirs), as_(world, service))
    assert {what: each for what, each in told.items() if each != "refused"} == {}


@pytest.mark.parametrize("service", ROLES)
def test_a_service_cannot_see_or_widen_permissions(world, service):
    role = world.one("aws:iam/role:Role", ROLES[service]).outputs["name"]
    told = outcomes(of_iam(role), as_(world, service))
    assert {what: each for what, each in told.items() if each != "refused"} == {}


def test_every_part_that_makes_a_role_is_tried():
    making = {path.name for path in COMPONENTS.rglob("*.py") if "aws.iam.Role(" in path.read_text(encoding="utf-8")}
    assert making == {"server_role.py", "flow_logs.py", "database_monitoring.py"}
