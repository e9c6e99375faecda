"""Stand the whole store up for a file of tests, and find its parts again in the account by what AWS says of them."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from engines.rehearsal import rehearse
from tests.deploying import Deployed

DOMAIN = {"domain": "shop.bigpicture.dev", "hosted_zone": "make"}


@contextmanager
def standing(stack: str, overrides: Mapping[str, str] | None = None) -> Iterator[Deployed]:
    """Deploy a stack file's store, and forget its account at the end."""
    deployment, account = rehearse(stack, overrides)
    try:
        yield Deployed(deployment.graph, account, deployment.outputs, deployment.monitor)
    finally:
        account.close()


def fleets(store: Deployed) -> dict[str, dict[str, Any]]:
    """Every Auto Scaling group by the name that its servers are tagged with, such as app-orders."""
    groups = store.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    return {tag["Value"]: group for group in groups for tag in group["Tags"] if tag["Key"] == "Name"}


def template(store: Deployed, fleet: str) -> dict[str, Any]:
    """The launch template in the version that the fleet boots its servers from."""
    chosen = fleets(store)[fleet]["LaunchTemplate"]
    found = store.client("ec2").describe_launch_template_versions(
        LaunchTemplateId=chosen["LaunchTemplateId"], Versions=[chosen["Version"]]
    )
    return found["LaunchTemplateVersions"][0]["LaunchTemplateData"]


def user_data(store: Deployed, fleet: str) -> str:
    """What a server of the fleet is given at its first boot."""
    return base64.b64decode(template(store, fleet)["UserData"]).decode()


def balancer(store: Deployed, scheme: str = "internet-facing") -> dict[str, Any]:
    """The one load balancer of a scheme: the customers', or the `internal` one between services."""
    found = store.client("elbv2").describe_load_balancers()["LoadBalancers"]
    [only] = [each for each in found if each["Scheme"] == scheme]
    return only


def listener(store: Deployed, scheme: str = "internet-facing") -> dict[str, Any]:
    """The one listener of a load balancer."""
    client = store.client("elbv2")
    [only] = client.describe_listeners(LoadBalancerArn=balancer(store, scheme)["LoadBalancerArn"])["Listeners"]
    return only


def rules(store: Deployed, scheme: str = "internet-facing") -> list[dict[str, Any]]:
    """The listener's rules without the default: `paths`, `header`, the `values` it may have, and the `action`.

    Without a condition on a header that is "", with no values.
    """
    found = store.client("elbv2").describe_rules(ListenerArn=listener(store, scheme)["ListenerArn"])["Rules"]
    return [_rule(rule) for rule in found if not rule["IsDefault"]]


def _rule(rule: dict[str, Any]) -> dict[str, Any]:
    by_field = {condition["Field"]: condition for condition in rule["Conditions"]}
    header = by_field.get("http-header", {}).get("HttpHeaderConfig", {"HttpHeaderName": "", "Values": []})
    [action] = rule["Actions"]
    return {
        "paths": by_field["path-pattern"]["PathPatternConfig"]["Values"],
        "header": header["HttpHeaderName"],
        "values": header["Values"],
        "action": action,
    }


def targets(store: Deployed, path: str, scheme: str = "internet-facing") -> set[str]:
    """The ids of the servers that answer a request for *path*, and the port, as `id:port`."""
    [arn] = [rule["action"]["TargetGroupArn"] for rule in rules(store, scheme) if path in rule["paths"]]
    health = store.client("elbv2").describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
    return {f"{each['Target']['Id']}:{each['Target']['Port']}" for each in health}


def servers(group: Mapping[str, Any]) -> set[str]:
    """The ids of a group's instances."""
    return {instance["InstanceId"] for instance in group["Instances"]}


def origins(store: Deployed) -> dict[str, dict[str, Any]]:
    """The distribution's origins by id."""
    return {origin["Id"]: origin for origin in distribution(store)["Origins"]["Items"]}


def distribution(store: Deployed) -> dict[str, Any]:
    """The configuration of the one distribution."""
    client = store.client("cloudfront")
    [only] = client.list_distributions()["DistributionList"]["Items"]
    return client.get_distribution(Id=only["Id"])["Distribution"]["DistributionConfig"]


def sent_header(store: Deployed) -> tuple[str, str]:
    """Name and value of the header that the CDN adds to what it asks of the load balancer."""
    [header] = origins(store)["balancer"]["CustomHeaders"]["Items"]
    return header["HeaderName"], header["HeaderValue"]


def instances(store: Deployed) -> list[dict[str, Any]]:
    """Every database instance, the primary first."""
    found = store.client("rds").describe_db_instances()["DBInstances"]
    return sorted(found, key=lambda instance: "ReadReplicaSourceDBInstanceIdentifier" in instance)
