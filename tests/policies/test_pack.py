"""What the policy pack makes of what Pulumi's SDK shows it, where the offline account has no such provider."""

import pulumi_policy as pack
import pytest

from policies.pack import Watch

TYPE = "aws:wafv2/webAcl:WebAcl"
URN = f"urn:pulumi:s::p::{TYPE}::acl"


def said(region, own=None):
    """What the first policy, of mandatory rules about one resource, says of an ACL for CloudFront."""
    timeouts = pack.PolicyCustomTimeouts(0, 0, 0)
    options = pack.PolicyResourceOptions(False, [], None, [], timeouts, [])
    provider = pack.PolicyProviderResource("pulumi:providers:aws", {"region": region}, "", "edge")
    props = {"scope": "CLOUDFRONT", **({"region": own} if own else {})}
    args = pack.ResourceValidationArgs(TYPE, props, URN, "acl", options, provider)
    messages = []
    policy = next(each for each in Watch().policies() if isinstance(each, pack.ResourceValidationPolicy))
    policy.validate(args, lambda message, _urn: messages.append(message))
    return [each.partition("]")[0] for each in messages if "region" in each.partition("]")[0]]


@pytest.mark.parametrize(
    ("provider", "own", "found"),
    [("us-east-1", None, []), ("eu-west-1", None, ["[firewall-region"]), ("eu-west-1", "us-east-1", [])],
)
def test_a_resource_stands_in_its_own_region_else_in_its_providers(provider, own, found):
    assert said(provider, own) == found
