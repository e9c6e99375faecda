"""The physical-name table: what AWS allows each named type to be called, and names that fit it."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

HEX_DIGITS = 7
"""Length of Pulumi's random suffix: AutoName sets Randlen to 7 (pulumi-terraform-bridge, pkg/tfbridge/names.go)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NameRule:
    """What AWS allows one type to be called, and how pulumi-aws builds the automatic name.

    pulumi-aws' own limits (provider/resource_overrides.go and autonaming.go) are 255 and no lower-casing for nearly
    every type, so that it makes names which AWS refuses; `max_length` is the lower of the two.
    """

    property: str = "name"
    """Wire name of the property that holds the physical name."""
    max_length: int = 255
    """Characters, suffixes included."""
    min_length: int = 1
    alphabet: str = "A-Za-z0-9_-"
    """Inside of a regular expression's character class."""
    lower: bool = False
    letter_first: bool = False
    no_double_hyphen: bool = False
    no_edge_hyphen: bool = False
    reserved_prefixes: tuple[str, ...] = ()
    """Compared without case."""
    reserved_suffixes: tuple[str, ...] = ()
    required_prefix: str = ""
    fifo_suffix: str = ""
    """What a FIFO queue's or topic's name must end with; pulumi-aws appends it after it has checked the length."""
    separator: str = "-"
    """Between the logical name and the random digits."""
    autonamed: bool = True
    """False where Pulumi requires the property: there is no automatic name, only the component's own."""
    source: str


_PRINTABLE = " -~\u00a1-\ud7ff\ue000-\U0010ffff"  # no control characters, no surrogates
_LB = NameRule(max_length=32, alphabet="A-Za-z0-9-", no_edge_hyphen=True, source="ELBv2 API, CreateLoadBalancer Name")
_STRICT = {
    "alphabet": "a-z0-9-",
    "lower": True,
    "letter_first": True,
    "no_double_hyphen": True,
    "no_edge_hyphen": True,
}
_IAM = NameRule(max_length=128, alphabet=r"A-Za-z0-9_+=,.@-", source="botocore iam, CreatePolicy PolicyName")
_CLOUDFRONT = NameRule(max_length=64, source="botocore cloudfront, CreateFunction Name")
_CF_POLICY = NameRule(max_length=128, source="CloudFront console, policy name")

# fmt: off
_TABLE = {
    "autoscaling/group:Group": NameRule(alphabet="!-9;-~",
        source="Auto Scaling API, CreateAutoScalingGroup: ASCII 33 to 126 without a colon"),
    "autoscaling/lifecycleHook:LifecycleHook": NameRule(alphabet="A-Za-z0-9_/-",
        source="botocore autoscaling, PutLifecycleHook"),
    "autoscaling/policy:Policy": NameRule(alphabet=_PRINTABLE,
        source="botocore autoscaling, PutScalingPolicy PolicyName"),
    "budgets/budget:Budget": NameRule(max_length=100, alphabet=r" -.0-9;=?-\[\]-~",
        source="botocore budgets, BudgetName; '/action/' and '<script>' are refused, so '/', '<', '>' are left out"),
    "cloudfront/cachePolicy:CachePolicy": _CF_POLICY,
    "cloudfront/function:Function": _CLOUDFRONT,
    "cloudfront/originAccessControl:OriginAccessControl": replace(_CLOUDFRONT,
        source="CloudFront API, OriginAccessControlConfig Name: 64 characters"),
    "cloudfront/originRequestPolicy:OriginRequestPolicy": _CF_POLICY,
    "cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": _CF_POLICY,
    "cloudfront/vpcOrigin:VpcOrigin": replace(_CLOUDFRONT, property="vpcOriginEndpointConfig.name", autonamed=False,
        source="CloudFront API, VpcOriginEndpointConfig"),
    "cloudwatch/compositeAlarm:CompositeAlarm": NameRule(property="alarmName", alphabet=_PRINTABLE, autonamed=False,
        source="botocore cloudwatch, PutCompositeAlarm"),
    "cloudwatch/dashboard:Dashboard": NameRule(property="dashboardName", autonamed=False,
        source="CloudWatch API, PutDashboard DashboardName"),
    "cloudwatch/logGroup:LogGroup": NameRule(alphabet="A-Za-z0-9_./#-", reserved_prefixes=("aws/",),
        source="botocore logs, CreateLogGroup: 512; pulumi-aws stops at 255"),
    "cloudwatch/metricAlarm:MetricAlarm": NameRule(alphabet=_PRINTABLE,
        source="botocore cloudwatch, PutMetricAlarm AlarmName"),
    "dynamodb/table:Table": NameRule(min_length=3, alphabet="A-Za-z0-9_.-",
        source="DynamoDB API, CreateTable TableName"),
    "ec2/launchTemplate:LaunchTemplate": NameRule(min_length=3, max_length=128, alphabet="A-Za-z0-9()./_-",
        source="EC2 API, CreateLaunchTemplate LaunchTemplateName"),
    "ec2/securityGroup:SecurityGroup": NameRule(
        alphabet=r"A-Za-z0-9 ._:/()#,@\[\]+=&;{}!$*-", reserved_prefixes=("sg-",),
        source="EC2 API, CreateSecurityGroup GroupName"),
    "elasticache/parameterGroup:ParameterGroup": NameRule(**_STRICT, reserved_prefixes=("default.",),
        source="ElastiCache API, CreateCacheParameterGroup"),
    "elasticache/replicationGroup:ReplicationGroup": NameRule(**_STRICT, property="replicationGroupId", max_length=40,
        source="ElastiCache API, CreateReplicationGroup ReplicationGroupId"),
    "elasticache/subnetGroup:SubnetGroup": NameRule(**_STRICT, source="ElastiCache API, CreateCacheSubnetGroup"),
    "iam/instanceProfile:InstanceProfile": _IAM,
    "iam/policy:Policy": _IAM,
    "iam/role:Role": replace(_IAM, max_length=64, source="botocore iam, CreateRole RoleName"),
    "iam/rolePolicy:RolePolicy": _IAM,
    "kms/alias:Alias": NameRule(
        max_length=244, alphabet="A-Za-z0-9/_-", required_prefix="alias/", reserved_prefixes=("alias/aws/",),
        source="KMS API, CreateAlias: 256; pulumi-aws stops at 238 and then adds 'alias/'"),
    "lb/loadBalancer:LoadBalancer": replace(_LB, reserved_prefixes=("internal-",)),
    "lb/targetGroup:TargetGroup": replace(_LB, source="ELBv2 API, CreateTargetGroup Name"),
    "rds/instance:Instance": NameRule(**_STRICT, property="identifier", max_length=63, separator="",
        source="RDS API, CreateDBInstance DBInstanceIdentifier"),
    "rds/parameterGroup:ParameterGroup": NameRule(**_STRICT,
        source="RDS API, CreateDBParameterGroup DBParameterGroupName"),
    "rds/subnetGroup:SubnetGroup": NameRule(**_STRICT,
        source="RDS API, CreateDBSubnetGroup DBSubnetGroupName, narrowed to what parameter groups allow"),
    "s3/bucket:Bucket": NameRule(
        property="bucket", min_length=3, max_length=63, alphabet="a-z0-9-", lower=True, no_edge_hyphen=True,
        reserved_prefixes=("xn--", "sthree-", "amzn-s3-demo-"),
        reserved_suffixes=("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"),
        source="S3 User Guide, bucket naming rules; no dots, which break TLS"),
    "secretsmanager/secret:Secret": NameRule(alphabet="A-Za-z0-9/_+=.@-",
        source="Secrets Manager API, CreateSecret: 512; pulumi-aws stops at 255"),
    "sns/topic:Topic": NameRule(max_length=80, fifo_suffix=".fifo",
        source="SNS API, CreateTopic: 256; pulumi-aws stops at 80"),
    "sqs/queue:Queue": NameRule(max_length=80, fifo_suffix=".fifo", source="SQS API, CreateQueue QueueName"),
    "ssm/parameter:Parameter": NameRule(alphabet="A-Za-z0-9_./-", reserved_prefixes=("aws", "ssm", "/aws", "/ssm"),
        source="SSM API, PutParameter Name"),
    "wafv2/webAcl:WebAcl": NameRule(max_length=128, source="botocore wafv2, CreateWebACL Name"),
}
# fmt: on

RULES: Mapping[str, NameRule] = MappingProxyType({f"aws:{token}": rule for token, rule in _TABLE.items()})


def token_of(of: str | type) -> str:
    """The type token of a resource class, e.g. `aws:sqs/queue:Queue`; a token is its own.

    The SDK sets `pulumi_type` on each class by a decorator, where no type checker sees it: hence this one place.
    """
    return of if isinstance(of, str) else str(vars(of)["pulumi_type"])


def logical(of: str | type, *parts: str) -> str:
    """Join *parts* into a child's logical name whose automatic physical name AWS accepts.

    A name that fits is left as it is. One that had to be altered or cut keeps its head and ends in 7 hex digits of the
    sha256 of the full name, so that two inputs never share a name. A token outside `RULES` gets the plain join.
    """
    full = "-".join(parts)
    rule = RULES.get(token_of(of))
    if rule is None:
        return full
    head = _legal_head(rule, full)
    if head == full and len(full) <= _room(rule):
        return full
    return f"{head[: _room(rule) - HEX_DIGITS - 1].rstrip('-')}-{_digits(full)}"


def physical(token: str, logical_name: str, seed: str, *, fifo: bool = False) -> tuple[str, str] | None:
    """Give (wire property, automatic name) as pulumi-aws does, with digits from *seed*; None when nothing is autonamed.

    Raises ValueError where pulumi-aws would go on and AWS would refuse: the logical name did not come from `logical`.
    """
    rule = RULES.get(token)
    if rule is None or not rule.autonamed:
        return None
    name = _autoname(rule, logical_name, _digits(seed), fifo=fifo)
    if refusal := check(token, name):
        raise ValueError(refusal)
    return rule.property, name


def check(token: str, name: str) -> str | None:
    """Say what is wrong with *name* as a fixed physical name of *token*; None when AWS takes it or no rule is known."""
    rule = RULES.get(token)
    faults = _faults(rule, name) if rule else []
    if rule is None or not faults:
        return None
    fix = _autoname(rule, logical(token, name), _digits(name))
    return (
        f"{token} {rule.property} is {name!r}; allowed: {', '.join(faults)} ({rule.source}). "
        f"Fix: name the resource with names.logical, which gives for example {fix!r}"
    )


def _room(rule: NameRule) -> int:
    """Longest logical name, in characters, whose automatic name is still legal."""
    return rule.max_length - len(_autoname(rule, "", "0" * HEX_DIGITS, fifo=True))


def _autoname(rule: NameRule, logical_name: str, digits: str, *, fifo: bool = False) -> str:
    prefix = "" if logical_name.startswith(rule.required_prefix) else rule.required_prefix
    return f"{prefix}{logical_name}{rule.separator}{digits}{rule.fifo_suffix if fifo else ''}"


def _legal_head(rule: NameRule, full: str) -> str:
    """Change as little of *full* as makes its characters and its beginning legal; the length is not looked at."""
    head = re.sub(f"[^{rule.alphabet}]", "-", full.lower() if rule.lower else full)
    if rule.no_double_hyphen:
        head = re.sub("-{2,}", "-", head)
    if rule.no_edge_hyphen:
        head = head.strip("-")
    begins = _autoname(rule, head, "")
    unlettered = rule.letter_first and not begins[:1].isalpha()
    return f"n-{head}" if unlettered or not head or _has_prefix(rule, begins) else head


def _has_prefix(rule: NameRule, name: str) -> bool:
    return name.lower().startswith(rule.reserved_prefixes)


def _faults(rule: NameRule, name: str) -> list[str]:
    """List the constraints that *name* breaks, each in the words of what is allowed."""
    stem = name.removesuffix(rule.fifo_suffix)
    broken = {
        f"{rule.min_length}..{rule.max_length} characters": not rule.min_length <= len(name) <= rule.max_length,
        f"characters of [{rule.alphabet}]": not re.fullmatch(f"[{rule.alphabet}]*", stem),
        "a letter first": rule.letter_first and not name[:1].isalpha(),
        "no '--'": rule.no_double_hyphen and "--" in name,
        "no '-' at either end": rule.no_edge_hyphen and name != name.strip("-"),
        f"a beginning other than {', '.join(rule.reserved_prefixes)}": _has_prefix(rule, name),
        f"an end other than {', '.join(rule.reserved_suffixes)}": name.endswith(rule.reserved_suffixes),
        f"a name that begins with {rule.required_prefix!r}": not name.startswith(rule.required_prefix),
    }
    return [allowed for allowed, is_broken in broken.items() if is_broken]


def _digits(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:HEX_DIGITS]
