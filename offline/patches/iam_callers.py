"""IAM: whoever calls with a role's credentials may do what the role's policies say, and no more."""

from typing import Any

from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import get_service_model
from moto.iam.access_control import IAMPolicy, PermissionResult, S3IAMRequest, create_access_key
from moto.sts.models import sts_backends
from moto.utilities.utils import get_partition

from offline.patches import signing_time
from offline.patches.iam_requests import asked
from offline.patches.overlay import Refusal, call_of
from offline.patches.swap import replaces

CODES = {"ec2": "UnauthorizedOperation", "sns": "AuthorizationError"}
"""What these services answer; others AccessDenied in XML and AccessDeniedException in JSON."""


@replaces(BaseResponse, "call_action")
def roles_are_held_to_their_policies(original: Any, response: BaseResponse) -> Any:
    """Refuse what no policy of the calling role allows; every other caller is the account's root.

    moto holds all callers to policies or none; it knows what a request is about for S3, SQS, IAM and STS alone, so that
    a policy which names a table or a secret allows nothing; it takes an operation's name for an action's; and it is not
    asked where `offline.patches.overlay` answers (measured on moto 5.2.5).
    """
    if not _is_role(response):
        return original(response)
    refused = signing_time.refusal(response) or _refusal(response)
    return response.serialized(ActionResult(refused)) if refused else original(response)


@replaces(ActionAuthenticatorMixin, "_authenticate_and_authorize_action")
def only_s3_asks_by_itself(original: Any, response: Any, request_class: Any, resource: str = "*") -> None:  # noqa: ARG001
    """S3 alone does not pass through `call_action`; it knows which object or bucket a request is about."""
    if request_class is S3IAMRequest and _is_role(response):
        signing_time.demand_s3(response.headers)
        request = request_class(
            account_id=response.current_account,
            method=response.method,
            path=response.raw_path,
            data=response.data,
            body=response.raw_body,
            headers=response.headers,
            action=response._get_action(),  # noqa: SLF001  moto has no public way to ask
        )
        request.check_action_permitted(resource)


def _is_role(response: Any) -> bool:
    assumed = sts_backends[response.current_account][get_partition(response.region)].assumed_roles
    return any(each.access_key_id == response.access_key for each in assumed)


def _allows(response: Any, action: str, resource: str) -> bool:
    """Whether a policy of the role allows it and none denies it; everybody may ask who he is."""
    policies = _caller(response).collect_policies()
    results = {IAMPolicy(policy).is_action_permitted(action, resource) for policy in policies}
    permitted = PermissionResult.PERMITTED in results and PermissionResult.DENIED not in results
    return permitted or action == "sts:GetCallerIdentity"


def _caller(response: Any) -> Any:
    partition = get_partition(response.region)
    return create_access_key(response.current_account, partition, response.access_key, response.headers)


def _refusal(response: Any) -> Refusal | None:
    """What is answered to a request of which no policy allows a part; None where all of it is allowed."""
    denied = [action for action, resource in asked(call_of(response)) if not _allows(response, action, resource)]
    if not denied:
        return None
    service = response.boto3_service_name
    json = get_service_model(service).protocol == "json"
    code = CODES.get(service, "AccessDeniedException" if json else "AccessDenied")
    return Refusal(code, f"User: {_caller(response).arn} is not authorized to perform: {denied[0]}")
