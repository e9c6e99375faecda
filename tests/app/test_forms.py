"""Forms for uploads lead where the pages may connect to: the bucket's own address in its region."""

import asyncio

import pytest

from app.data.aws import Aws


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_a_form_names_the_buckets_address_in_its_region(region, monkeypatch):
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "offline")
    form = asyncio.run(Aws(region).sign_form(Bucket="pictures-1", Key="uploads/1"))
    assert form["url"] == f"https://pictures-1.s3.{region}.amazonaws.com/"
