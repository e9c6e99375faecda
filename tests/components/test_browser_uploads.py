"""Uploads from a browser, read back from the bucket's CORS rules."""

import pulumi
import pulumi_aws as aws
import pytest

from components.browser_uploads import BrowserUploads, BrowserUploadsArgs
from tests.deploying import deploy


def program():
    bucket = aws.s3.Bucket("pictures")
    BrowserUploads("uploads", BrowserUploadsArgs(bucket_name=bucket.bucket, origins=["https://shop.example.org"]))
    pulumi.export("bucket", bucket.bucket)


def test_pages_of_the_store_alone_may_put_and_post_objects():
    deployed = deploy(program)
    [rule] = deployed.client("s3").get_bucket_cors(Bucket=deployed.outputs["bucket"])["CORSRules"]
    assert rule == {
        "AllowedMethods": ["PUT", "POST"],
        "AllowedOrigins": ["https://shop.example.org"],
        "AllowedHeaders": ["content-type", "content-md5", "x-amz-*"],
        "ExposeHeaders": ["ETag"],
        "MaxAgeSeconds": 3600,
    }


@pytest.mark.parametrize("origins", [[], ["*"]])
def test_anybody_s_pages_are_refused(origins):
    with pytest.raises(ValueError, match=r"allowed: at least one, never '\*'"):
        BrowserUploadsArgs(bucket_name="pictures", origins=origins)
