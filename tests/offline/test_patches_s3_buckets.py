"""S3 buckets as AWS keeps them: lifecycle rules, encryption and ownership, read back with boto3."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from offline.account import Account

RULES: list[dict[str, Any]] = [
    {
        "ID": "old versions",
        "Status": "Enabled",
        "Filter": {"And": {"Prefix": "pages/", "ObjectSizeGreaterThan": 131_072, "ObjectSizeLessThan": 1_000_000}},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 30, "NewerNoncurrentVersions": 3},
    },
    {
        "ID": "uploads",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    },
]


def bucket(account: Account, rules: list[dict[str, Any]] | None = None) -> Any:
    s3 = account.client("s3")
    s3.create_bucket(Bucket="shelf")
    if rules:
        s3.put_bucket_lifecycle_configuration(Bucket="shelf", LifecycleConfiguration={"Rules": rules})
    return s3


def test_lifecycle_rules_are_read_back_whole(account: Account) -> None:
    assert bucket(account, RULES).get_bucket_lifecycle_configuration(Bucket="shelf")["Rules"] == RULES


def test_one_rule_is_a_list_of_one(account: Account) -> None:
    assert bucket(account, RULES[1:]).get_bucket_lifecycle_configuration(Bucket="shelf")["Rules"] == RULES[1:]


def test_a_bucket_without_rules_says_so(account: Account) -> None:
    with pytest.raises(ClientError, match="NoSuchLifecycleConfiguration"):
        bucket(account).get_bucket_lifecycle_configuration(Bucket="shelf")


def test_a_new_bucket_is_encrypted_and_has_no_access_lists(account: Account) -> None:
    s3 = bucket(account)
    [rule] = s3.get_bucket_encryption(Bucket="shelf")["ServerSideEncryptionConfiguration"]["Rules"]
    controls = s3.get_bucket_ownership_controls(Bucket="shelf")["OwnershipControls"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert controls == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


def test_an_access_list_is_refused_unless_asked_for(account: Account) -> None:
    s3 = bucket(account)
    with pytest.raises(ClientError, match="AccessControlListNotSupported"):
        s3.put_bucket_acl(Bucket="shelf", ACL="public-read")
    controls = {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}
    s3.put_bucket_ownership_controls(Bucket="shelf", OwnershipControls=controls)
    s3.put_bucket_acl(Bucket="shelf", ACL="public-read")


def test_moto_still_loses_parts_of_lifecycle_rules(shipped: Account) -> None:
    [shown, _] = bucket(shipped, RULES).get_bucket_lifecycle_configuration(Bucket="shelf")["Rules"]
    assert "ObjectSizeGreaterThan" not in shown["Filter"].get("And", {})
    assert "NewerNoncurrentVersions" not in shown["NoncurrentVersionExpiration"]


@pytest.mark.parametrize("operation", ["get_bucket_encryption", "get_bucket_ownership_controls"])
def test_moto_still_leaves_a_new_bucket_bare(shipped: Account, operation: str) -> None:
    with pytest.raises(ClientError, match="NotFoundError"):
        getattr(bucket(shipped), operation)(Bucket="shelf")


def test_moto_still_takes_access_lists_where_there_are_none(shipped: Account) -> None:
    s3 = bucket(shipped)
    controls = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    s3.put_bucket_ownership_controls(Bucket="shelf", OwnershipControls=controls)
    s3.put_bucket_acl(Bucket="shelf", ACL="public-read")
