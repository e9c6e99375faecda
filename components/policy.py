"""Spell IAM policy documents: the only place in which a component writes their JSON."""

import json
from collections.abc import Sequence
from typing import Any

import pulumi

Statement = dict[str, Any]
Resources = pulumi.Input[str] | Sequence[pulumi.Input[str]] | pulumi.Output[list[str]]


def document(*statements: Statement) -> pulumi.Output[str]:
    """Join *statements*, whose values may be outputs, into one policy document."""
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions: Sequence[str], resources: Resources, **more: Any) -> Statement:
    """Allow *actions* on *resources*; *more* holds further elements, such as Condition or Principal."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": resources, **more}


def deny(actions: Sequence[str], resources: Resources, **more: Any) -> Statement:
    """Deny *actions* on *resources*, whatever else allows them."""
    return {**allow(actions, resources, **more), "Effect": "Deny"}


def service_trust(service: str, **more: Any) -> str:
    """Let one AWS service, e.g. `ec2.amazonaws.com`, assume a role; *more* holds a Condition."""
    principal = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole", **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [principal]})
