"""Rules of names that two resources of one account may not share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from policies.resource import Resource
from policies.rule import stack_rule
from policies.stack import Stack
from policies.values import Fault, UnknownValueError

NAMED = {
    "aws:autoscaling/group:Group": "name",
    "aws:cloudfront/originAccessControl:OriginAccessControl": "name",
    "aws:cloudwatch/logGroup:LogGroup": "name",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "name",
    "aws:dynamodb/table:Table": "name",
    "aws:ec2/launchTemplate:LaunchTemplate": "name",
    "aws:elasticache/replicationGroup:ReplicationGroup": "replicationGroupId",
    "aws:iam/instanceProfile:InstanceProfile": "name",
    "aws:iam/role:Role": "name",
    "aws:lb/loadBalancer:LoadBalancer": "name",
    "aws:lb/targetGroup:TargetGroup": "name",
    "aws:rds/instance:Instance": "identifier",
    "aws:s3/bucket:Bucket": "bucket",
    "aws:secretsmanager/secret:Secret": "name",
    "aws:sns/topic:Topic": "name",
    "aws:sqs/queue:Queue": "name",
}
"""Type -> the property whose value only one resource of an account and region may have."""


@stack_rule(
    *NAMED,
    source="https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming",
    fix="leave the name out: Pulumi makes one that is new each time",
)
def name_once(resource: Resource, stack: Stack) -> Iterator[Fault]:
    """In one region no two resources of a kind share a name; AWS refuses the second, or takes it for the first."""
    path = NAMED[resource.type]
    sharing = stack.derived(_sharing).get((resource.type, resource.options.region, resource.text(path)), [])
    if resource.text(path) and len(sharing) > 1:
        others = [each.name for each in sharing if each is not resource]
        yield resource.fault(path, f"a name that {others[0]} does not have")


def _sharing(stack: Stack) -> Mapping[tuple[str, str, str], list[Resource]]:
    found: dict[tuple[str, str, str], list[Resource]] = defaultdict(list)
    for each in stack.of(*NAMED):
        try:
            found[each.type, each.options.region, each.text(NAMED[each.type])].append(each)
        except UnknownValueError:
            continue
    return found
