"""Carry IAM policies that stand on their own, and their attachments, into the offline account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from offline.handler import Aws, Handler, Properties, change_tags, changed, fields, given, tag_list, tag_map
from offline.resources.iam import document, found

MOST_VERSIONS = 5
"""Versions that IAM keeps of a policy (IAM quotas)."""


class RolePolicyAttachment(Handler):
    """`aws.iam.RolePolicyAttachment`; its id is role/policy-arn."""

    token = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    emulates = fields("role policyArn")

    def create(self, aws: Aws, inputs: Properties) -> str:
        role, arn = inputs["role"], inputs["policyArn"]
        aws("iam").attach_role_policy(RoleName=role, PolicyArn=arn)
        return f"{role}/{arn}"

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        role, _, arn = id_.partition("/")
        attached = found(aws("iam").list_attached_role_policies, "AttachedPolicies", RoleName=role) or []
        return {"role": role, "policyArn": arn} if arn in {policy["PolicyArn"] for policy in attached} else None

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        role, _, arn = id_.partition("/")
        aws("iam").detach_role_policy(RoleName=role, PolicyArn=arn)


class Policy(Handler):
    """`aws.iam.Policy`, a policy of its own; its id is its ARN."""

    token = "aws:iam/policy:Policy"
    emulates = fields("name path description policy tags")
    defaults: ClassVar[Mapping[str, Any]] = {"path": "/"}

    def create(self, aws: Aws, inputs: Properties) -> str:
        made = aws("iam").create_policy(
            PolicyName=inputs["name"],
            PolicyDocument=inputs["policy"],
            **given(Path=inputs.get("path"), Description=inputs.get("description")),
            Tags=tag_list(inputs.get("tags")),
        )
        return made["Policy"]["Arn"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        policy = found(aws("iam").get_policy, "Policy", PolicyArn=id_)
        if policy is None:
            return None
        version = policy["DefaultVersionId"]
        held = aws("iam").get_policy_version(PolicyArn=id_, VersionId=version)["PolicyVersion"]["Document"]
        tags = tag_map(policy.get("Tags"))
        return {
            "name": policy["PolicyName"],
            "path": policy["Path"],
            "description": policy.get("Description"),
            "policy": document(held, state.get("policy")),
            "arn": policy["Arn"],
            "policyId": policy["PolicyId"],
            "attachmentCount": policy["AttachmentCount"],
            "tags": tags,
            "tagsAll": tags,
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        for version in aws("iam").list_policy_versions(PolicyArn=id_)["Versions"]:
            if not version["IsDefaultVersion"]:
                aws("iam").delete_policy_version(PolicyArn=id_, VersionId=version["VersionId"])
        aws("iam").delete_policy(PolicyArn=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        """A changed document is a new version; the oldest makes room for it, since AWS keeps five."""
        iam = aws("iam")
        if changed(old, new, "policy"):
            versions = iam.list_policy_versions(PolicyArn=id_)["Versions"]
            spare = sorted(int(v["VersionId"][1:]) for v in versions if not v["IsDefaultVersion"])
            if len(versions) == MOST_VERSIONS:
                iam.delete_policy_version(PolicyArn=id_, VersionId=f"v{spare[0]}")
            iam.create_policy_version(PolicyArn=id_, PolicyDocument=new["policy"], SetAsDefault=True)
        change_tags(old, new, iam.tag_policy, iam.untag_policy, PolicyArn=id_)


HANDLERS: tuple[Handler, ...] = (RolePolicyAttachment(), Policy())
INVOKES: dict[str, Any] = {}
