"""Rules of what stands in an IAM policy document, whoever holds it: actions, resources and conditions that exist."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from policies.authorization import GLOBAL_KEYS, Action, actions, condition_keys
from policies.documents import Statement, statements
from policies.resource import Resource
from policies.rule import Severity, resource_rule
from policies.values import Fault, Properties

ROLE = "aws:iam/role:Role"
OF_IDENTITIES = (
    "aws:iam/groupPolicy:GroupPolicy",
    "aws:iam/policy:Policy",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/userPolicy:UserPolicy",
    ROLE,
)
OF_RESOURCES = (
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    "aws:kms/key:Key",
    "aws:kms/keyPolicy:KeyPolicy",
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:secretsmanager/secretPolicy:SecretPolicy",
    "aws:sns/topic:Topic",
    "aws:sns/topicPolicy:TopicPolicy",
    "aws:sqs/queue:Queue",
    "aws:sqs/queuePolicy:QueuePolicy",
)
EVERY_DOCUMENT = (*OF_IDENTITIES, *OF_RESOURCES)
OF_A_SERVICE = {"aws:sourceowner": "sns"}
"""Keys that look global and that one service alone knows: https://docs.aws.amazon.com/sns/latest/dg/
sns-access-policy-use-cases.html#source-account-versus-source-owner; the console writes it into each topic's policy."""
GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
ANALYZER = f"{GUIDE}access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-"
REFERENCE = (
    "https://docs.aws.amazon.com/service-authorization/latest/reference/"
    "reference_policies_actions-resources-contextkeys.html"
)
_ORDERED = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
_COMPARISONS = {
    "String": ("Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase", "Like", "NotLike"),
    "Numeric": _ORDERED,
    "Date": _ORDERED,
    "Arn": ("Equals", "NotEquals", "Like", "NotLike"),
    **dict.fromkeys(("Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "Null"), ("",)),
}
OPERATORS = frozenset(f"{kind}{how}" for kind, comparisons in _COMPARISONS.items() for how in comparisons)
TRUST_ACTIONS = (
    "sts:AssumeRole, AssumeRoleWithSAML, AssumeRoleWithWebIdentity, TagSession, SetSourceIdentity, SetContext"
)
VERSIONS = ("2012-10-17", "2008-10-17")


@resource_rule(
    *EVERY_DOCUMENT,
    source=f"{ANALYZER}error-invalid-action",
    fix="look it up in the Service Authorization Reference: API calls often have another name",
)
def policy_action_exists(policy: Resource) -> Iterator[Fault]:
    """An action that AWS does not have allows and forbids nothing; IAM takes it without a word."""
    for holder, each in _documents(policy):
        for pattern in (*each.actions, *each.not_actions):
            if pattern != "*" and not actions(pattern):
                yield holder.fault("policy", "actions of AWS", got=pattern)


@resource_rule(
    *EVERY_DOCUMENT, source=REFERENCE, fix="name the ARNs that the action works on, such as bucket/* for objects"
)
def policy_action_fits_its_resource(policy: Resource) -> Iterator[Fault]:
    """An action works on some kinds of resources only: on every other ARN the statement allows and forbids nothing."""
    for holder, each in _documents(policy):
        for pattern in each.actions if each.resources else ():
            named = actions(pattern) if pattern != "*" else ()
            if named and not any(action.works_on(resource) for action in named for resource in each.resources):
                kinds = sorted({_plain(arn) for action in named for arn in action.arns}) or ["*"]
                yield holder.fault("policy", " or ".join(kinds[:3]), got=f"{pattern} on {', '.join(each.resources)}")


@resource_rule(
    *EVERY_DOCUMENT,
    source=f"{GUIDE}reference_policies_elements_condition_operators.html",
    fix="take an operator of IAM",
)
def policy_condition_operator(policy: Resource) -> Iterator[Fault]:
    """IAM refuses a condition whose operator it does not have."""
    for holder, each in _documents(policy):
        for operator, key, _ in each.conditions:
            plain = re.sub(r"^(ForAllValues|ForAnyValue):|IfExists$", "", operator)
            if plain not in OPERATORS:
                yield holder.fault("policy", "an operator such as StringEquals", got=f"{operator} on {key}")


@resource_rule(
    *EVERY_DOCUMENT, source=REFERENCE, fix="look up which keys a request for the action has", severity=Severity.ADVISORY
)
def policy_condition_key(policy: Resource) -> Iterator[Fault]:
    """A condition on a key that no request for the action has is never met: nothing is allowed, or nothing denied."""
    for holder, each in _documents(policy):
        named = [action for pattern in each.actions if pattern != "*" for action in actions(pattern)]
        for _, key, _ in each.conditions if named else ():
            if not _can_be_asked(key, named):
                yield holder.fault("policy", f"a condition key of {each.actions[0]}", got=key)


@resource_rule(
    *OF_IDENTITIES,
    source=f"{ANALYZER}security-warning-pass-role-with-star-in-resource",
    fix="name the role that is passed",
)
def policy_passes_every_role(policy: Resource) -> Iterator[Fault]:
    """Whoever may pass every role to a service of AWS may do what the mightiest role of the account may."""
    for holder, each in _documents(policy):
        passing = [pattern for pattern in each.actions if pattern != "*" and _means(pattern, "iam:PassRole")]
        if each.allows and passing and _everywhere(each) and not each.conditions:
            yield holder.fault("policy", "the ARN of a role", got=f"{passing[0]} on *")


@resource_rule(*OF_IDENTITIES, source=f"{GUIDE}best-practices.html#grant-least-privilege", fix="name the secret's ARN")
def policy_reads_every_secret(policy: Resource) -> Iterator[Fault]:
    """Whoever may read every secret reads those of all other stacks of the account."""
    for holder, each in _documents(policy):
        reading = [
            pattern for pattern in each.actions if pattern != "*" and _means(pattern, "secretsmanager:GetSecretValue")
        ]
        if each.allows and reading and _everywhere(each) and not each.conditions:
            yield holder.fault("policy", "the ARN of a secret", got=f"{reading[0]} on *")


@resource_rule(
    *OF_IDENTITIES,
    source=f"{ANALYZER}security-warning-allow-with-notaction",
    fix="name the actions that are used",
    severity=Severity.ADVISORY,
)
def policy_allows_all_the_rest(policy: Resource) -> Iterator[Fault]:
    """What is allowed but for a few actions holds every action that AWS will invent."""
    for holder, each in _documents(policy):
        if each.allows and each.not_actions:
            yield holder.fault("policy", "Action", got=f"NotAction {', '.join(each.not_actions)}")


@resource_rule(
    *OF_IDENTITIES,
    source=f"{GUIDE}access_policies_understand-policy-summary-access-level-summaries.html",
    fix="name the ARNs whose permissions it may change",
    severity=Severity.ADVISORY,
)
def policy_changes_every_permission(policy: Resource) -> Iterator[Fault]:
    """Whoever may change the permissions of everything may give himself any."""
    for holder, each in _documents(policy):
        if each.allows and _everywhere(each) and not each.conditions:
            levels = ((pattern, actions(pattern)) for pattern in each.actions if pattern != "*")
            wide = [
                p for p, found in levels if any("Permissions management" in a.access_level and a.arns for a in found)
            ]
            if wide:
                yield holder.fault("policy", "ARNs", got=f"{', '.join(wide)} on *")


@resource_rule(
    *EVERY_DOCUMENT, source=f"{GUIDE}reference_policies_elements_version.html", fix='write "Version": "2012-10-17"'
)
def policy_version(policy: Resource) -> Iterator[Fault]:
    """IAM has two versions of its language; the older, which is the default, takes a variable for plain text."""
    for holder in (policy, *policy.parts("inlinePolicies")):
        document = holder.document("policy")
        version = document.get("Version", VERSIONS[1])
        variables = "${" in holder.text("policy")
        if document and (version not in VERSIONS or (variables and version != VERSIONS[0])):
            yield holder.fault("policy", VERSIONS[0], got=document.get("Version", "no Version"))


@resource_rule(
    ROLE, source=f"{GUIDE}id_roles_update-role-trust-policy.html", fix="drop Resource, and name sts: actions"
)
def trust_is_about_taking_the_role(role: Resource) -> Iterator[Fault]:
    """A trust policy says who takes the role it stands on: IAM refuses other actions, and any resource."""
    for each in statements(role.document("assumeRolePolicy")):
        strange = [name for name in each.actions if not name.lower().startswith("sts:") or not actions(name)]
        if strange:
            yield role.fault("assumeRolePolicy", TRUST_ACTIONS, got=strange[0])
        if each.resources:
            yield role.fault("assumeRolePolicy", "no Resource", got=list(each.resources))


def _documents(resource: Resource) -> Iterator[tuple[Properties, Statement]]:
    """Every statement of its policy or inline policies, with the object that holds it."""
    inline = resource.parts("inlinePolicies") if resource.is_known("inlinePolicies") else []
    for holder in (resource, *inline):
        if "policy" in holder and holder.is_known("policy"):
            yield from ((holder, each) for each in _statements(holder.text("policy")))


@lru_cache(maxsize=4096)
def _statements(text: str) -> tuple[Statement, ...]:
    """Parse a document once for all rules; nothing where it is no JSON, which a rule of its own says."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError:
        return ()
    return tuple(statements(document)) if isinstance(document, dict) else ()


def _can_be_asked(key: str, named: Sequence[Action]) -> bool:
    """Whether requests for an action have *key*; keys of other services travel along, such as ec2:SourceInstanceARN."""
    service = key.partition(":")[0]
    own = {each.name.partition(":")[0] for each in named}
    if key in OF_A_SERVICE:
        return OF_A_SERVICE[key] in own
    known = GLOBAL_KEYS if service == "aws" else frozenset() if service in own else condition_keys(service) or {key}
    return any(key.startswith(each) for each in known.union(*(action.keys for action in named)))


def _means(pattern: str, action: str) -> bool:
    return any(each.name.lower() == action.lower() for each in actions(pattern))


def _everywhere(statement: Statement) -> bool:
    return "*" in statement.resources


def _plain(arn: str) -> str:
    return arn.replace("\0", "*")
