"""Rules of processors: an image runs on one architecture, and every type that boots it must have that one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import resource_rule, stack_rule
from policies.rules.fleets import GROUP, TEMPLATE
from policies.stack import Stack
from policies.values import Fault

NAMES = "https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html"
MIXED = "mixedInstancesPolicy.launchTemplate"


@stack_rule(GROUP, source=NAMES, fix="take types of one architecture, or give an override a template of its own")
def fleet_one_architecture(group: Resource, stack: Stack) -> Iterator[Fault]:
    """A template names one image, and an image boots on one architecture: a type of the other never comes up."""
    overrides = [each for each in group.parts(f"{MIXED}.overrides") if "launchTemplateSpecification" not in each]
    templates = stack.referred(group, "mixedInstancesPolicy", TEMPLATE)
    types = [named for each in [*overrides, *templates] for named in each.known_texts("instanceType")]
    if len({architecture(each) for each in types if each}) > 1:
        yield group.fault(f"{MIXED}.overrides", "types of one architecture", got=sorted(filter(None, types)))


@resource_rule(TEMPLATE, source=NAMES, fix="take the parameter of the type's architecture, arm64 or x86_64")
def template_image_of_its_type(template: Resource) -> Iterator[Fault]:
    """A server whose image is of the other architecture does not start (InvalidParameterValue)."""
    type_, image = template.text("instanceType"), template.text("imageId")
    named = re.search(r"arm64|x86_64", image) if image.startswith("resolve:ssm:") else None
    if type_ and named and named[0] != architecture(type_):
        yield template.fault("imageId", f"an image for {architecture(type_)}, as {type_} is")


def architecture(type_: str) -> str:
    """arm64 for Graviton, which has a g right behind its generation's digit (a1 apart), else x86_64."""
    return "arm64" if re.match(r"a1\.|[a-z]+\d+g", type_) else "x86_64"
