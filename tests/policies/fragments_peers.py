"""Fragments that rebuild defects of well-known Pulumi and Terraform libraries, as they stand there."""

import json

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from tests.policies import parts
from tests.policies.fragments import breaks, keeps
from tests.policies.fragments_object_store import bucket
from tests.policies.fragments_security_groups import ingress


def public_site(statement):
    """A bucket for web pages, as examples open it for everybody."""
    site = aws.s3.Bucket("site")
    aws.s3.BucketPublicAccessBlock("site", bucket=site.id, block_public_policy=False, restrict_public_buckets=False)
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws.s3.BucketPolicy("site", bucket=site.id, policy=document)


def forwarding(**more):
    """A distribution in the form from before cache policies."""
    cookies = aws.cloudfront.DistributionDefaultCacheBehaviorForwardedValuesCookiesArgs(forward="none")
    values = aws.cloudfront.DistributionDefaultCacheBehaviorForwardedValuesArgs(query_string=False, cookies=cookies)
    given = {"forwarded_values": values, "cache_policy_id": None, "origin_request_policy_id": None, **more}
    parts.distribution(default_cache_behavior=parts.behavior(**given))


def kept_as(identifier):
    parts.database(skip_final_snapshot=False, final_snapshot_identifier=identifier)


@breaks(
    "cache-failover-nodes",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': numCacheClusters is 1; allowed: 2 or more"
    " with automatic failover.",
)
def peer_cache_of_one_node_that_fails_over():
    shards = dict.fromkeys(("num_node_groups", "replicas_per_node_group"))
    parts.cache(num_cache_clusters=1, automatic_failover_enabled=True, multi_az_enabled=False, **shards)


@breaks(
    "cache-name",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': replicationGroupId is \"ol-mitlearn-"
    'production-sessionsmitlearn-production-sessions-"; allowed: 1 to 40 of a-z, 0-9 and -, a letter '
    "first, no -- and no - at the end.",
)
def peer_cache_whose_cut_name_was_overwritten():
    parts.cache(replication_group_id=f"ol-{'mitlearn-production-sessions' * 2}-redis"[:60])


@breaks(
    "policy-not-public",
    "aws:s3/bucketPolicy:BucketPolicy 'site': policy is [\"s3:GetObject\"]; allowed: a principal other than *.",
)
def peer_site_that_allows_all():
    public_site({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::site/*"})


@breaks(
    "cdn-forwarding-is-legacy",
    "aws:cloudfront/distribution:Distribution 'cdn': defaultCacheBehavior.forwardedValues is {\"cookies\": "
    '{"forward": "none"}, "queryString": false}; allowed: a cache policy.',
)
def peer_cdn_that_forwards_values():
    forwarding()


@keeps("cdn-forwarding-is-legacy")
def cdn_with_policies():
    parts.distribution()


@breaks(
    "cdn-policy-or-forwarding",
    "aws:cloudfront/distribution:Distribution 'cdn': defaultCacheBehavior.forwardedValues is {\"cookies\": "
    '{"forward": "none"}, "queryString": false}; allowed: not set beside cachePolicyId.',
)
def peer_cdn_that_forwards_values_beside_a_policy():
    forwarding(cache_policy_id="4135ea2d-6df8-44a3-9df3-4b5a84be39ad")


@breaks(
    "database-snapshot-is-new",
    "aws:rds/instance:Instance 'db': finalSnapshotIdentifier is \"store-final-snapshot\"; allowed: a name "
    "with something random in it.",
)
def peer_database_with_one_snapshot_for_ever():
    kept_as("store-final-snapshot")


@keeps("database-snapshot-is-new")
def database_with_a_snapshot_for_each_life():
    kept_as(pulumi.Output.format("store-{0}", random.RandomId("life", byte_length=4).hex))


@breaks(
    "security-group-open-port",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule 'in': cidrIpv4 is \"open: SSH, RDP, "
    'PostgreSQL, Valkey, MySQL"; allowed: no world-open port of administration or data.',
)
def peer_balancer_open_on_all_ports():
    ingress(ip_protocol="-1", from_port=None, to_port=None, cidr_ipv4="0.0.0.0/0")


@breaks(
    "listener-tls-policy",
    "aws:lb/listener:Listener 'listener': sslPolicy is not set; allowed: a policy that begins with "
    "ELBSecurityPolicy-TLS13-1-2.",
)
def peer_balancer_without_a_tls_policy():
    within = parts.vpc()
    parts.listener(parts.balancer(within=within), parts.target_group(within=within), ssl_policy=None)


@breaks(
    "protected-and-thrown-away",
    "aws:rds/instance:Instance 'db': skipFinalSnapshot is true; allowed: what leaves something to bring back.",
)
def peer_database_that_leaves_no_snapshot():
    parts.database(opts=pulumi.ResourceOptions(protect=True), skip_final_snapshot=True)


@breaks(
    "protected-and-thrown-away",
    "aws:s3/bucket:Bucket 'b': forceDestroy is true; allowed: what leaves something to bring back.",
)
def peer_bucket_that_is_always_emptied():
    bucket(force_destroy=True, opts=pulumi.ResourceOptions(protect=True))
