"""Rules of launch templates: what a server is born with."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from policies.documents import statements
from policies.resource import Resource
from policies.rule import Severity, resource_rule, stack_rule
from policies.stack import Stack
from policies.values import Fault, Properties, of_each

INSTANCE = "aws:ec2/instance:Instance"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
PROFILE = "aws:iam/instanceProfile:InstanceProfile"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
KEY = "aws:kms/key:Key"
KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy"
GRANT = "aws:kms/grant:Grant"
AUTO_SCALING = "AWSServiceRoleForAutoScaling"
MANAGED = ("/AmazonSSMManagedInstanceCore", "/AWSCloud9SSMInstanceProfile")
API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_"
GUIDE = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
SSM = "https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html"
TYPE = r"[a-z][a-z0-9-]*\d[a-z0-9-]*\.(nano|micro|small|medium|\d*x?large|metal(-\d+xl)?)"
IMAGE = r"ami-([0-9a-f]{8}|[0-9a-f]{17})|resolve:ssm:.+"
USER_DATA_BYTES = 16_384


@resource_rule(TEMPLATE, source=f"{API}CreateLaunchTemplate.html", fix="use 3 to 128 of the allowed characters")
def template_name(template: Resource) -> Iterator[Fault]:
    """A launch template's name has 3 to 128 letters, digits and ( ) . / _ -."""
    yield from template.matching("name", r"[A-Za-z0-9()./_-]{3,128}", "3 to 128 of A-Z, a-z, 0-9 and ()./_-")


@resource_rule(
    TEMPLATE,
    source=f"{GUIDE}configuring-instance-metadata-service.html",
    fix='set metadata_options with http_tokens="required"',
)
def template_metadata_tokens(template: Resource) -> Iterator[Fault]:
    """Without tokens, a server that can be made to fetch an URL hands out the keys of its role."""
    options = template.part("metadataOptions")
    yield from options.must_be("httpTokens", "required")


@resource_rule(
    TEMPLATE,
    source=f"{GUIDE}configuring-instance-metadata-service.html",
    fix="set http_put_response_hop_limit to 1, or 2 with containers",
)
def template_metadata_hops(template: Resource) -> Iterator[Fault]:
    """More hops than a container needs let the metadata's tokens out of the server; EC2 takes 1 to 64."""
    hops = template.number("metadataOptions.httpPutResponseHopLimit")
    if hops is not None and not 1 <= hops <= 2:
        yield template.fault("metadataOptions.httpPutResponseHopLimit", "1 or 2")


@resource_rule(
    TEMPLATE, source=f"{GUIDE}user-data.html", fix="base64 it once, and keep it below 16 KiB: fetch the rest at boot"
)
def template_user_data(template: Resource) -> Iterator[Fault]:
    """User data is base64 of at most 16 KiB; encoded twice, the server finds a text that it cannot run."""
    text = template.text("userData")
    if not text:
        return
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error:
        yield template.fault("userData", "base64", got="no base64")
        return
    if len(raw) > USER_DATA_BYTES:
        yield template.fault("userData", f"at most {USER_DATA_BYTES} bytes", got=f"{len(raw)} bytes")
    if not raw.startswith((b"#", b"MIME", b"Content-", b"<", b"\x1f\x8b")) and _decodes(raw):
        yield template.fault("userData", "base64 of what runs", got="base64 of base64")


@resource_rule(
    TEMPLATE, source=f"{API}RequestLaunchTemplateData.html", fix="give an image id, ami- and 8 or 17 hex digits"
)
def template_image(template: Resource) -> Iterator[Fault]:
    """An image is named by its id, or found by resolve:ssm."""
    allowed = "ami- with 8 or 17 hex digits, or resolve:ssm:..."
    yield from template.matching("imageId", IMAGE, allowed)


@resource_rule(TEMPLATE, source=f"{API}RequestLaunchTemplateData.html", fix="give the groups in one of the two places")
def template_groups_once(template: Resource) -> Iterator[Fault]:
    """Security groups stand on the template or on its network interface; EC2 refuses both together."""
    if template.get("vpcSecurityGroupIds") and template.parts("networkInterfaces"):
        yield template.fault("vpcSecurityGroupIds", "not set beside networkInterfaces")


@resource_rule(
    TEMPLATE,
    source="https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html",
    fix='set encrypted="true" of every ebs block',
)
def template_disks_encrypted(template: Resource) -> Iterator[Fault]:
    """A disk that is not encrypted keeps what it held for whoever gets the snapshot."""
    yield from of_each(template.parts("blockDeviceMappings"), _disk)


def _disk(device: Properties) -> Iterator[Fault]:
    if "ebs" in device and not device.flag("ebs.encrypted"):
        yield device.fault("ebs.encrypted", "true")


@stack_rule(
    TEMPLATE,
    source="https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html",
    fix="grant the key to the role AWSServiceRoleForAutoScaling, in its policy or by aws.kms.Grant",
)
def template_key_for_auto_scaling(template: Resource, stack: Stack) -> Iterator[Fault]:
    """Auto Scaling attaches the disk: with a key that its own role may not use, each server ends while it starts."""
    for key in stack.referred(template, "blockDeviceMappings", KEY):
        policies = [key.text("policy"), *(each.text("policy") for each in stack.referring(KEY_POLICY, "keyId", key))]
        grants = [each.text("granteePrincipal") for each in stack.referring(GRANT, "keyId", key)]
        if not any(AUTO_SCALING in each for each in [*policies, *grants]):
            yield template.fault("blockDeviceMappings", "a key that Auto Scaling may use", got=key.name)


@resource_rule(
    TEMPLATE,
    source=f"{GUIDE}ec2-key-pairs.html",
    fix="drop key_name, and log in through Session Manager",
    severity=Severity.ADVISORY,
)
def template_no_key_pair(template: Resource) -> Iterator[Fault]:
    """A key pair is a password that never changes; Session Manager needs neither it nor an open port."""
    if "keyName" in template:
        yield template.fault("keyName", "not set")


@stack_rule(
    TEMPLATE,
    source=SSM,
    fix="allow its role what Session Manager asks: ssm:UpdateInstanceInformation and four actions of ssmmessages",
    severity=Severity.ADVISORY,
)
def template_can_be_entered(template: Resource, stack: Stack) -> Iterator[Fault]:
    """Without Session Manager's permissions nobody can look into a server that does not come up."""
    for role in _roles(template, stack):
        arns = [each.text("policyArn") for each in stack.referring(ATTACHMENT, "role", role)]
        inline = [each for each in stack.referring(ROLE_POLICY, "role", role) if _opens_a_channel(each)]
        managed = [arn for arn in (*arns, *role.texts("managedPolicyArns")) if arn.endswith(MANAGED)]
        if not inline and not managed:
            yield template.fault("iamInstanceProfile", "a role with ssmmessages:OpenControlChannel", got=role.name)


@resource_rule(
    TEMPLATE,
    source=f"{GUIDE}burstable-performance-instances-unlimited-mode.html",
    fix='set credit_specification to "standard" or "unlimited"',
    severity=Severity.ADVISORY,
)
def template_credits_chosen(template: Resource) -> Iterator[Fault]:
    """A t3 or t4g server runs in unlimited mode unless told otherwise, and is billed for what it bursts."""
    if re.match(r"t\d", template.text("instanceType")) and "creditSpecification" not in template:
        yield template.fault("creditSpecification", "standard or unlimited, on purpose")


@resource_rule(
    TEMPLATE,
    source=f"{GUIDE}manage-detailed-monitoring.html",
    fix="set monitoring.enabled=True",
    severity=Severity.ADVISORY,
)
def template_measured_each_minute(template: Resource) -> Iterator[Fault]:
    """Scaling on CPU sees a number every five minutes unless detailed monitoring is on."""
    if not template.flag("monitoring.enabled"):
        yield template.fault("monitoring.enabled", "true")


@resource_rule(
    TEMPLATE,
    source=f"{API}LaunchTemplateTagSpecificationRequest.html",
    fix='add a tag specification for "volume"',
    severity=Severity.ADVISORY,
)
def template_tags_its_disks(template: Resource) -> Iterator[Fault]:
    """A server's tags do not reach its disks: what they cost has no owner."""
    tagged = [each.text("resourceType") for each in template.all_parts("tagSpecifications")]
    if "instance" in tagged and "volume" not in tagged:
        yield template.fault("tagSpecifications", "one for volume beside instance", got=tagged)


@resource_rule(TEMPLATE, source=f"{API}RequestLaunchTemplateData.html", fix="choose a type of the image's architecture")
def template_type(template: Resource) -> Iterator[Fault]:
    """An instance type is spelled family.size."""
    allowed = "family.size, such as t4g.small"
    yield from template.matching("instanceType", TYPE, allowed)


@resource_rule(INSTANCE, source=f"{API}RunInstances.html", fix="give an image's id and a type that exists")
def instance_image_and_type(instance: Resource) -> Iterator[Fault]:
    """A server alone is made of an image's id and a type, as one of a template is."""
    yield from instance.matching("ami", IMAGE, "ami- with 8 or 17 hex digits")
    yield from instance.matching("instanceType", TYPE, "family.size, such as t4g.small")


def _opens_a_channel(policy: Resource) -> bool:
    given = statements(policy.document("policy"))
    return any(each.allows and each.covers("ssmmessages:OpenControlChannel") for each in given)


def _roles(template: Resource, stack: Stack) -> list[Resource]:
    profiles = stack.referred(template, "iamInstanceProfile", PROFILE)
    return [role for each in profiles for role in stack.referred(each, "role", ROLE)]


def _decodes(raw: bytes) -> bool:
    try:
        base64.b64decode(raw, validate=True)
    except binascii.Error:
        return False
    return True
