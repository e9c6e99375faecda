"""Rules of processors: an image runs on one architecture, and every type that boots it must have that one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import resource_rule, stack_rule
from policies.rules.fleets import GROUP, TEMPLATE
from policies.rules.launch_templates import INSTANCE
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


@resource_rule(TEMPLATE, INSTANCE, source=NAMES, fix="take the parameter of the type's architecture, arm64 or x86_64")
def template_image_of_its_type(server: Resource) -> Iterator[Fault]:
    """A server whose image is of the other architecture does not start (InvalidParameterValue)."""
    path = "imageId" if server.type == TEMPLATE else "ami"
    type_ = server.text("instanceType")
    if type_ and _of_image(server.text(path)) not in ("", architecture(type_)):
        yield server.fault(path, f"an image for {architecture(type_)}, as {type_} is")


@stack_rule(GROUP, source=NAMES, fix="take the parameter of the types' architecture, arm64 or x86_64")
def fleet_image_of_its_types(group: Resource, stack: Stack) -> Iterator[Fault]:
    """A type that a policy of mixed instances names is booted from the template's image: one of the other never is."""
    overrides = [each for each in group.parts(f"{MIXED}.overrides") if "launchTemplateSpecification" not in each]
    types = {architecture(each) for override in overrides for each in override.known_texts("instanceType")}
    for template in stack.referred(group, "mixedInstancesPolicy", TEMPLATE):
        image = _of_image(template.text("imageId"))
        if image and types and image not in types:
            yield group.fault(f"{MIXED}.overrides", f"types of {image}, as the image is", got=sorted(types))


def _of_image(image: str) -> str:
    """The architecture that a parameter's name tells; empty where only the account knows."""
    named = re.search(r"arm64|x86_64", image) if image.startswith("resolve:ssm:") else None
    return named[0] if named else ""


def architecture(type_: str) -> str:
    """arm64 for Graviton, which has a g right behind its generation's digit (a1 apart), else x86_64."""
    return "arm64" if re.match(r"a1\.|[a-z]+\d+g", type_) else "x86_64"
