"""What the offline account refuses to carry of objects and distributions, by name."""

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from engines.refusals import EngineError
from tests.deploying import deploy

BEHAVIOR = {
    "target_origin_id": "site",
    "viewer_protocol_policy": "https-only",
    "allowed_methods": ["GET", "HEAD"],
    "cached_methods": ["GET", "HEAD"],
    "cache_policy_id": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
}


def site(**more: Any) -> None:
    given = {
        "enabled": True,
        "origins": [{"origin_id": "site", "domain_name": "shelf.s3.amazonaws.com"}],
        "default_cache_behavior": BEHAVIOR,
        "restrictions": {"geo_restriction": {"restriction_type": "none"}},
        "viewer_certificate": {"cloudfront_default_certificate": True},
        **more,
    }
    aws.cloudfront.Distribution("site", **given)


def test_a_part_of_a_distribution_that_is_not_carried_is_refused_by_name():
    with pytest.raises(EngineError, match="loggingConfig is not carried by the offline account"):
        deploy(lambda: site(logging_config={"bucket": "logs.s3.amazonaws.com"}))


def test_a_word_that_cloudfront_does_not_know_is_refused_by_name():
    odd = {"origin_id": "site", "domain_name": "shelf.s3.amazonaws.com", "mood": "good"}
    with pytest.raises(EngineError, match="Mood"):
        deploy(lambda: site(origins=[odd]))


def test_a_file_that_is_not_there_is_refused_with_its_path():
    def lost():
        aws.s3.BucketObjectv2("o", bucket="shelf", key="a", source=pulumi.FileAsset("no/such/file"))

    with pytest.raises((EngineError, OSError), match="no/such/file"):
        deploy(lost)
