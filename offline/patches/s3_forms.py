"""S3: forms by which a browser puts an object, held to the policy that was signed with them."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from moto.s3.exceptions import S3ClientError
from moto.s3.responses import S3Response

from offline.patches.swap import replaces

FREE = {"policy", "x-amz-signature", "signature", "awsaccesskeyid", "file"}
"""Fields that no condition need name, and those whose name begins so: S3 API, "Creating an HTML form"."""
IGNORED = "x-ignore-"


@replaces(S3Response, "_bucket_response_post")
def forms_are_held_to_their_policy(original: Any, response: Any, request: Any, bucket_name: str) -> Any:
    """Refuse what the policy does not allow; moto puts whatever comes, also from who signed nothing at all.

    The signature itself is not looked at.
    """
    if "key" in response.form_data:
        fields = {name.lower(): value for name, value in response.form_data.items()}
        _hold(fields | {"bucket": bucket_name}, len(response.body))
    return original(response, request, bucket_name)


def _hold(fields: Mapping[str, str], size: int) -> None:
    if "policy" not in fields:
        raise S3ClientError("AccessDenied", "Access Denied")
    policy = json.loads(base64.b64decode(fields["policy"]))
    if datetime.now(UTC) > datetime.fromisoformat(policy["expiration"]):
        raise S3ClientError("AccessDenied", "Invalid according to Policy: Policy expired.")
    named = {name for condition in policy["conditions"] for name in _held(condition, fields, size)}
    extra = {name for name in fields if name not in FREE | {"bucket"} and not name.startswith(IGNORED)} - named
    if extra:
        text = f"Invalid according to Policy: Extra input fields: {', '.join(sorted(extra))}"
        raise S3ClientError("AccessDenied", text)


def _held(condition: Any, fields: Mapping[str, str], size: int) -> list[str]:
    """The fields that a condition names; refuses when it does not hold."""
    if isinstance(condition, list) and condition[0] == "content-length-range":
        if size > condition[2]:
            raise S3ClientError("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
        if size < condition[1]:
            raise S3ClientError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
        return []
    rules = [condition] if isinstance(condition, list) else [["eq", f"${key}", each] for key, each in condition.items()]
    for operator, name, wanted in rules:
        got = fields.get(name.removeprefix("$").lower(), "")
        if not (got.startswith(wanted) if operator == "starts-with" else got == wanted):
            text = f'Invalid according to Policy: Policy Condition failed: ["{operator}", "{name}", "{wanted}"]'
            raise S3ClientError("AccessDenied", text)
    return [name.removeprefix("$").lower() for _, name, _ in rules]
