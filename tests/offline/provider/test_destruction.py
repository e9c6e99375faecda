"""What the provider made, it takes away: a whole store, resource by resource, the last first."""

import pytest

from tests.offline.provider.calls import serving
from tests.stores import DOMAIN, standing

STAYS = {
    "aws:acm/certificateValidation:CertificateValidation",  # that it happened
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",  # goes with its VPC
    "aws:kms/keyPolicy:KeyPolicy",  # AWS's default is back
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",  # AWS's default is back
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",  # AWS's default is back
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",  # `skipDestroy` keeps it for as long as the bucket
    "aws:s3/bucketVersioning:BucketVersioning",  # suspended
    "aws:secretsmanager/secretVersion:SecretVersion",  # goes with its secret
    "aws:sns/topicPolicy:TopicPolicy",  # AWS's default is back
}
"""What is still read right after its own deletion, and why."""


@pytest.fixture(scope="module")
def store():
    with standing("offline", DOMAIN) as store:
        yield store


@pytest.fixture(scope="module")
def still_there(store):
    """Deletes the whole store, the last resource first; URN -> id of what is read right after its own deletion."""
    told = {}
    with serving(store.account) as provider:
        for urn, live in reversed(store.monitor.live.items()):
            state = provider.read(urn, live.id, live.inputs)[1]
            provider.delete(urn, live.id, state)
            told[urn] = provider.read(urn, live.id, live.inputs, state)[0]
    return told


def test_what_is_deleted_is_gone_but_for_what_aws_keeps(still_there):
    kept = {urn.split("::")[2].rpartition("$")[2] for urn, id_ in still_there.items() if id_}
    assert kept - STAYS == set()


def test_after_the_destruction_nothing_that_held_data_stands(store, still_there):
    assert store.client("s3").list_buckets()["Buckets"] == []
    assert store.client("dynamodb").list_tables()["TableNames"] == []
    assert store.client("rds").describe_db_instances()["DBInstances"] == []
    assert store.client("elasticache").describe_replication_groups()["ReplicationGroups"] == []
