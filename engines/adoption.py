"""Say by which id, and which command of Pulumi, something that stands in the account is taken over into a state."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from string import Formatter

import msgspec

from components.names import RULES
from engines.graph import Resource, is_of_stack
from engines.leftovers import Leftover

SPELT = {
    "aws:autoscaling/lifecycleHook:LifecycleHook": "{autoscalingGroupName}/{name}",
    "aws:autoscaling/policy:Policy": "{autoscalingGroupName}/{name}",
    "aws:budgets/budget:Budget": "{account}:{name}",
    "aws:ec2/route:Route": "{routeTableId}_{destinationCidrBlock}",
    "aws:ec2/routeTableAssociation:RouteTableAssociation": "{subnetId}/{routeTableId}",
    "aws:iam/rolePolicy:RolePolicy": "{role}:{name}",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "{role}/{policyArn}",
    "aws:kms/keyPolicy:KeyPolicy": "{keyId}",
    "aws:s3/bucketObjectv2:BucketObjectv2": "{bucket}/{key}",
    "aws:sns/topic:Topic": "arn:aws:sns:{region}:{account}:{name}",
    "aws:sns/topicPolicy:TopicPolicy": "{arn}",
    "aws:sqs/queue:Queue": "https://sqs.{region}.amazonaws.com/{account}/{name}",
    "aws:sqs/queuePolicy:QueuePolicy": "{queueUrl}",
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": "{queueUrl}",
}
"""Type -> the id that `pulumi import` takes, where its inputs say it (pulumi.com/registry/packages/aws, "Import")."""
NAMED = frozenset(
    f"aws:{token}"
    for token in (
        "autoscaling/group:Group", "cloudwatch/dashboard:Dashboard", "cloudwatch/logGroup:LogGroup",
        "cloudwatch/metricAlarm:MetricAlarm", "dynamodb/table:Table", "elasticache/parameterGroup:ParameterGroup",
        "elasticache/replicationGroup:ReplicationGroup", "elasticache/subnetGroup:SubnetGroup",
        "iam/instanceProfile:InstanceProfile", "iam/role:Role", "rds/instance:Instance",
        "rds/parameterGroup:ParameterGroup", "rds/subnetGroup:SubnetGroup", "s3/bucket:Bucket",
    )
)  # fmt: skip
"""Types that are imported by their physical name."""
OF_BUCKET = "aws:s3/bucket"
"""What stands beside a bucket, a policy or its rules, is imported by the bucket's name."""
_SECRET, _BALANCING = "secretsmanager:secret", "arn:aws:elasticloadbalancing:{region}:{account}"
TAGGED = {
    "aws:acm/certificate:Certificate": ("acm:certificate", "arn:aws:acm:{region}:{account}:certificate/{id}"),
    "aws:cloudfront/distribution:Distribution": ("cloudfront:distribution", "{id}"),
    "aws:ec2/eip:Eip": ("ec2:vpc-elastic-ip", "{id}"),
    "aws:ec2/internetGateway:InternetGateway": ("ec2:internet-gateway", "{id}"),
    "aws:ec2/launchTemplate:LaunchTemplate": ("ec2:launch-template", "{id}"),
    "aws:ec2/natGateway:NatGateway": ("ec2:nat-gateway", "{id}"),
    "aws:ec2/routeTable:RouteTable": ("ec2:route-table", "{id}"),
    "aws:ec2/securityGroup:SecurityGroup": ("ec2:security-group", "{id}"),
    "aws:ec2/subnet:Subnet": ("ec2:subnet", "{id}"),
    "aws:ec2/vpc:Vpc": ("ec2:vpc", "{id}"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": ("ec2:vpc-endpoint", "{id}"),
    "aws:kms/key:Key": ("kms:key", "{id}"),
    "aws:lb/loadBalancer:LoadBalancer": ("elasticloadbalancing:loadbalancer", _BALANCING + ":loadbalancer/{id}"),
    "aws:lb/targetGroup:TargetGroup": ("elasticloadbalancing:targetgroup", _BALANCING + ":targetgroup/{id}"),
    "aws:secretsmanager/secret:Secret": (_SECRET, "arn:aws:secretsmanager:{region}:{account}:secret:{id}"),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ("ec2:security-group-rule", "{id}"),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ("ec2:security-group-rule", "{id}"),
}
"""Type whose id AWS draws -> its kind among what carries the project's tags, and how that one's id is spelt."""


class Place(msgspec.Struct, frozen=True):
    """Where the stack stands."""

    account: str
    region: str


def import_ids(resource: Resource, place: Place, tagged: Iterable[Leftover] = ()) -> list[str]:
    """What *resource* may be in the account: one id where its inputs say it, else all of its kind among *tagged*."""
    known = {"account": place.account, "region": resource.inputs.get("region") or place.region, **resource.inputs}
    form = _form(resource.type)
    if form is not None:
        wanted = {name for _, name, _, _ in Formatter().parse(form) if name}
        return [form.format(**known)] if wanted <= known.keys() else []
    kind, form = TAGGED.get(resource.type, ("", ""))
    return [form.format(**{**known, "id": each.id}) for each in tagged if each.kind == kind]


def command(resource: Resource, stack: str, id_: str) -> str:
    """The line that takes it over, for a shell in the project's folder."""
    return shlex.join(["pulumi", "import", *_arguments(resource, stack, id_)])


def _arguments(resource: Resource, stack: str, id_: str) -> Iterator[str]:
    yield from ("--stack", stack, "--protect=false", "--generate-code=false")
    if resource.parent and not is_of_stack(resource.parent):
        yield from ("--parent", f"parent={resource.parent}")
    yield from (resource.type, resource.name, id_)


def _form(type_: str) -> str | None:
    if type_ in NAMED:
        return "{" + RULES[type_].property + "}"
    if type_.startswith(OF_BUCKET) and type_ not in SPELT:
        return "{bucket}"
    return SPELT.get(type_)
