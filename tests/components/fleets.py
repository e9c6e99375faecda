"""Three fleets behind one load balancer, for tests: two target groups, one, and none; and how to look them up."""

from dataclasses import replace

import pulumi

from components.fleet import Fleet, FleetArgs, Target, Targets
from components.load_balancer import LoadBalancer, LoadBalancerArgs, Service
from tests.surroundings import surroundings

TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms"
USER_DATA = "#cloud-config\nhostname: app\n"


def balancer(found):
    return LoadBalancer(
        "balancer",
        LoadBalancerArgs(
            vpc_id=found.vpc_id,
            subnet_ids=found.subnet_ids,
            source_prefix_list_id=found.prefix_list_id,
            services={name: Service(paths=(f"/{name}", f"/{name}/*")) for name in ("orders", "catalog")},
            port=8080,
            health_path="/health",
            idle_timeout_s=60,
            keep_alive_s=75,
            drain_s=60,
        ),
    )


def targets(front, *services):
    groups = {
        name: Target(arn=front.target_groups[name].arn, label=front.target_groups[name].label) for name in services
    }
    return Targets(groups=groups, sources={"balancer": front.security_group_id}, requests_per_server_minute=1200)


def program():
    found = surroundings()
    front = balancer(found)
    lone = FleetArgs(
        vpc_id=found.vpc_id,
        subnet_ids=found.subnet_ids,
        image=replace(found.image, pinned=False),
        instance_type="m7g.large",
        min_servers=1,
        max_servers=2,
        user_data=USER_DATA,
        port=8080,
        root_volume_gb=12,
        target_cpu_percent=55,
        boot_grace_s=200,
        drain_s=90,
    )
    web = replace(
        lone,
        image=found.image,
        instance_type="t4g.small",
        min_servers=3,
        max_servers=6,
        tags={"project": "bigpicture"},
        alarm_topic_arn=TOPIC,
    )
    Fleet("lone", lone)
    Fleet("web", replace(web, targets=targets(front, "orders", "catalog")))
    Fleet("single", replace(web, min_servers=1, targets=targets(front, "orders")))
    pulumi.export("labels", {name: group.label for name, group in front.target_groups.items()})


def group_named(deployed, name):
    id_ = deployed.one("aws:autoscaling/group:Group", name).id
    return deployed.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[id_])[
        "AutoScalingGroups"
    ][0]


def servers(deployed, name):
    ids = [row["InstanceId"] for row in group_named(deployed, name)["Instances"]]
    found = deployed.client("ec2").describe_instances(InstanceIds=ids)["Reservations"]
    return [instance for reservation in found for instance in reservation["Instances"]]


def template(deployed, name):
    id_ = deployed.one("aws:ec2/launchTemplate:LaunchTemplate", name).id
    [version] = deployed.client("ec2").describe_launch_template_versions(LaunchTemplateId=id_)["LaunchTemplateVersions"]
    return version["LaunchTemplateData"]


def tracking(deployed, policy):
    group = deployed.one("aws:autoscaling/policy:Policy", policy)
    found = deployed.client("autoscaling").describe_policies(PolicyNames=[group.id])["ScalingPolicies"]
    return found[0]["TargetTrackingConfiguration"]
