"""Carry IAM roles, their inline policies and instance profiles into the offline account."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from offline.absence import unless_gone
from offline.handler import (
    Aws,
    Handler,
    Properties,
    Put,
    change_tags,
    changed,
    fields,
    given,
    standing,
    tag_list,
    tag_map,
)


def found(call: Any, key: str, **parameters: Any) -> Any:
    """What *call* answers under *key*, or None when IAM says that there is no such thing."""
    return unless_gone(lambda: call(**parameters)[key], "NoSuchEntity")


SESSION_S = 3600
"""A role's longest session when nothing else is said (IAM API, CreateRole MaxSessionDuration)."""


def document(held: Any, asked: Any) -> str:
    """Spell what the account holds; in the program's own spelling where both say the same, as the AWS provider does."""
    if asked is not None and json.loads(asked) == held:
        return asked
    return json.dumps(held)


class Role(Handler):
    """`aws.iam.Role`; its id is its name. `forceDetachPolicies` is an instruction to the provider, not to IAM."""

    token = "aws:iam/role:Role"
    emulates = fields("name path description assumeRolePolicy maxSessionDuration permissionsBoundary tags")
    records = fields("forceDetachPolicies")
    defaults: ClassVar[Mapping[str, Any]] = {"path": "/", "maxSessionDuration": SESSION_S}

    def create(self, aws: Aws, inputs: Properties) -> str:
        aws("iam").create_role(
            RoleName=inputs["name"],
            AssumeRolePolicyDocument=inputs["assumeRolePolicy"],
            **given(
                Path=inputs.get("path"),
                Description=inputs.get("description"),
                MaxSessionDuration=inputs.get("maxSessionDuration"),
                PermissionsBoundary=inputs.get("permissionsBoundary"),
            ),
            Tags=tag_list(inputs.get("tags")),
        )
        return inputs["name"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        role = found(aws("iam").get_role, "Role", RoleName=id_)
        if role is None:
            return None
        tags = tag_map(role.get("Tags"))
        return {
            "name": role["RoleName"],
            "path": role["Path"],
            "description": role.get("Description"),
            "assumeRolePolicy": document(role["AssumeRolePolicyDocument"], state.get("assumeRolePolicy")),
            "maxSessionDuration": role.get("MaxSessionDuration"),
            "permissionsBoundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
            "arn": role["Arn"],
            "uniqueId": role["RoleId"],
            "tags": tags,
            "tagsAll": tags,
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        """With `forceDetachPolicies` what is attached goes first; AWS deletes no role that still has a policy."""
        if state.get("forceDetachPolicies"):
            for policy in aws("iam").list_attached_role_policies(RoleName=id_)["AttachedPolicies"]:
                aws("iam").detach_role_policy(RoleName=id_, PolicyArn=policy["PolicyArn"])
            for name in aws("iam").list_role_policies(RoleName=id_)["PolicyNames"]:
                aws("iam").delete_role_policy(RoleName=id_, PolicyName=name)
        aws("iam").delete_role(RoleName=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        iam = aws("iam")
        if changed(old, new, "assumeRolePolicy"):
            iam.update_assume_role_policy(RoleName=id_, PolicyDocument=new["assumeRolePolicy"])
        if changed(old, new, "description", "maxSessionDuration"):
            seconds = new.get("maxSessionDuration", SESSION_S)
            iam.update_role(RoleName=id_, Description=new.get("description", ""), MaxSessionDuration=seconds)
        if changed(old, new, "permissionsBoundary"):
            boundary = new.get("permissionsBoundary")
            if boundary:
                iam.put_role_permissions_boundary(RoleName=id_, PermissionsBoundary=boundary)
            else:
                iam.delete_role_permissions_boundary(RoleName=id_)
        change_tags(old, new, iam.tag_role, iam.untag_role, RoleName=id_)


class RolePolicy(Put):
    """`aws.iam.RolePolicy`, an inline policy; its id is role:name."""

    token = "aws:iam/rolePolicy:RolePolicy"
    emulates = fields("name role policy")

    def create(self, aws: Aws, inputs: Properties) -> str:
        role, name = inputs["role"], inputs["name"]
        aws("iam").put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=inputs["policy"])
        return f"{role}:{name}"

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        role, _, name = id_.partition(":")
        held = found(aws("iam").get_role_policy, "PolicyDocument", RoleName=role, PolicyName=name)
        if held is None:
            return None
        return {"role": role, "name": name, "policy": document(held, state.get("policy"))}

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        role, _, name = id_.partition(":")
        aws("iam").delete_role_policy(RoleName=role, PolicyName=name)


class InstanceProfile(Handler):
    """`aws.iam.InstanceProfile`; its id is its name."""

    token = "aws:iam/instanceProfile:InstanceProfile"
    emulates = fields("name path role tags")
    defaults: ClassVar[Mapping[str, Any]] = {"path": "/"}

    def create(self, aws: Aws, inputs: Properties) -> str:
        name = inputs["name"]
        tags = tag_list(inputs.get("tags"))
        aws("iam").create_instance_profile(InstanceProfileName=name, Tags=tags, **given(Path=inputs.get("path")))
        if "role" in inputs:
            with standing(name):
                aws("iam").add_role_to_instance_profile(InstanceProfileName=name, RoleName=inputs["role"])
        return name

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        profile = found(aws("iam").get_instance_profile, "InstanceProfile", InstanceProfileName=id_)
        if profile is None:
            return None
        tags = tag_map(profile.get("Tags"))
        return {
            "name": profile["InstanceProfileName"],
            "path": profile["Path"],
            "role": profile["Roles"][0]["RoleName"] if profile["Roles"] else None,
            "arn": profile["Arn"],
            "uniqueId": profile["InstanceProfileId"],
            "tags": tags,
            "tagsAll": tags,
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        for role in aws("iam").get_instance_profile(InstanceProfileName=id_)["InstanceProfile"]["Roles"]:
            aws("iam").remove_role_from_instance_profile(InstanceProfileName=id_, RoleName=role["RoleName"])
        aws("iam").delete_instance_profile(InstanceProfileName=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        """A profile holds one role: the old one goes before the new one comes."""
        iam = aws("iam")
        if changed(old, new, "role"):
            if old.get("role"):
                iam.remove_role_from_instance_profile(InstanceProfileName=id_, RoleName=old["role"])
            if new.get("role"):
                iam.add_role_to_instance_profile(InstanceProfileName=id_, RoleName=new["role"])
        change_tags(old, new, iam.tag_instance_profile, iam.untag_instance_profile, InstanceProfileName=id_)


HANDLERS: tuple[Handler, ...] = (Role(), RolePolicy(), InstanceProfile())
INVOKES: dict[str, Any] = {}
