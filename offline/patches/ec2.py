"""EC2 as AWS answers it: launch templates."""

from typing import Any

from moto.core.types import Base64EncodedString
from moto.ec2.models.launch_templates import LaunchTemplate, LaunchTemplateVersion
from moto.ec2.utils import parse_user_data

from offline.patches.swap import replaces


@replaces(LaunchTemplate, "create_version")
def later_versions_take_user_data(
    original: Any, template: LaunchTemplate, data: dict[str, Any], description: str
) -> LaunchTemplateVersion:
    """Moto parses user data in a template's first version only; a group that launches a later one fails with it."""
    if not isinstance(data.get("UserData"), Base64EncodedString):
        data = {**data, "UserData": parse_user_data(data.get("UserData"))}
    return original(template, data, description)
