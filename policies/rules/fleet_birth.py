"""Rules of what a fleet needs to make its first server: a place, a template, an image, and one way to buy it."""

from __future__ import annotations

from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import resource_rule, stack_rule
from policies.rules.fleets import GROUP, TEMPLATE
from policies.stack import Stack
from policies.values import Fault

API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html"
GUIDE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/"
TEMPLATES = ("launchTemplate", "mixedInstancesPolicy", "launchConfiguration")
TAGGED = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RequestLaunchTemplateData.html"


@resource_rule(GROUP, source=API, fix="give vpc_zone_identifiers")
def fleet_has_a_place(group: Resource) -> Iterator[Fault]:
    """A group stands in subnets, or in availability zones of the default VPC."""
    if not group.get("vpcZoneIdentifiers") and not group.get("availabilityZones"):
        yield group.fault("vpcZoneIdentifiers", "subnets")


@resource_rule(GROUP, source=API, fix="give launch_template or mixed_instances_policy")
def fleet_has_a_template(group: Resource) -> Iterator[Fault]:
    """A group makes its servers of one template: alone, or within a policy of mixed instances."""
    given = [name for name in TEMPLATES if name in group]
    if len(given) != 1:
        yield group.fault("launchTemplate", "one of launchTemplate and mixedInstancesPolicy", got=given)


@stack_rule(GROUP, source=f"{GUIDE}create-launch-template.html", fix="give image_id in the template")
def fleet_has_an_image(group: Resource, stack: Stack) -> Iterator[Fault]:
    """A template may leave the image out, and a group refuses one that does."""
    for path in TEMPLATES[:2]:
        for template in stack.referred(group, path, TEMPLATE):
            if "imageId" not in template:
                yield group.fault(path, "a template with an image", got=template.name)


@stack_rule(GROUP, source="https://github.com/kubernetes-sigs/cluster-api-provider-aws/pull/4656",
            fix="drop instance_market_options: the policy says how many are spot")  # fmt: skip
def fleet_buys_by_its_policy(group: Resource, stack: Stack) -> Iterator[Fault]:
    """A policy of mixed instances decides what is bought as spot, and refuses a template that decides as well."""
    for template in stack.referred(group, "mixedInstancesPolicy", TEMPLATE):
        if "instanceMarketOptions" in template:
            yield group.fault("mixedInstancesPolicy", "a template without instanceMarketOptions", got=template.name)


@resource_rule(TEMPLATE, source=TAGGED, fix="write all tags of a kind into one tag specification")
def template_tags_once(template: Resource) -> Iterator[Fault]:
    """A template has one list of tags for each kind of resource that it makes."""
    kinds = [kind for each in template.parts("tagSpecifications") for kind in each.known_texts("resourceType")]
    twice = sorted({kind for kind in kinds if kinds.count(kind) > 1})
    if twice:
        yield template.fault("tagSpecifications", "one for each kind of resource", got=twice)
