"""Carry what a distribution refers to into the offline account: access to its origins, headers of its answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from offline.absence import unless_gone
from offline.handler import Aws, Handler, Properties, fields
from offline.words import from_aws, to_aws

WORDS = {"xssProtection": "XSSProtection"}
T = TypeVar("T")


def _found(ask: Callable[[], T]) -> T | None:
    """Answer of *ask*, or None when CloudFront says that there is no such thing."""
    return unless_gone(ask, "NoSuch*")


class OriginAccessControl(Handler):
    """`aws.cloudfront.OriginAccessControl`; its id is AWS's."""

    token = "aws:cloudfront/originAccessControl:OriginAccessControl"
    emulates = fields("description name originAccessControlOriginType signingBehavior signingProtocol")
    moves = fields("etag")

    def create(self, aws: Aws, inputs: Properties) -> str:
        wanted = to_aws({name: inputs[name] for name in self.emulates if name in inputs}, WORDS)
        made = aws("cloudfront").create_origin_access_control(OriginAccessControlConfig=wanted)
        return made["OriginAccessControl"]["Id"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        answer = _found(lambda: aws("cloudfront").get_origin_access_control(Id=id_))
        if answer is None:
            return None
        held = from_aws(answer["OriginAccessControl"]["OriginAccessControlConfig"], WORDS)
        account = aws.arn("cloudfront", f"origin-access-control/{id_}", regional=False)
        return {**held, "arn": account, "etag": answer["ETag"]}

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        etag = aws("cloudfront").get_origin_access_control(Id=id_)["ETag"]
        aws("cloudfront").delete_origin_access_control(Id=id_, IfMatch=etag)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        etag = aws("cloudfront").get_origin_access_control(Id=id_)["ETag"]
        wanted = to_aws({name: new[name] for name in self.emulates if name in new}, WORDS)
        aws("cloudfront").update_origin_access_control(Id=id_, IfMatch=etag, OriginAccessControlConfig=wanted)


class ResponseHeadersPolicy(Handler):
    """`aws.cloudfront.ResponseHeadersPolicy`; its id is AWS's, a UUID."""

    token = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"
    emulates = fields("comment name removeHeadersConfig securityHeadersConfig")
    moves = fields("etag")

    def create(self, aws: Aws, inputs: Properties) -> str:
        wanted = self._config(inputs)
        made = aws("cloudfront").create_response_headers_policy(ResponseHeadersPolicyConfig=wanted)
        return made["ResponseHeadersPolicy"]["Id"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        answer = _found(lambda: aws("cloudfront").get_response_headers_policy(Id=id_))
        if answer is None:
            return None
        held = from_aws(answer["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"], WORDS)
        held.get("removeHeadersConfig", {}).pop("quantity", None)
        account = aws.arn("cloudfront", f"response-headers-policy/{id_}", regional=False)
        return {**held, "arn": account, "etag": answer["ETag"]}

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        etag = aws("cloudfront").get_response_headers_policy(Id=id_)["ETag"]
        aws("cloudfront").delete_response_headers_policy(Id=id_, IfMatch=etag)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        etag = aws("cloudfront").get_response_headers_policy(Id=id_)["ETag"]
        wanted = self._config(new)
        aws("cloudfront").update_response_headers_policy(Id=id_, IfMatch=etag, ResponseHeadersPolicyConfig=wanted)

    def _config(self, inputs: Properties) -> dict[str, Any]:
        """CloudFront wants a list's length said."""
        wanted = to_aws({name: inputs[name] for name in self.emulates if name in inputs}, WORDS)
        if removed := wanted.get("RemoveHeadersConfig"):
            removed["Quantity"] = len(removed.setdefault("Items", []))
        return wanted


HANDLERS: tuple[Handler, ...] = (OriginAccessControl(), ResponseHeadersPolicy())
INVOKES: dict[str, Any] = {}
