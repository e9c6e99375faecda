"""EC2: launch templates whose every version can be launched, and whose tags can be changed."""

from typing import Any

from moto.core.types import Base64EncodedString
from moto.ec2.models.launch_templates import LaunchTemplate, LaunchTemplateVersion
from moto.ec2.utils import parse_user_data

from offline.patches.overlay import Answer, Call, amends
from offline.patches.swap import replaces


@replaces(LaunchTemplate, "create_version")
def later_versions_take_user_data(
    original: Any, template: LaunchTemplate, data: dict[str, Any], description: str
) -> LaunchTemplateVersion:
    """Moto parses user data in a template's first version only; a group that launches a later one fails with it."""
    if not isinstance(data.get("UserData"), Base64EncodedString):
        data = {**data, "UserData": parse_user_data(data.get("UserData"))}
    return original(template, data, description)


@amends("ec2", "DescribeLaunchTemplateVersions", "CreateLaunchTemplateVersion")
def a_version_shows_the_tags_it_gives(_: Call, answer: Answer) -> None:
    """Moto adds the template's own tags to those that its instances and volumes get."""
    versions = answer.get("LaunchTemplateVersions", [answer.get("LaunchTemplateVersion", {})])
    for version in versions:
        data = version.get("LaunchTemplateData", {})
        given = [row for row in data.get("TagSpecifications", []) if row["ResourceType"] != "launch-template"]
        if given:
            data["TagSpecifications"] = given
        else:
            data.pop("TagSpecifications", None)


@amends("ec2", "DescribeLaunchTemplates")
def tags_of_today_are_shown(call: Call, answer: Answer) -> None:
    """Moto shows the tags that a template was made with, whatever CreateTags and DeleteTags did to them."""
    for template in answer.get("LaunchTemplates", []):
        held = call.backend.describe_tags(filters={"resource-id": [template["LaunchTemplateId"]]})
        template["Tags"] = [{"Key": tag["key"], "Value": tag["value"]} for tag in held]
