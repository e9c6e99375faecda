"""Rules of secrets: where they are kept, and where they must not show."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import Severity, resource_rule, stack_rule
from policies.stack import Stack
from policies.values import Fault, apart, of_each

SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105  a type token
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
PASSWORD = "random:index/randomPassword:RandomPassword"  # noqa: S105  a type token
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
PARAMETER = "aws:ssm/parameter:Parameter"
API = "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_"
KEY_ID = r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"
PRIVATE_KEY = "-----BEGIN (?:RSA |EC |OPENSSH )?PRIVATE KEY-----"


@resource_rule(SECRET, source=f"{API}CreateSecret.html", fix="use at most 512 of the allowed characters")
def secret_name(secret: Resource) -> Iterator[Fault]:
    """A secret's name has at most 512 letters, digits and /_+=.@-."""
    yield from secret.matching("name", r"[A-Za-z0-9/_+=.@-]{1,512}", "1 to 512 of A-Z, a-z, 0-9 and /_+=.@-")


@resource_rule(SECRET, source=f"{API}DeleteSecret.html", fix="use 0, or 7 to 30 days")
def secret_recovery(secret: Resource) -> Iterator[Fault]:
    """A deleted secret waits 7 to 30 days, or goes at once (0); meanwhile its name is taken."""
    days = secret.number("recoveryWindowInDays")
    if days is not None and days != 0 and not 7 <= days <= 30:
        yield secret.fault("recoveryWindowInDays", "0, or 7 to 30")


@stack_rule(SECRET, source=f"{API}PutSecretValue.html", fix="add a SecretVersion", severity=Severity.ADVISORY)
def secret_has_a_value(secret: Resource, stack: Stack) -> Iterator[Fault]:
    """A secret without a version has nothing to give: the first server that asks gets ResourceNotFoundException."""
    if not stack.referring(VERSION, "secretId", secret):
        yield secret.fault("secretString", "a SecretVersion of it")


@stack_rule(TEMPLATE, source=f"{API}GetSecretValue.html", fix="take the ARN from the SecretVersion, or depend on it")
def server_after_the_secret(template: Resource, stack: Stack) -> Iterator[Fault]:
    """A server that boots before its secret has a value does not come up."""
    waits = set(template.options.depends_on)
    named = [each for each in stack.of(SECRET) if each.urn in template.dependencies.get("userData", [])]
    for secret in named:
        versions = stack.referring(VERSION, "secretId", secret)
        if versions and not {each.urn for each in versions} & waits:
            yield template.fault("userData", f"a template that depends on {versions[0].name}", got=secret.name)


@resource_rule(
    TEMPLATE,
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html",
    fix="pass the secret's ARN, and let the server fetch the value with its role",
)
def server_user_data_without_secrets(template: Resource) -> Iterator[Fault]:
    """Whoever may describe the template, and every process on the server, can read user data."""
    if "userData" in template.secrets:
        yield template.fault("userData", "no secret value inside")


@resource_rule(
    PASSWORD,
    source="https://www.pulumi.com/registry/packages/random/api-docs/randompassword/",
    fix="set length to 32",
    severity=Severity.ADVISORY,
)
def password_is_long(password: Resource) -> Iterator[Fault]:
    """Below 20 characters a random password can be searched for."""
    if (password.number("length") or 0) < 20:
        yield password.fault("length", "20 or more")


@stack_rule(
    PASSWORD,
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html",
    fix="set special=False, or override_special to characters that are allowed",
)
def password_fits_its_database(password: Resource, stack: Stack) -> Iterator[Fault]:
    """RandomPassword's own specials hold characters that RDS (@) and ElastiCache (most) refuse, by chance."""
    users = [each for type_, path in (("aws:rds/instance:Instance", "password"),
                                      ("aws:elasticache/replicationGroup:ReplicationGroup", "authToken"))
             for each in stack.of(type_) if password.urn in each.dependencies.get(path, [])]  # fmt: skip
    if users and password.get("special") is not False and "overrideSpecial" not in password:
        yield password.fault("special", f"false for {users[0].name}")


@resource_rule(
    PARAMETER,
    source="https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html",
    fix="use the Advanced tier, or S3",
)
def parameter_size(parameter: Resource) -> Iterator[Fault]:
    """A standard parameter holds at most 4 KiB, and a name of at most 15 levels."""
    yield from _value(parameter)
    yield from parameter.matching("name", r"(?s)[^/]*(/[^/]*){0,15}", "at most 15 levels")


@resource_rule(
    TEMPLATE,
    PARAMETER,
    "aws:cloudwatch/dashboard:Dashboard",
    "aws:s3/bucketObjectv2:BucketObjectv2",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
    fix="delete the key now, and use a role",
)
def no_access_key_in_the_open(resource: Resource) -> Iterator[Fault]:
    """An access key or a private key in a plain input is read by everybody who may read the resource."""
    yield from of_each(
        ("userData", "dashboardBody", "content", "value", "tags"), lambda name: _key_in_the_open(resource, name)
    )


def _key_in_the_open(resource: Resource, name: str) -> Iterator[Fault]:
    if re.search(f"{KEY_ID}|{PRIVATE_KEY}", resource.text(name)):
        plain = name not in resource.secrets or (resource.type == PARAMETER and resource.text("type") != "SecureString")
        if plain:
            yield resource.fault(name, "no key", got="a key, not shown here")


@apart
def _value(parameter: Resource) -> Iterator[Fault]:
    if len(parameter.text("value").encode()) > 4096 and parameter.text("tier") in ("", "Standard"):
        yield parameter.fault("value", "4096 bytes in the standard tier")


@resource_rule(
    PARAMETER,
    source="https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html",
    fix="mend the value, or the pattern",
)
def parameter_value(parameter: Resource) -> Iterator[Fault]:
    """A parameter's value is what its own pattern and data type allow."""
    value, pattern = parameter.text("value"), parameter.text("allowedPattern")
    if pattern and not re.search(pattern, value):
        yield parameter.fault("value", f"what {pattern} matches")
    if parameter.text("dataType") == "aws:ec2:image" and not re.fullmatch("ami-([0-9a-f]{8}|[0-9a-f]{17})", value):
        yield parameter.fault("value", "an image's id")
