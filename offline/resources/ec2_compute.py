"""Carry EC2 launch templates into the offline account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from offline.ec2 import found, retag, tag_specification, tags_told
from offline.handler import Aws, Handler, Properties, changed, fields, given, tag_list, tag_map
from offline.spelling import to_api, to_wire

SCALARS = {
    "imageId": "ImageId",
    "instanceType": "InstanceType",
    "keyName": "KeyName",
    "userData": "UserData",
    "vpcSecurityGroupIds": "SecurityGroupIds",
}
BLOCKS = {
    "creditSpecification": "CreditSpecification",
    "iamInstanceProfile": "IamInstanceProfile",
    "metadataOptions": "MetadataOptions",
    "monitoring": "Monitoring",
}
EBS_SWITCHES = ("DeleteOnTermination", "Encrypted")
"""Booleans that the AWS provider takes as text."""


def _volume(block: Properties) -> dict[str, Any]:
    volume = to_api(block)
    for name in set(EBS_SWITCHES) & volume.get("Ebs", {}).keys():
        volume["Ebs"][name] = str(volume["Ebs"][name]).lower() == "true"
    return volume


def _volume_told(held: dict[str, Any]) -> Properties:
    ebs = {name: str(value).lower() if name in EBS_SWITCHES else value for name, value in held.get("Ebs", {}).items()}
    return to_wire({**held, **({"Ebs": ebs} if ebs else {})})


def _data(inputs: Properties) -> dict[str, Any]:
    """The LaunchTemplateData of the API."""
    tags = [
        {"ResourceType": row["resourceType"], "Tags": tag_list(row.get("tags"))}
        for row in inputs.get("tagSpecifications", [])
    ]
    volumes = [_volume(block) for block in inputs.get("blockDeviceMappings", [])]
    return {
        **{api: inputs[wire] for wire, api in SCALARS.items() if wire in inputs},
        **{api: to_api(inputs[wire]) for wire, api in BLOCKS.items() if wire in inputs},
        **({"TagSpecifications": tags} if tags else {}),
        **({"BlockDeviceMappings": volumes} if volumes else {}),
    }


def _told(data: Mapping[str, Any]) -> Properties:
    tags = [
        {"resourceType": row["ResourceType"], "tags": tag_map(row["Tags"])} for row in data.get("TagSpecifications", [])
    ]
    return {
        **{wire: data[api] for wire, api in SCALARS.items() if api in data},
        **{wire: to_wire(data[api]) for wire, api in BLOCKS.items() if api in data},
        "tagSpecifications": tags,
        "blockDeviceMappings": [_volume_told(block) for block in data.get("BlockDeviceMappings", [])],
    }


class LaunchTemplate(Handler):
    """`aws.ec2.LaunchTemplate`; `updateDefaultVersion` tells the provider what to do when the template changes."""

    token = "aws:ec2/launchTemplate:LaunchTemplate"
    emulates = fields("name description tags tagSpecifications blockDeviceMappings") | SCALARS.keys() | BLOCKS.keys()
    records = fields("updateDefaultVersion")
    moves = fields("defaultVersion latestVersion")

    def create(self, aws: Aws, inputs: Properties) -> str:
        made = aws("ec2").create_launch_template(
            LaunchTemplateName=inputs["name"],
            LaunchTemplateData=_data(inputs),
            **given(VersionDescription=inputs.get("description")),
            **tag_specification("launch-template", inputs.get("tags")),
        )
        return made["LaunchTemplate"]["LaunchTemplateId"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        template = found(lambda: aws("ec2").describe_launch_templates(LaunchTemplateIds=[id_])["LaunchTemplates"])
        if template is None:
            return None
        [version] = aws("ec2").describe_launch_template_versions(LaunchTemplateId=id_, Versions=["$Latest"])[
            "LaunchTemplateVersions"
        ]
        return {
            **_told(version["LaunchTemplateData"]),
            "name": template["LaunchTemplateName"],
            "description": version.get("VersionDescription"),
            "arn": aws.arn("ec2", f"launch-template/{id_}"),
            "defaultVersion": template["DefaultVersionNumber"],
            "latestVersion": template["LatestVersionNumber"],
            **tags_told(template),
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("ec2").delete_launch_template(LaunchTemplateId=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        """Any change but that of the template's own tags is a new version: a version never changes."""
        if any(changed(old, new, name) for name in self.emulates - {"tags"}):
            made = aws("ec2").create_launch_template_version(
                LaunchTemplateId=id_,
                LaunchTemplateData=_data(new),
                **given(VersionDescription=new.get("description")),
            )
            latest = str(made["LaunchTemplateVersion"]["VersionNumber"])
            if new.get("updateDefaultVersion"):
                aws("ec2").modify_launch_template(LaunchTemplateId=id_, DefaultVersion=latest)
        retag(aws, id_, old, new)


HANDLERS: tuple[Handler, ...] = (LaunchTemplate(),)
INVOKES: dict[str, Any] = {}
