"""S3 as AWS answers it: what a bucket policy with conditions lets through."""

import json

import pytest
from botocore.exceptions import ClientError

from offline.account import Account

TLS_ONLY = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": ["arn:aws:s3:::shelf", "arn:aws:s3:::shelf/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def put_under(account: Account, statement: dict) -> None:
    s3 = account.client("s3")
    s3.create_bucket(Bucket="shelf")
    s3.put_object(Bucket="shelf", Key="first", Body=b"-")
    s3.put_bucket_policy(Bucket="shelf", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    s3.put_object(Bucket="shelf", Key="first", Body=b"again")


def test_objects_pass_a_tls_only_policy(account: Account):
    put_under(account, TLS_ONLY)
    assert account.client("s3").get_object(Bucket="shelf", Key="first")["Body"].read() == b"again"


def test_a_deny_without_condition_still_denies(account: Account):
    unconditional = {key: value for key, value in TLS_ONLY.items() if key != "Condition"}
    with pytest.raises(ClientError, match="403"):
        put_under(account, unconditional)


def test_shipped_moto_takes_every_condition_for_met(shipped: Account):
    with pytest.raises(ClientError, match="403"):
        put_under(shipped, TLS_ONLY)
