"""A changed server rolls through its fleet: what a first deploy cannot show, shown by a second one."""

import pytest

from tests.engine.small import small

FLEET = """import pulumi_aws as aws

from components.fleet import Fleet, FleetArgs, Image

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
subnet = aws.ec2.Subnet("app-a", vpc_id=vpc.id, cidr_block="10.0.0.0/24", availability_zone="us-east-1a")
ami = aws.ssm.get_parameter(name="/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64")
args = FleetArgs(
    vpc_id=vpc.id, subnet_ids=[subnet.id], image=Image(id=ami.insecure_value, root_device="/dev/xvda", pinned=True),
    instance_type="t4g.small", min_servers=1, max_servers=2, user_data="#cloud-config\\nhostname: {hostname}\\n",
    port=8080, root_volume_gb=10, target_cpu_percent=50, boot_grace_s=300, drain_s=60,
)
Fleet("web", args)
"""


@pytest.fixture
def account(tmp_path):
    """An account in which a fleet was deployed, and deployed again with other user data."""
    with small(tmp_path, 0) as project:
        for hostname in ("old", "new"):
            project.write(FLEET.format(hostname=hostname))
            project.engine.up()
        yield project.gate.account


def test_a_fleet_runs_the_version_of_the_template_that_its_new_user_data_made(account):
    [group] = account.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    versions = account.client("ec2").describe_launch_template_versions(
        LaunchTemplateId=group["LaunchTemplate"]["LaunchTemplateId"]
    )["LaunchTemplateVersions"]
    newest = max(version["VersionNumber"] for version in versions)
    assert (newest, group["LaunchTemplate"]["Version"]) == (2, "2")
