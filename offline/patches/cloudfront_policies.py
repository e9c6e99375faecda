"""CloudFront's cache, origin-request and response-headers policies: moto 5.2.5 has neither AWS's nor one's own."""

from functools import partial
from typing import Any

from moto.cloudfront import models, urls
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random

from offline.patches.overlay import Answer, Call, Refusal, answers, memory_of

KINDS = {
    "CachePolicy": ("cache-policy", "CachePolicies"),
    "OriginRequestPolicy": ("origin-request-policy", "OriginRequestPolicies"),
    "ResponseHeadersPolicy": ("response-headers-policy", "ResponseHeadersPolicies"),
}
# fmt: off
MANAGED = {
    # AWS's own policies have the same ids in every account:
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html and its
    # siblings using-managed-origin-request-policies and using-managed-response-headers-policies
    "CachePolicy": {
        "658327ea-f89d-4fab-a63d-7e88639e58f6": "Managed-CachingOptimized",
        "b2884449-e4de-46a7-ac36-70bc7f1ddd6d": "Managed-CachingOptimizedForUncompressedObjects",
        "4135ea2d-6df8-44a3-9df3-4b5a84be39ad": "Managed-CachingDisabled",
        "08627262-05a9-4f76-9ded-b50ca2e3a84f": "Managed-Elemental-MediaPackage",
        "2e54312d-136d-493c-8eb9-b001f22f67d2": "Managed-Amplify",
        "83da9c7e-98b4-4e11-a168-04f0df8e2c65": "UseOriginCacheControlHeaders",
        "4cc15a8a-d715-48a4-82b8-cc0b614638fe": "UseOriginCacheControlHeaders-QueryStrings",
    },
    "OriginRequestPolicy": {
        "216adef6-5c7f-47e4-b989-5492eafa07d3": "Managed-AllViewer",
        "b689b0a8-53d0-40ab-baf2-68738e2966ac": "Managed-AllViewerExceptHostHeader",
        "33f36d7e-f396-46d9-90e0-52428a34d9dc": "Managed-AllViewerAndCloudFrontHeaders-2022-06",
        "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf": "Managed-CORS-S3Origin",
        "59781a5b-3903-41f3-afcb-af62929ccde1": "Managed-CORS-CustomOrigin",
        "acba4595-bd28-49b8-b9fe-13317c0390fa": "Managed-UserAgentRefererHeaders",
        "775133bc-15f2-49f9-abea-afb2e0bf67d2": "Managed-Elemental-MediaTailor-PersonalizedManifests",
        "bf0718e1-ba1e-49d1-88b1-f726733018ae": "Managed-HostHeaderOnly",
    },
    "ResponseHeadersPolicy": {
        "60669652-455b-4ae9-85a4-c4c02393f86c": "Managed-SimpleCORS",
        "5cc3b908-e619-4b99-88e5-2cf7f45965bd": "Managed-CORS-With-Preflight",
        "e61eb60c-9c35-4d20-a928-2b84e02af89c": "Managed-CORS-and-SecurityHeadersPolicy",
        "eaab4381-ed33-4a86-88ca-d9558dc6cd63": "Managed-CORS-with-preflight-and-SecurityHeadersPolicy",
        "67f7725c-6f97-4210-82d7-5512b31e9d03": "Managed-SecurityHeadersPolicy",
    },
}
# fmt: on
TTL_S = {
    "Managed-CachingDisabled": (0, 0, 0),
    "Managed-Elemental-MediaPackage": (0, 86_400, 31_536_000),
    "Managed-Amplify": (2, 2, 600),
    "UseOriginCacheControlHeaders": (0, 0, 31_536_000),
    "UseOriginCacheControlHeaders-QueryStrings": (0, 0, 31_536_000),
}
"""Minimum, default and maximum of a managed cache policy; most have one second, one day, one year."""


def policies(backend: Any, kind: str) -> dict[str, dict[str, Any]]:
    """Every policy of *kind* by id: AWS's own and the account's."""
    kept = memory_of(backend, kind)
    if not kept:
        kept |= {id_: _managed(kind, name, id_) for id_, name in MANAGED[kind].items()}
    return kept


def _managed(kind: str, name: str, id_: str) -> dict[str, Any]:
    """A managed policy with its name; of its rules, only a cache policy's times are shown."""
    config: dict[str, Any] = {"Name": name, "Comment": "Policy managed by Amazon CloudFront"}
    if kind == "CachePolicy":
        low, usual, high = TTL_S.get(name, (1, 86_400, 31_536_000))
        config |= {"MinTTL": low, "DefaultTTL": usual, "MaxTTL": high}
    if kind == "OriginRequestPolicy":
        every = "allViewer" if "AllViewer" in name else "none"
        config |= {"HeadersConfig": {"HeaderBehavior": every}}
        config |= {
            part: {part.replace("sConfig", "Behavior"): "all"} for part in ("CookiesConfig", "QueryStringsConfig")
        }
    return {"Id": id_, "type": "managed", "config": config, "etag": f"E{id_[:8].upper()}", "changed": utcnow()}


def policy(backend: Any, kind: str, id_: str) -> dict[str, Any]:
    """Return one policy, or refuse with the code that AWS has for the kind."""
    if id_ not in policies(backend, kind):
        raise Refusal(f"NoSuch{kind}", f"The {KINDS[kind][0].replace('-', ' ')} {id_} does not exist.")
    return policies(backend, kind)[id_]


def _body(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    return {"Id": row["Id"], "LastModifiedTime": row["changed"], f"{kind}Config": row["config"]}


def _shown(kind: str, row: dict[str, Any]) -> Answer:
    return {kind: _body(kind, row), "ETag": row["etag"]}


def _create(kind: str, call: Call) -> Answer:
    config = call.params[f"{kind}Config"]
    if any(row["config"]["Name"] == config["Name"] for row in policies(call.backend, kind).values()):
        raise Refusal(f"{kind}AlreadyExists", f"A policy with the same name already exists: {config['Name']}")
    id_ = str(mock_random.uuid4())
    row = {"Id": id_, "type": "custom", "config": config, "etag": models.random_id(length=14), "changed": utcnow()}
    policies(call.backend, kind)[id_] = row
    return {**_shown(kind, row), "Location": f"https://cloudfront.amazonaws.com/2020-05-31/{KINDS[kind][0]}/{id_}"}


def _get(kind: str, call: Call) -> Answer:
    return _shown(kind, policy(call.backend, kind, call.params["Id"]))


def _get_config(kind: str, call: Call) -> Answer:
    row = policy(call.backend, kind, call.params["Id"])
    return {f"{kind}Config": row["config"], "ETag": row["etag"]}


def _own(kind: str, call: Call) -> dict[str, Any]:
    """A policy that may be changed with the ETag of the request."""
    row = policy(call.backend, kind, call.params["Id"])
    if row["type"] == "managed":
        raise Refusal("AccessDenied", "You cannot change a managed policy.")
    if row["etag"] != call.params.get("IfMatch"):
        raise Refusal("PreconditionFailed", "The If-Match version does not match the policy's ETag.")
    return row


def _update(kind: str, call: Call) -> Answer:
    row = _own(kind, call)
    row |= {"config": call.params[f"{kind}Config"], "etag": models.random_id(length=14), "changed": utcnow()}
    return _shown(kind, row)


def _delete(kind: str, call: Call) -> Answer:
    del policies(call.backend, kind)[_own(kind, call)["Id"]]
    return {}


def _list(kind: str, call: Call) -> Answer:
    wanted = call.params.get("Type")
    rows = [row for row in policies(call.backend, kind).values() if wanted in (None, row["type"])]
    items = [{"Type": row["type"], kind: _body(kind, row)} for row in rows]
    return {f"{kind}List": {"MaxItems": 100, "Quantity": len(items), "Items": items}}


def _register() -> None:
    """Bind the operations of every kind, and the addresses that moto does not route."""
    for kind, (path, plural) in KINDS.items():
        operations = {"Create": _create, "Get": _get, "Update": _update, "Delete": _delete}
        for verb, function in operations.items():
            answers("cloudfront", f"{verb}{kind}")(partial(function, kind))
        answers("cloudfront", f"Get{kind}Config")(partial(_get_config, kind))
        answers("cloudfront", f"List{plural}")(partial(_list, kind))
        for suffix in ("", "/(?P<policy_id>[^/]+)", "/(?P<policy_id>[^/]+)/config"):
            urls.url_paths[f"{{0}}/2020-05-31/{path}{suffix}$"] = CloudFrontResponse.dispatch


_register()
