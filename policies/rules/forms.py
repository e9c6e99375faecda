"""Rules of texts that are not what they look like to AWS: origins, paths, methods, services and mail servers."""

from __future__ import annotations

from collections.abc import Iterator

from policies.documents import statements
from policies.resource import Resource
from policies.rule import resource_rule
from policies.rules.dns import RECORD
from policies.rules.load_balancer import DISTRIBUTION
from policies.rules.permissions import GUIDE, ROLE
from policies.values import Fault

CDN = "https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_"
CORS = "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration"
METHODS = ("GET", "PUT", "POST", "DELETE", "HEAD")


@resource_rule(DISTRIBUTION, source=f"{CDN}Origin.html", fix="give the host's name alone, and a path such as /app")
def cdn_origin_form(distribution: Resource) -> Iterator[Fault]:
    """An origin is a host's name, without https:// and path; its path begins with / and does not end in one."""
    for origin in distribution.parts("origins"):
        yield from origin.matching("domainName", r"[^/:]+", "a host's name, without https:// and without a path")
        yield from origin.matching("originPath", r"/.*[^/]", "a path that begins with /, and does not end in one")


@resource_rule(DISTRIBUTION, source=f"{CDN}DistributionConfig.html", fix='name the object alone, such as "index.html"')
def cdn_root_object(distribution: Resource) -> Iterator[Fault]:
    """The object of the root is named without a slash before it: with one every visitor of / gets an error."""
    yield from distribution.matching("defaultRootObject", r"[^/].*", "a name without / before it")


@resource_rule(CORS, source="https://docs.aws.amazon.com/AmazonS3/latest/API/API_CORSRule.html",
               fix="leave OPTIONS out: S3 answers it by itself")  # fmt: skip
def bucket_cors_methods(cors: Resource) -> Iterator[Fault]:
    """Across origins S3 allows five methods, and refuses a configuration that names another."""
    for rule in cors.parts("corsRules"):
        wrong = [each for each in rule.known_texts("allowedMethods") if each not in METHODS]
        if wrong:
            yield rule.fault("allowedMethods", " or ".join(METHODS), got=wrong)


@resource_rule(ROLE, source=f"{GUIDE}reference_policies_elements_principal.html#principal-services",
               fix="name it in full, such as ec2.amazonaws.com")  # fmt: skip
def role_trusts_a_service_by_its_name(role: Resource) -> Iterator[Fault]:
    """A service is a principal by its full name: IAM refuses any other (MalformedPolicyDocument)."""
    named = [name for each in statements(role.document("assumeRolePolicy")) for kind, name in each.principals
             if kind == "Service" and name != "*"]  # fmt: skip
    wrong = [name for name in named if not name.lower().removesuffix(".cn").endswith(".amazonaws.com")]
    if wrong:
        yield role.fault("assumeRolePolicy", "services such as ec2.amazonaws.com", got=wrong)


@resource_rule(RECORD, source="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html#MXFormat",
               fix='write the priority before the name, such as "10 mail.bigpicture.dev"')  # fmt: skip
def record_mail(record: Resource) -> Iterator[Fault]:
    """A mail record is a priority and a name; Route 53 refuses a name alone."""
    wrong = [each for each in record.known_texts("records") if not each.partition(" ")[0].isdigit()]
    if record.text("type") == "MX" and wrong:
        yield record.fault("records", "a priority of 0 to 65535 and a name", got=wrong)
