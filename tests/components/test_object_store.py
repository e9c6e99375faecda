"""Object stores, read back from the account that they were deployed to."""

import json
from dataclasses import replace
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from components.object_store import ObjectStore, ObjectStoreArgs
from components.protection import Protection
from tests.deploying import deploy

KEPT = Protection(protect=True)
SANDBOX = Protection(protect=False, disposable=True)
BUCKET = "aws:s3/bucket:Bucket"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
STORES = {
    "plain": ObjectStoreArgs(protection=SANDBOX),
    "kept": ObjectStoreArgs(protection=KEPT, versioned=True, noncurrent_days=9),
    "served": ObjectStoreArgs(protection=SANDBOX, served_by_cdn=True),
    "uploads": ObjectStoreArgs(protection=SANDBOX, expire_days=7, expire_prefix="uploads/"),
    "logs": ObjectStoreArgs(protection=SANDBOX, receives_load_balancer_logs=True, expire_days=90),
}


def program():
    for name, args in STORES.items():
        store = ObjectStore(name, args)
        for output in ("name", "arn", "domain_name", "read_policy", "write_policy"):
            pulumi.export(f"{name}-{output}", getattr(store, output))
        aws.sqs.Queue(f"writer-to-{name}", tags={"bucket": store.name})


@pytest.fixture(scope="module")
def deployed():
    return deploy(program, region="eu-west-1")


@pytest.fixture(scope="module")
def s3(deployed):
    return deployed.client("s3")


def statements(deployed, store: str) -> dict:
    text = deployed.client("s3").get_bucket_policy(Bucket=deployed.outputs[f"{store}-name"])["Policy"]
    return {statement["Sid"]: statement for statement in json.loads(text)["Statement"]}


def rules(deployed, s3, store: str) -> dict:
    held = s3.get_bucket_lifecycle_configuration(Bucket=deployed.outputs[f"{store}-name"])
    return {rule["ID"]: rule for rule in held["Rules"]}


@pytest.mark.parametrize("store", STORES)
def test_all_four_doors_to_the_public_are_closed(deployed, s3, store):
    block = s3.get_public_access_block(Bucket=deployed.outputs[f"{store}-name"])
    assert set(block["PublicAccessBlockConfiguration"].values()) == {True}


def test_the_doors_stay_closed_while_a_destroy_goes_on(deployed):
    assert [block["skipDestroy"] for block in deployed.inputs(BLOCK)] == [True] * len(STORES)


@pytest.mark.parametrize("store", STORES)
def test_objects_belong_to_the_bucket_s_owner(deployed, s3, store):
    held = s3.get_bucket_ownership_controls(Bucket=deployed.outputs[f"{store}-name"])
    assert held["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]


@pytest.mark.parametrize("store", STORES)
def test_objects_are_encrypted_with_keys_of_s3(deployed, s3, store):
    held = s3.get_bucket_encryption(Bucket=deployed.outputs[f"{store}-name"])
    [rule] = held["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_plain_http_is_denied_to_everybody(deployed):
    arn = deployed.outputs["plain-arn"]
    assert statements(deployed, "plain") == {
        "TlsOnly": {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["s3:*"],
            "Resource": [arn, f"{arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    }


def test_a_store_behind_the_cdn_leaves_its_one_policy_to_the_cdn(deployed):
    assert "served-policy" not in {resource.name for resource in deployed.of_type(POLICY)}


def test_a_policy_comes_after_the_doors_are_closed(deployed):
    urns = {resource.name: resource.urn for resource in deployed.of_type(BLOCK)}
    assert urns["plain-private"] in deployed.one(POLICY, "plain-policy").options.depends_on


def test_the_load_balancer_may_write_its_logs_below_this_account_s_folder_alone(deployed):
    statement = statements(deployed, "logs")["LoadBalancersWrite"]
    assert statement["Principal"] == {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
    assert statement["Action"] == ["s3:PutObject"]
    assert statement["Resource"] == f"{deployed.outputs['logs-arn']}/*AWSLogs/{deployed.account.account_id}/*"


DELIVERY = {"Service": "delivery.logs.amazonaws.com"}


def test_log_delivery_may_write_for_this_account_alone(deployed):
    found, account = statements(deployed, "logs")["LogDeliveryWrites"], deployed.account.account_id
    assert (found["Effect"], found["Principal"], found["Action"]) == ("Allow", DELIVERY, ["s3:PutObject"])
    assert found["Resource"] == f"{deployed.outputs['logs-arn']}/*AWSLogs/{account}/*"
    assert found["Condition"] == {
        "StringEquals": {"aws:SourceAccount": account, "s3:x-amz-acl": "bucket-owner-full-control"}
    }


def test_log_delivery_may_look_before_it_writes(deployed):
    found, account = statements(deployed, "logs")["LogDeliveryLooks"], deployed.account.account_id
    assert (found["Principal"], found["Resource"]) == (DELIVERY, deployed.outputs["logs-arn"])
    assert found["Action"] == ["s3:GetBucketAcl", "s3:ListBucket"]
    assert found["Condition"] == {"StringEquals": {"aws:SourceAccount": account}}


def test_the_name_of_a_log_store_waits_for_its_policy(deployed):
    policy = deployed.one(POLICY, "logs-policy").urn
    assert policy in deployed.one("aws:sqs/queue:Queue", "writer-to-logs").property_dependencies["tags"]


def test_a_kept_store_keeps_old_versions_for_its_days(deployed, s3):
    assert s3.get_bucket_versioning(Bucket=deployed.outputs["kept-name"])["Status"] == "Enabled"
    rule = rules(deployed, s3, "kept")["expire-old-versions"]
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 9}


def test_a_plain_store_has_no_versions(deployed, s3):
    assert "Status" not in s3.get_bucket_versioning(Bucket=deployed.outputs["plain-name"])
    assert set(rules(deployed, s3, "plain")) == {"abort-unfinished-uploads"}


@pytest.mark.parametrize("store", STORES)
def test_unfinished_uploads_are_thrown_away_after_a_week(deployed, s3, store):
    rule = rules(deployed, s3, store)["abort-unfinished-uploads"]
    assert (rule["Status"], rule["AbortIncompleteMultipartUpload"]) == ("Enabled", {"DaysAfterInitiation": 7})


def test_logs_expire(deployed, s3):
    assert rules(deployed, s3, "logs")["expire-objects"]["Expiration"] == {"Days": 90}


def test_what_expires_may_be_told_by_the_beginning_of_its_key(deployed, s3):
    expiring = rules(deployed, s3, "uploads")["expire-objects"]
    assert (expiring["Filter"], expiring["Expiration"]) == ({"Prefix": "uploads/"}, {"Days": 7})


def test_a_prefix_of_what_never_expires_is_refused():
    with pytest.raises(ValueError, match="expire_prefix is set and expire_days is None; allowed"):
        ObjectStoreArgs(protection=SANDBOX, expire_prefix="uploads/")


def test_only_a_disposable_store_is_emptied_by_a_destroy(deployed):
    forced = {resource.name: resource.inputs["forceDestroy"] for resource in deployed.of_type(BUCKET)}
    assert forced == {
        "plain-bucket": True,
        "kept-bucket": False,
        "served-bucket": True,
        "uploads-bucket": True,
        "logs-bucket": True,
    }


def test_a_protected_store_refuses_to_be_deleted(deployed):
    protected = {resource.name: resource.options.protect for resource in deployed.of_type(BUCKET)}
    assert protected == {
        "plain-bucket": False,
        "kept-bucket": True,
        "served-bucket": False,
        "uploads-bucket": False,
        "logs-bucket": False,
    }


def test_the_domain_name_is_the_regional_one(deployed):
    assert deployed.outputs["plain-domain_name"] == f"{deployed.outputs['plain-name']}.s3.eu-west-1.amazonaws.com"


def test_the_read_policy_gets_objects_and_nothing_else(deployed):
    [statement] = json.loads(deployed.outputs["plain-read_policy"])["Statement"]
    assert statement == {
        "Effect": "Allow",
        "Action": ["s3:GetObject"],
        "Resource": f"{deployed.outputs['plain-arn']}/*",
    }


def test_who_writes_learns_what_is_missing_and_deletes_nothing(deployed):
    objects, bucket = json.loads(deployed.outputs["plain-write_policy"])["Statement"]
    assert objects["Action"] == ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"]
    assert bucket == {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": deployed.outputs["plain-arn"]}


def test_logs_are_never_served_to_the_public():
    with pytest.raises(ValueError, match="served_by_cdn and receives_load_balancer_logs are both True; allowed"):
        ObjectStoreArgs(protection=SANDBOX, served_by_cdn=True, receives_load_balancer_logs=True)


@pytest.mark.parametrize("name", ["noncurrent_days", "expire_days"])
def test_a_lifetime_under_a_day_is_refused(name):
    plain: Any = STORES["plain"]
    with pytest.raises(ValueError, match=f"{name} is 0; allowed: at least 1 day"):
        replace(plain, **{name: 0})
