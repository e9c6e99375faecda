"""Fragments about what a fleet needs to make its first server."""

from tests.policies import parts
from tests.policies.fragments import breaks, keeps
from tests.policies.fragments_launch_templates import launched, template
from tests.policies.fragments_reach import ARM_IMAGE


def mixed(made, *types):
    chosen = {"launch_template_specification": {"launch_template_id": made.id, "version": "1"}}
    overrides = [{"instance_type": each} for each in types]
    parts.fleet(mixed_instances_policy={"launch_template": {**chosen, "overrides": overrides}})


@breaks(
    "fleet-has-a-place",
    "aws:autoscaling/group:Group 'fleet': vpcZoneIdentifiers is []; allowed: subnets.",
)
def fleet_nowhere():
    parts.fleet(vpc_zone_identifiers=[])


@keeps("fleet-has-a-place")
def fleet_in_a_zone():
    parts.fleet(vpc_zone_identifiers=None, availability_zones=["us-east-1a"])


@breaks(
    "fleet-has-a-template",
    "aws:autoscaling/group:Group 'fleet': launchTemplate is []; allowed: one of launchTemplate and "
    "mixedInstancesPolicy.",
)
def fleet_of_nothing():
    parts.fleet(launch_template=None)


@keeps("fleet-has-a-template")
def fleet_of_one_template():
    parts.fleet()


@breaks(
    "fleet-has-an-image",
    "aws:autoscaling/group:Group 'fleet': launchTemplate is \"template\"; allowed: a template with an image.",
)
def fleet_without_an_image():
    parts.fleet(launch_template=launched(template(image_id=None)))


@keeps("fleet-has-an-image")
def fleet_with_an_image():
    parts.fleet(launch_template=launched(template()))


@breaks(
    "fleet-buys-by-its-policy",
    "aws:autoscaling/group:Group 'fleet': mixedInstancesPolicy is \"template\"; allowed: a template without"
    " instanceMarketOptions.",
)
def fleet_that_buys_twice():
    mixed(template(instance_market_options={"market_type": "spot"}), "m7i.large")


@keeps("fleet-buys-by-its-policy")
def fleet_that_buys_by_its_policy():
    mixed(template(), "m7i.large")


@breaks(
    "template-tags-once",
    "aws:ec2/launchTemplate:LaunchTemplate 'template': tagSpecifications is [\"instance\"]; allowed: one "
    "for each kind of resource.",
)
def two_lists_of_one_kind():
    template(tag_specifications=[{"resource_type": "instance", "tags": {name: "1"}} for name in "ab"])


@keeps("template-tags-once")
def two_lists_of_two_kinds():
    template(tag_specifications=[{"resource_type": kind, "tags": {"a": "1"}} for kind in ("instance", "volume")])


@breaks(
    "fleet-image-of-its-types",
    "aws:autoscaling/group:Group 'fleet': mixedInstancesPolicy.launchTemplate.overrides is [\"x86_64\"]; "
    "allowed: types of arm64, as the image is.",
)
def arm_image_on_types_of_intel():
    mixed(template(image_id=ARM_IMAGE), "t3.micro")


@keeps("fleet-image-of-its-types")
def arm_image_on_types_of_arm():
    mixed(template(image_id=ARM_IMAGE), "t4g.micro")
