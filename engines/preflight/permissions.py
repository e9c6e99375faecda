"""Ask IAM whether the caller may do what a command calls by name: its own calls, not those of Pulumi's provider."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engines.draining import Account
from engines.finding import Finding
from engines.preflight.site import Site, tried

ROLES = tuple(
    f"iam:{call}"
    for call in (
        "CreateRole", "GetRole", "UpdateRole", "UpdateAssumeRolePolicy", "DeleteRole", "PassRole",
        "TagRole", "UntagRole",
        "PutRolePolicy", "GetRolePolicy", "DeleteRolePolicy", "ListRolePolicies",
        "AttachRolePolicy", "DetachRolePolicy", "ListAttachedRolePolicies",
        "CreateInstanceProfile", "GetInstanceProfile", "DeleteInstanceProfile", "TagInstanceProfile",
        "UntagInstanceProfile", "AddRoleToInstanceProfile", "RemoveRoleFromInstanceProfile",
        "ListInstanceProfilesForRole",
    )
)  # fmt: skip
"""What `up` and `down` need for the servers' roles. AWS's managed policy PowerUserAccess, which has all else that they
call, leaves these out (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/PowerUserAccess.html)."""
EMPTYING = tuple(
    f"dynamodb:{call}" for call in ("Scan", "Query", "GetItem", "PutItem", "DeleteItem", "ConditionCheckItem")
)
"""What `empty-shards` needs on the tables; servers may all of it but Scan."""
COMMANDS = {"up and down": ROLES, "empty-shards": EMPTYING}


def of_commands(site: Site) -> Iterator[Finding]:
    """Advise of calls that are refused: one that is allowed on the stack's own names alone counts as refused here."""
    for command, actions in COMMANDS.items():
        subject = f"permissions: {command}"
        needs = f"`{command}` needs {', '.join(actions)}."
        found = tried(subject, lambda actions=actions: refused(site.cloud, site.identity["Arn"], actions), needs)
        if isinstance(found, Finding):
            yield found
        elif found:
            yield Finding(subject, True, f"not on everything: {', '.join(found)}", "allow the caller these")
        else:
            yield Finding(subject, True, "all are allowed")


def refused(cloud: Account, caller: str, actions: Iterable[str], resources: Iterable[str] = ("*",)) -> list[str]:
    """Those of *actions* that the role behind a session, or the user, may not do on all of *resources*, as IAM says.

    Raises what AWS raises where IAM may not be asked.
    """
    arn = re.sub(r":sts::(\d+):assumed-role/([^/]+)/.*", r":iam::\1:role/\2", caller)
    asked = {"PolicySourceArn": arn, "ActionNames": list(actions), "ResourceArns": list(resources)}
    pages = cloud.client("iam").get_paginator("simulate_principal_policy").paginate(**asked)
    rows = pages.search("EvaluationResults[]")
    return sorted({row["EvalActionName"] for row in rows if _decisions(row) != {"allowed"}})


def _decisions(row: Mapping[str, Any]) -> set[str]:
    """One for the call, and one for each resource that was named (IAM API reference, EvaluationResult)."""
    each = {found["EvalResourceDecision"] for found in row.get("ResourceSpecificResults", [])}
    return {row["EvalDecision"], *each}
