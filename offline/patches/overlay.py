"""Corrects what moto answers, one operation of the AWS API at a time, in process and over HTTP alike.

moto 5 parses requests and writes answers from botocore's service models, in one method through which every service
but S3 passes: `BaseResponse.call_action`. So a correction takes and gives plain dictionaries in boto3's own shape.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from botocore.model import OperationModel
from botocore.parsers import ResponseParser, create_parser
from moto.backends import get_backend
from moto.core.common_types import TYPE_RESPONSE
from moto.core.errors import COMMON_ERROR_CODES
from moto.core.exceptions import ServiceException
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import determine_request_protocol
from moto.core.responses import ActionContext, ActionResult, BaseResponse
from moto.core.serialize import XFormedAttributePicker
from moto.core.utils import get_service_model

from offline.patches.swap import replaces

Answer = dict[str, Any]


class Refusal(ServiceException):
    """An AWS error, raised as Refusal(code, message) with the code that AWS answers.

    botocore's models lack a few of these codes (UnsupportedCertificate, ...), of which moto would warn.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        if code not in COMMON_ERROR_CODES:
            COMMON_ERROR_CODES.append(code)


@dataclass(frozen=True)
class Call:
    """One API call: *params* as boto3 takes them; *backend* is moto's own state for the account and region."""

    service: str
    operation: str
    account_id: str
    region: str
    params: dict[str, Any]
    backend: Any

    def memory(self, kind: str) -> dict[Any, Any]:
        """What moto has no place for, by resource."""
        return memory_of(self.backend, kind)


def memory_of(backend: Any, kind: str) -> dict[Any, Any]:
    """The dictionary *kind* kept on *backend*: emptied with it, because moto resets a backend by dropping __dict__."""
    return backend.__dict__.setdefault("memory", defaultdict(dict))[kind]


def backend_of(service: str, account_id: str, region: str) -> Any:
    """Return moto's state of *service*; a global service has one per partition, whatever region was called."""
    named: Any = service  # moto lists its 200 services as a Literal
    regions = get_backend(named)[account_id]
    return regions[region if region in regions.regions else "aws"]


@dataclass
class Overlay:
    """The corrections of one operation: checks come before moto, an answer in its stead, amendments after it."""

    checks: list[Callable[[Call], None]] = field(default_factory=list)
    answer: Callable[[Call], Answer] | None = None
    amendments: list[Callable[[Call, Answer], None]] = field(default_factory=list)


OVERLAYS: dict[tuple[str, str], Overlay] = defaultdict(Overlay)


def checks(service: str, *operations: str) -> Callable[[Callable[[Call], None]], Callable[[Call], None]]:
    """Run the function before moto does: it raises a Refusal for what AWS refuses and moto accepts."""

    def register(function: Callable[[Call], None]) -> Callable[[Call], None]:
        for operation in operations:
            OVERLAYS[service, operation].checks.append(function)
        return function

    return register


def answers(service: str, *operations: str) -> Callable[[Callable[[Call], Answer]], Callable[[Call], Answer]]:
    """Answer with the function's dictionary: moto lacks the operation, or keeps nothing of it."""

    def register(function: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
        for operation in operations:
            OVERLAYS[service, operation].answer = function
        return function

    return register


def amends(
    service: str, *operations: str
) -> Callable[[Callable[[Call, Answer], None]], Callable[[Call, Answer], None]]:
    """Let the function change moto's answer in place; it is not called when moto answered with an error."""

    def register(function: Callable[[Call, Answer], None]) -> Callable[[Call, Answer], None]:
        for operation in operations:
            OVERLAYS[service, operation].amendments.append(function)
        return function

    return register


class PlainResult(ActionResult):
    """An answer in boto3's shape; moto's own are objects that its transformers still have to bring into that shape."""

    def execute_result(self, context: ActionContext) -> TYPE_RESPONSE:
        """Write the answer for the wire."""
        serializer = context.serializer_class(
            operation_model=context.operation_model, value_picker=XFormedAttributePicker(response_transformers=None)
        )
        written = serializer.serialize(self.result)
        return written["status_code"], dict(written["headers"]), written["body"]


def call_action(original: Callable[[BaseResponse], Any], response: BaseResponse) -> Any:
    """Stand in for `BaseResponse.call_action`: every refusal, and what moto lacks, becomes an error of AWS's shape.

    Over HTTP moto answers an operation that it lacks with status 500 and a page of HTML, which SDKs retry for minutes.
    """
    try:
        return _corrected(original, response)
    except NotImplementedError as lacking:
        return response.serialized(ActionResult(Refusal("NotImplemented", f"The offline account: {lacking}")))
    except ServiceException as refusal:
        return response.serialized(ActionResult(refusal))


def _corrected(original: Callable[[BaseResponse], Any], response: BaseResponse) -> Any:
    """Refuse, answer or amend; or leave the call to moto alone."""
    overlay = OVERLAYS.get((response.boto3_service_name, action_of(response)))
    if overlay is None:
        return original(response)
    call = call_of(response)
    for check in overlay.checks:
        check(call)
    if overlay.answer is not None:
        answer = overlay.answer(call)
    else:
        status, headers, body = original(response)
        if int(status) >= 300 or not overlay.amendments:
            return status, headers, body
        answer = _parse_answer(response, int(status), headers, body)
    for amend in overlay.amendments:
        amend(call, answer)
    return response.serialized(PlainResult(answer))


def call_of(response: BaseResponse) -> Call:
    """Read the call that *response* answers."""
    request = response.normalized_request
    service_model = get_service_model(response.boto3_service_name)
    protocol = determine_request_protocol(service_model, request.content_type)
    params = PROTOCOL_PARSERS[protocol](_operation(response), map_type=dict).parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": request.data,
            "url_path": request.path,
            "url_params": response.uri_match,
        }
    )
    backend = backend_of(response.service_name or "", response.current_account, response.region)
    return Call(
        response.boto3_service_name,
        action_of(response),
        response.current_account,
        response.region,
        dict(params),
        backend,
    )


def _parse_answer(response: BaseResponse, status: int, headers: dict[str, str], body: Any) -> Answer:
    protocol = response.determine_response_protocol(get_service_model(response.boto3_service_name))
    wire = {
        "status_code": status,
        "headers": headers,
        "body": body.encode() if isinstance(body, str) else body or b"",
    }
    answer = _response_parser(protocol).parse(wire, _operation(response).output_shape)
    answer.pop("ResponseMetadata", None)
    return answer


def action_of(response: BaseResponse) -> str:
    """Name the operation that *response* answers, e.g. CreateQueue."""
    return response._get_action()  # noqa: SLF001  moto has no public way to ask


def _operation(response: BaseResponse) -> OperationModel:
    return get_service_model(response.boto3_service_name).operation_model(action_of(response))


@cache
def _response_parser(protocol: str) -> ResponseParser:
    return create_parser({"query-json": "json"}.get(protocol, protocol))


replaces(BaseResponse, "call_action")(call_action)
