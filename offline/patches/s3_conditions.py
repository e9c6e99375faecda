"""S3: bucket policies whose statements carry a Condition."""

import json
from typing import Any

from moto.iam.access_control import IAMPolicy
from moto.s3.models import FakeBucket

from offline.patches.swap import replaces


@replaces(FakeBucket, "get_permission")
def conditions_are_not_met_by_chance(original: Any, bucket: FakeBucket, action: str, resource: str) -> Any:
    """Leave statements with a Condition out: none of this account's own requests meets one.

    moto takes every condition but StringEquals for met, and StringEquals too when it does not know the value: the usual
    TLS-only Deny answers each object call with 403, and what is allowed to one distribution is public (measured on moto
    5.2.5). Requests within the process count as TLS, as do those over the loopback interface, where AWS would have
    TLS; a request that CloudFront makes for a distribution is signed by whoever stands in for CloudFront.
    """
    if bucket.policy is None:
        return original(bucket, action, resource)
    statements = json.loads(bucket.policy)["Statement"]
    listed = statements if isinstance(statements, list) else [statements]
    unconditional = [statement for statement in listed if "Condition" not in statement]
    return IAMPolicy(json.dumps({"Statement": unconditional})).is_action_permitted(action, resource)
