"""Rules of IAM roles, policies and KMS keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from policies.documents import Statement, statements
from policies.resource import Resource
from policies.rule import Severity, resource_rule, stack_rule
from policies.stack import Stack
from policies.values import Fault

ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
POLICY = "aws:iam/policy:Policy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
ADMINISTRATORS = ("AdministratorAccess", "IAMFullAccess", "PowerUserAccess")
PROFILE = "aws:iam/instanceProfile:InstanceProfile"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
KEY = "aws:kms/key:Key"
KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy"
ALIAS = "aws:kms/alias:Alias"
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy"
TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy"
QUOTAS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"
GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
KMS = "https://docs.aws.amazon.com/kms/latest/APIReference/API_"
UNCONDITIONAL = ("logdelivery.elasticloadbalancing.amazonaws.com",)
"""Services that call without telling for whom: AWS's own example has no condition either."""
NAMES = {ROLE: 64, PROFILE: 128, POLICY: 128, ROLE_POLICY: 128}
IDENTITY_POLICIES = (ROLE_POLICY, POLICY)
RESOURCE_POLICIES = (BUCKET_POLICY, QUEUE_POLICY, TOPIC_POLICY, KEY_POLICY)


@resource_rule(
    ROLE, PROFILE, POLICY, ROLE_POLICY, source=QUOTAS, fix="write it as allowed, or leave it out: Pulumi makes one"
)
def iam_name(named: Resource) -> Iterator[Fault]:
    """A role's name has at most 64 letters, digits and +=,.@_-, a profile's and a policy's 128."""
    most = NAMES[named.type]
    yield from named.matching("name", rf"[\w+=,.@-]{{1,{most}}}", f"1 to {most} of A-Z, a-z, 0-9 and +=,.@_-")


@resource_rule(
    ROLE,
    source=f"{GUIDE}id_roles_create_for-service.html",
    fix="write a trust policy with Principal and sts:AssumeRole",
)
def role_trust(role: Resource) -> Iterator[Fault]:
    """A role's trust policy says who may take it: without a principal IAM refuses it."""
    given = list(statements(role.document("assumeRolePolicy")))
    if given and not all(each.principals and each.actions for each in given):
        yield role.fault("assumeRolePolicy", "statements with Principal and Action")


@resource_rule(
    ROLE, source=f"{GUIDE}id_roles_create_for-service.html", fix="name the service or account that takes the role"
)
def role_trusts_somebody(role: Resource) -> Iterator[Fault]:
    """A role that everybody may take is everybody's."""
    for each in statements(role.document("assumeRolePolicy")):
        if each.allows and ("AWS", "*") in each.principals and not each.conditions:
            yield role.fault("assumeRolePolicy", "a principal other than *", got="*")


@resource_rule(ROLE, source=QUOTAS, fix="use 3600 to 43200 s")
def role_session(role: Resource) -> Iterator[Fault]:
    """A session in a role lasts an hour to 12 hours."""
    yield from role.between("maxSessionDuration", 3600, 43_200)


@stack_rule(ROLE, source=QUOTAS, fix="merge statements, or use a managed policy")
def role_inline_size(role: Resource, stack: Stack) -> Iterator[Fault]:
    """All inline policies of a role have at most 10,240 characters together, white space apart."""
    texts = [each.text("policy") for each in stack.referring(ROLE_POLICY, "role", role)]
    texts += [each.text("policy") for each in role.parts("inlinePolicies")]
    size = sum(_size(text) for text in texts)
    if size > 10_240:
        yield role.fault("inlinePolicies", "10240 characters together", got=f"{size} characters")


@resource_rule(POLICY, source=QUOTAS, fix="split the policy")
def policy_size(policy: Resource) -> Iterator[Fault]:
    """A managed policy has at most 6,144 characters, white space apart."""
    if _size(policy.text("policy")) > 6_144:
        yield policy.fault("policy", "6144 characters", got=f"{_size(policy.text('policy'))} characters")


@resource_rule(
    *IDENTITY_POLICIES,
    source=f"{GUIDE}best-practices.html#grant-least-privilege",
    fix="name the actions that are used, and the ARNs that they are used on",
)
def policy_not_everything(policy: Resource) -> Iterator[Fault]:
    """An application that may do everything with a service does it for whoever breaks in."""
    for each in statements(policy.document("policy")):
        wide = [action for action in each.actions if action == "*" or action.endswith(":*")]
        if each.allows and wide and _everywhere(each):
            yield policy.fault("policy", "no wildcard action on every resource", got=wide)


@resource_rule(
    *IDENTITY_POLICIES,
    source=f"{GUIDE}best-practices.html#grant-least-privilege",
    fix="name the actions that are used",
    severity=Severity.ADVISORY,
)
def policy_names_actions(policy: Resource) -> Iterator[Fault]:
    """service:* holds the actions that delete, and those that AWS will invent."""
    for each in statements(policy.document("policy")):
        wide = [action for action in each.actions if action.endswith(":*")]
        if each.allows and wide and not _everywhere(each):
            yield policy.fault("policy", "no service:*", got=wide)


@stack_rule(
    *IDENTITY_POLICIES, source=f"{GUIDE}id_roles_use_passrole.html", fix="drop iam: actions from the servers' policies"
)
def server_not_iam(policy: Resource, stack: Stack) -> Iterator[Fault]:
    """A server that may pass or change roles may become any of them."""
    for role in stack.referred(policy, "role", ROLE):
        granted = [action for each in statements(policy.document("policy")) if each.allows
                   for action in each.actions if action.lower().startswith("iam:")]  # fmt: skip
        if granted and _serves(role, stack):
            yield policy.fault("policy", "no iam: action", got=granted)


@stack_rule(
    ATTACHMENT,
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html",
    fix="write a policy of the actions and the ARNs that the servers use",
)
def server_not_administrator(attachment: Resource, stack: Stack) -> Iterator[Fault]:
    """A server with a policy that AWS made for administrators is one, and so is whoever breaks in."""
    arn = attachment.text("policyArn")
    if arn.rpartition("/")[2] in ADMINISTRATORS:
        for role in stack.referred(attachment, "role", ROLE):
            if _serves(role, stack):
                yield attachment.fault("policyArn", "a policy of the actions that are used")


@resource_rule(
    ROLE_POLICY, POLICY, *RESOURCE_POLICIES, source=f"{GUIDE}reference_policies_grammar.html", fix="mend the JSON"
)
def policy_is_json(policy: Resource) -> Iterator[Fault]:
    """A policy is a JSON object with statements; its service refuses anything else."""
    text = policy.text("policy")
    try:
        document = json.loads(text)
    except json.JSONDecodeError:
        yield policy.fault("policy", "a JSON object", got="no JSON")
        return
    if not isinstance(document, dict):
        yield policy.fault("policy", "a JSON object", got=type(document).__name__)


@resource_rule(
    ROLE_POLICY,
    POLICY,
    *RESOURCE_POLICIES,
    source=f"{GUIDE}reference_policies_elements.html",
    fix="give Effect and Action, Resource to an identity's policy, Principal to a resource's",
)
def policy_statements_whole(policy: Resource) -> Iterator[Fault]:
    """An identity's statement has actions and resources and no principal, a resource's has a principal."""
    of_identity = policy.type in IDENTITY_POLICIES
    needed = ("Action", "Resource") if of_identity else ("Action", "Principal")
    allowed = f"Effect Allow or Deny, {' and '.join(needed)}" + (", and no Principal" if of_identity else "")
    for number, each in enumerate(_raw_statements(policy), start=1):
        wrong = [f"no {name}" for name in needed if not {name, f"Not{name}"} & each.keys()]
        if each.get("Effect") not in ("Allow", "Deny"):
            wrong.append(f"Effect {each.get('Effect')}")
        if of_identity and {"Principal", "NotPrincipal"} & each.keys():
            wrong.append("a Principal")
        if wrong:
            yield policy.fault("policy", allowed, got=f"statement {number} with {', '.join(wrong)}")


@resource_rule(
    *RESOURCE_POLICIES,
    source=f"{GUIDE}confused-deputy.html",
    fix="add a condition on aws:SourceArn or aws:SourceAccount",
    severity=Severity.ADVISORY,
)
def policy_names_the_source(policy: Resource) -> Iterator[Fault]:
    """A service acts for every account: without a condition somebody else's topic, log or bucket gets in as well."""
    for each in statements(policy.document("policy")):
        services = [name for kind, name in each.principals if kind == "Service" and name not in UNCONDITIONAL]
        held = any(each.condition(key) for key in ("aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID"))
        if each.allows and services and not held and policy.type != KEY_POLICY:
            yield policy.fault("policy", "a condition on where the call comes from", got=services)


@resource_rule(
    *RESOURCE_POLICIES,
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-concepts.html",
    fix="name who may, or add a condition",
)
def policy_not_public(policy: Resource) -> Iterator[Fault]:
    """What everybody in the world may do, somebody will."""
    for each in statements(policy.document("policy")):
        if each.allows and ("AWS", "*") in each.principals and not each.conditions:
            yield policy.fault("policy", "a principal other than *", got=list(each.actions))


@resource_rule(KEY, source=f"{KMS}ScheduleKeyDeletion.html", fix="use 7 to 30 days")
def key_deletion(key: Resource) -> Iterator[Fault]:
    """A key dies 7 to 30 days after its deletion."""
    yield from key.between("deletionWindowInDays", 7, 30)


@resource_rule(KEY, source=f"{KMS}EnableKeyRotation.html", fix="use 90 to 2560 days")
def key_rotation(key: Resource) -> Iterator[Fault]:
    """A key rotates every 90 to 2560 days."""
    yield from key.between("rotationPeriodInDays", 90, 2560)


@resource_rule(KEY, KEY_POLICY, source=f"{KMS}PutKeyPolicy.html", fix="allow the account's root kms:* in the policy")
def key_stays_ours(key: Resource) -> Iterator[Fault]:
    """A key policy that lets nobody change it locks everybody out for ever; KMS refuses it."""
    given = [each for each in statements(key.document("policy")) if each.allows]
    kept = any(each.covers("kms:PutKeyPolicy") and any(kind == "AWS" for kind, _ in each.principals) for each in given)
    if given and not kept and not key.flag("bypassPolicyLockoutSafetyCheck"):
        yield key.fault("policy", "a statement that lets the account put the policy", got="none does")


@resource_rule(ALIAS, source=f"{KMS}CreateAlias.html", fix="begin it with alias/, and not with alias/aws/")
def key_alias(alias: Resource) -> Iterator[Fault]:
    """An alias begins with alias/; alias/aws/ is AWS's own."""
    allowed = "alias/ and letters, digits, / _ -, not alias/aws/*"
    yield from alias.matching("name", r"alias/(?!aws/)[A-Za-z0-9/_-]{1,250}", allowed)


def _serves(role: Resource, stack: Stack) -> bool:
    """Whether servers are born with the role."""
    profiles = stack.referring(PROFILE, "role", role)
    return any(stack.referring(TEMPLATE, "iamInstanceProfile", profile) for profile in profiles)


def _everywhere(statement: Statement) -> bool:
    return "*" in statement.resources


def _size(text: str) -> int:
    return len(re.sub(r"\s", "", text))


def _raw_statements(policy: Resource) -> Iterator[dict[str, object]]:
    found = policy.document("policy").get("Statement", [])
    yield from (each for each in (found if isinstance(found, list) else [found]) if isinstance(each, dict))
