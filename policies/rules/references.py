"""Rules of references: what names another resource of the program must wait for it."""

from __future__ import annotations

from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import stack_rule
from policies.stack import Stack
from policies.values import Fault

GROUP = "aws:autoscaling/group:Group"
ROLE = "aws:iam/role:Role"
NAMING = {
    "aws:autoscaling/lifecycleHook:LifecycleHook": (("autoscalingGroupName", GROUP),),
    "aws:autoscaling/policy:Policy": (("autoscalingGroupName", GROUP),),
    "aws:elasticache/replicationGroup:ReplicationGroup": (
        ("subnetGroupName", "aws:elasticache/subnetGroup:SubnetGroup"),
        ("parameterGroupName", "aws:elasticache/parameterGroup:ParameterGroup"),
    ),
    "aws:iam/instanceProfile:InstanceProfile": (("role", ROLE),),
    "aws:iam/rolePolicy:RolePolicy": (("role", ROLE),),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": (("role", ROLE),),
    "aws:rds/instance:Instance": (
        ("dbSubnetGroupName", "aws:rds/subnetGroup:SubnetGroup"),
        ("parameterGroupName", "aws:rds/parameterGroup:ParameterGroup"),
        ("replicateSourceDb", "aws:rds/instance:Instance"),
    ),
    "aws:s3/bucketPolicy:BucketPolicy": (("bucket", "aws:s3/bucket:Bucket"),),
}
"""Type -> the properties that name another resource, with that one's type."""


@stack_rule(
    *NAMING,
    source="https://www.pulumi.com/docs/iac/concepts/options/dependson/",
    fix="give the other resource's output instead of its name as a text",
)
def reference_is_a_dependency(resource: Resource, stack: Stack) -> Iterator[Fault]:
    """A name written as a text is no dependency: the two are made, and deleted, in an order of chance."""
    for path, type_ in NAMING[resource.type]:
        for target in stack.referred(resource, path, type_):
            direct = target is resource or target.urn in resource.options.depends_on
            if not direct and target.urn not in _awaited(resource, stack):
                yield resource.fault(path, f"an output of {target.name}")


def _awaited(resource: Resource, stack: Stack) -> set[str]:
    """URNs of all that *resource* depends on, also by way of others."""
    known: set[str] = set()
    waiting = [urn for urns in resource.dependencies.values() for urn in urns] + [*resource.options.depends_on]
    while waiting:
        urn = waiting.pop()
        if urn not in known:
            known.add(urn)
            found = stack.by_urn(urn)
            waiting += found.options.depends_on if found else ()
    return known
