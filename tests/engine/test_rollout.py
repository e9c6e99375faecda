"""A changed server rolls through its fleet: what a first deploy cannot show, shown by a second one."""

from types import SimpleNamespace

import pytest

from engines.refusals import EngineError
from engines.switching import Site, carry_out, plan
from tests.engine.small import small

FLEET = """import pulumi_aws as aws

from components.fleet import Fleet, FleetArgs, Image

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
subnet = aws.ec2.Subnet("app-a", vpc_id=vpc.id, cidr_block="10.0.0.0/24", availability_zone="us-east-1a")
ami = aws.ssm.get_parameter(name="/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64")
args = FleetArgs(
    vpc_id=vpc.id, subnet_ids=[subnet.id], image=Image(id=ami.insecure_value, root_device="/dev/xvda", pinned=True),
    instance_type="t4g.small", min_servers={least}, max_servers=6, user_data="#cloud-config\\nhostname: {hostname}\\n",
    port=8080, root_volume_gb=10, target_cpu_percent=50, boot_grace_s=300, drain_s=60,
)
Fleet("web", args)
"""


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """A fleet that is deployed, grows by itself, and is deployed again: with other user data and another least number.

    Then it grows once more, and its least number is changed without a look at what stands.
    """
    with small(tmp_path_factory.mktemp("rollout"), 0) as project:
        deploy(project, "old", 3)
        grow(project, 4)
        project.write(FLEET.format(hostname="new", least=1))
        site = Site(project.engine, project.gate.account)
        carry_out(site, plan(site))
        ran, [next_] = shown(project), plan(site).foreseen.steps
        grow(project, 5)
        with pytest.raises(EngineError) as unseen:
            deploy(project, "new", 2)
        yield SimpleNamespace(account=project.gate.account, ran=ran, next=next_, unseen=str(unseen.value))


def deploy(project, hostname, least):
    project.write(FLEET.format(hostname=hostname, least=least))
    project.engine.up()


def grow(project, size):
    name = shown(project)["AutoScalingGroupName"]
    project.gate.account.client("autoscaling").set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=size)


def shown(project):
    [group] = project.gate.account.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    return group


def test_a_fleet_runs_the_version_of_the_template_that_its_new_user_data_made(story):
    template = story.ran["LaunchTemplate"]
    versions = story.account.client("ec2").describe_launch_template_versions(
        LaunchTemplateId=template["LaunchTemplateId"]
    )["LaunchTemplateVersions"]
    assert (max(version["VersionNumber"] for version in versions), template["Version"]) == (2, "2")


def test_another_least_number_leaves_the_scalers_number_and_waits_for_no_other(story):
    assert (story.ran["MinSize"], story.ran["DesiredCapacity"]) == (1, 4)


def test_the_next_update_has_nothing_to_take_back(story):
    step = story.next
    assert [*step.created, *step.updated, *step.replaced, *step.deleted] == []


def test_without_a_look_at_what_stands_the_provider_waits_for_the_number_of_before(story):
    assert "want exactly 4 healthy instance(s) in Auto Scaling Group, have 5" in story.unseen
