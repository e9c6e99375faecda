"""What the CDN refuses before anything is registered, and what the account refuses of it."""

from dataclasses import replace

import pulumi_aws as aws
import pytest

from components.cdn import BalancerOrigin, BucketOrigin, Cdn, CdnArgs
from engines.refusals import EngineError
from tests.deploying import deploy

BUCKET = BucketOrigin(name="shelf", arn="arn:aws:s3:::shelf", domain_name="shelf.s3.eu-west-1.amazonaws.com")
ARGS = CdnArgs(
    pages=BUCKET,
    pictures=BUCKET,
    picture_paths=["/pictures/*"],
    balancer=BalancerOrigin(domain_name="a.example.dev", encrypted=False, secret_header="X-S", secret_value="-"),
    balancer_paths=["/orders"],
)


def test_a_page_for_what_is_missing_is_named_by_its_key():
    with pytest.raises(ValueError, match=r"missing_page is '/404\.html'; allowed: a key, without '/' in front"):
        replace(ARGS, missing_page="/404.html")


@pytest.mark.parametrize("given", [{"domain": "shop.example.dev"}, {"certificate_arn": "arn"}])
def test_a_domain_without_certificate_or_the_reverse_is_refused(given):
    with pytest.raises(ValueError, match=f"only {next(iter(given))} is set; allowed: domain and certificate_arn"):
        replace(ARGS, **given)


def test_an_unknown_price_class_is_refused():
    with pytest.raises(ValueError, match="price_class is 'cheap'; allowed: PriceClass_100, PriceClass_200"):
        replace(ARGS, price_class="cheap")


@pytest.mark.parametrize(
    "paths", [["/pictures/*"], ["orders"], [f"/{number}" for number in range(75)]], ids=["twice", "no slash", "76"]
)
def test_paths_that_cloudfront_would_not_take_are_refused(paths):
    with pytest.raises(ValueError, match=r"picture_paths and balancer_paths are .*; allowed: at most 75 patterns"):
        replace(ARGS, balancer_paths=paths)


def test_a_certificate_of_another_region_is_refused():
    def program():
        certificate = aws.acm.Certificate("here", domain_name="shop.bigpicture.dev", validation_method="DNS")
        Cdn("cdn", replace(ARGS, domain="shop.bigpicture.dev", certificate_arn=certificate.arn))

    with pytest.raises(EngineError, match="isn't in us-east-1"):
        deploy(program, region="eu-west-1")
