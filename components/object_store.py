"""Build an object store: one private S3 bucket with everything that keeps it private, cheap and recoverable."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi_aws import s3

from components import names, policy
from components.parts.bucket_policy import takes_logs, tls_only
from components.parts.refusal import refuse
from components.protection import Protection

ABORT_UPLOADS_DAYS = 7
"""Parts of an upload that nobody finished cost storage and are shown nowhere; S3 keeps them for ever by itself."""
PUBLIC_LOGS = (
    "served_by_cdn and receives_load_balancer_logs are both True; allowed: at most one, logs are not for the public."
    " Fix: a store of its own for logs"
)
EVERLASTING = "expire_prefix is set and expire_days is None; allowed: a prefix of what expires. Fix: expire_days"


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectStoreArgs:
    """What an object store holds, and who may read it."""

    protection: Protection
    versioned: bool = False
    """Keep overwritten and deleted objects for `noncurrent_days`; once on it can only be suspended, never undone."""
    noncurrent_days: int = 30
    """Days for which a versioned store keeps what was overwritten or deleted, at least 1; each costs storage."""
    expire_days: int | None = None
    """Days after which an object is deleted, at least 1; None keeps objects for ever."""
    expire_prefix: str = ""
    """What the keys of the objects that expire begin with, "uploads/" for example; empty is every object."""
    served_by_cdn: bool = False
    """Its policy is then made by the `Cdn`, which alone knows the distribution: a bucket has one policy, not two."""
    receives_load_balancer_logs: bool = False
    """Let load balancers of this account and region write access logs here."""

    def __post_init__(self) -> None:
        days = {
            "noncurrent_days": self.noncurrent_days,
            "expire_days": 1 if self.expire_days is None else self.expire_days,
        }
        allowed = {name: (each >= 1, "at least 1 day (S3 lifecycle)") for name, each in days.items()}
        contradictions = {
            PUBLIC_LOGS: self.served_by_cdn and self.receives_load_balancer_logs,
            EVERLASTING: self.expire_prefix and self.expire_days is None,
        }
        refuse(self, allowed, [wrong for wrong, met in contradictions.items() if met])


class ObjectStore(pulumi.ComponentResource):
    """One private bucket, named by AWS's rules and unique in the world.

    Its `name` is handed out once nothing can make it public any more and its policy stands, so that whoever writes
    there, a load balancer for example, comes after. A GB costs 0.023 USD a month in us-east-1, old versions as well.
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    domain_name: pulumi.Output[str]
    """The regional one: the global one redirects for hours after the bucket's birth (S3 User Guide, "Redirection")."""
    read_policy: pulumi.Output[str]
    """Get any object whose key is known; not list."""
    write_policy: pulumi.Output[str]
    """Get, put and overwrite objects, and learn that one is missing; not delete.

    S3 answers 404 for a missing key only to who may list the bucket, and else 403, as it does where a policy or a key
    is wrong (S3 API, GetObject, "Permissions").
    """

    def __init__(self, name: str, args: ObjectStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("bigpicture:data:ObjectStore", name, None, opts)
        bucket = self._bucket(name, args)
        block = self._public_access_block(name, bucket)
        guards = [block, *self._settings(name, args, bucket), *self._policy(name, args, bucket, block)]
        self.name = pulumi.Output.all(bucket.bucket, *[guard.id for guard in guards]).apply(lambda known: known[0])
        self.arn = bucket.arn
        self.domain_name = bucket.bucket_regional_domain_name
        self.read_policy = policy.document(_allow_objects(["s3:GetObject"], bucket))
        self.write_policy = policy.document(
            _allow_objects(["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"], bucket),
            policy.allow(["s3:ListBucket"], bucket.arn),
        )
        self.register_outputs(
            {
                "name": self.name,
                "arn": self.arn,
                "domain_name": self.domain_name,
                "read_policy": self.read_policy,
                "write_policy": self.write_policy,
            }
        )

    def _bucket(self, name: str, args: ObjectStoreArgs) -> s3.Bucket:
        return s3.Bucket(
            names.logical(s3.Bucket, name, "bucket"),
            force_destroy=args.protection.disposable,
            opts=pulumi.ResourceOptions(parent=self, protect=args.protection.protect),
        )

    def _public_access_block(self, name: str, bucket: s3.Bucket) -> s3.BucketPublicAccessBlock:
        """Close all four doors; `skip_destroy` keeps them closed while a destroy goes on, or when it stops half-way."""
        return s3.BucketPublicAccessBlock(
            names.logical(s3.BucketPublicAccessBlock, name, "private"),
            bucket=bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            skip_destroy=True,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _settings(self, name: str, args: ObjectStoreArgs, bucket: s3.Bucket) -> list[pulumi.CustomResource]:
        """Say whose the objects are, how they are encrypted and how long they are kept.

        SSE-S3 for every store: the load balancer's logs take no other (Elastic Load Balancing User Guide), and with a
        key of KMS's the key's policy and the distribution would need each other (aws/aws-cdk#21771).
        """
        mine = pulumi.ResourceOptions(parent=self)
        ownership = s3.BucketOwnershipControls(
            names.logical(s3.BucketOwnershipControls, name, "ownership"),
            bucket=bucket.bucket,
            rule={"object_ownership": "BucketOwnerEnforced"},
            opts=mine,
        )
        encryption = s3.BucketServerSideEncryptionConfiguration(
            names.logical(s3.BucketServerSideEncryptionConfiguration, name, "encryption"),
            bucket=bucket.bucket,
            rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
            opts=mine,
        )
        return [ownership, encryption, *self._versions(name, args, bucket)]

    def _versions(self, name: str, args: ObjectStoreArgs, bucket: s3.Bucket) -> list[pulumi.CustomResource]:
        """Versioning first: a rule on noncurrent versions is for a bucket that has them."""
        versioning = [self._versioning(name, bucket)] if args.versioned else []
        lifecycle = s3.BucketLifecycleConfiguration(
            names.logical(s3.BucketLifecycleConfiguration, name, "lifecycle"),
            bucket=bucket.bucket,
            rules=_lifecycle_rules(args),
            opts=pulumi.ResourceOptions(parent=self, depends_on=versioning),
        )
        return [*versioning, lifecycle]

    def _versioning(self, name: str, bucket: s3.Bucket) -> s3.BucketVersioning:
        return s3.BucketVersioning(
            names.logical(s3.BucketVersioning, name, "versioning"),
            bucket=bucket.bucket,
            versioning_configuration={"status": "Enabled"},
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _policy(
        self, name: str, args: ObjectStoreArgs, bucket: s3.Bucket, block: s3.BucketPublicAccessBlock
    ) -> list[pulumi.CustomResource]:
        """None when the `Cdn` makes it. After the block: S3 answers 409 OperationAborted to two changes at once."""
        if args.served_by_cdn:
            return []
        logs = takes_logs(bucket.arn, _account_id(self)) if args.receives_load_balancer_logs else ()
        made = s3.BucketPolicy(
            names.logical(s3.BucketPolicy, name, "policy"),
            bucket=bucket.bucket,
            policy=policy.document(tls_only(bucket.arn), *logs),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[block]),
        )
        return [made]


def _account_id(parent: pulumi.Resource) -> pulumi.Output[str]:
    return aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=parent)).account_id


def _lifecycle_rules(args: ObjectStoreArgs) -> list[s3.BucketLifecycleConfigurationRuleArgsDict]:
    """One rule per purpose; an empty prefix is every object."""
    uploads = {"abort_incomplete_multipart_upload": {"days_after_initiation": ABORT_UPLOADS_DAYS}}
    versions = {"noncurrent_version_expiration": {"noncurrent_days": args.noncurrent_days}} if args.versioned else None
    expiry = {"expiration": {"days": args.expire_days}} if args.expire_days else None
    purposes = {
        "abort-unfinished-uploads": ("", uploads),
        "expire-old-versions": ("", versions),
        "expire-objects": (args.expire_prefix, expiry),
    }
    return [
        s3.BucketLifecycleConfigurationRuleArgsDict(id=purpose, status="Enabled", filter={"prefix": prefix}, **rule)
        for purpose, (prefix, rule) in purposes.items()
        if rule
    ]


def _allow_objects(actions: list[str], bucket: s3.Bucket) -> policy.Statement:
    return policy.allow(actions, pulumi.Output.concat(bucket.arn, "/*"))
