"""Spell the statements that a bucket's policy is made of."""

import pulumi

from components.policy import Statement, allow, deny


def tls_only(bucket_arn: pulumi.Input[str]) -> Statement:
    """Refuse everybody who speaks plain HTTP (AWS Security Hub, control S3.5)."""
    condition = {"Bool": {"aws:SecureTransport": "false"}}
    return deny(["s3:*"], [bucket_arn, _objects(bucket_arn)], Sid="TlsOnly", Principal="*", Condition=condition)


def readable_by_distribution(
    bucket_arn: pulumi.Input[str], distribution_arn: pulumi.Input[str], *, tells_missing: bool
) -> list[Statement]:
    """Let one CloudFront distribution read objects, and with *tells_missing* learn that one is not there.

    Without ListBucket S3 answers 403 for a missing key (S3 API, GetObject). The distribution can list nothing with it:
    a list needs the bucket's root, where a default root object stands, or a query, which CachingOptimized does not
    forward.
    Without SourceArn any distribution of any account could read (CloudFront Developer Guide, "Restrict access to an S3
    origin").
    """
    only = {
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Condition": {"StringEquals": {"aws:SourceArn": distribution_arn}},
    }
    reads = allow(["s3:GetObject"], _objects(bucket_arn), Sid="DistributionReads", **only)
    learns = allow(["s3:ListBucket"], bucket_arn, Sid="DistributionLearnsWhatIsMissing", **only)
    return [reads, learns] if tells_missing else [reads]


def takes_logs(bucket_arn: pulumi.Input[str], account_id: pulumi.Input[str]) -> tuple[Statement, Statement, Statement]:
    """Let load balancers, and AWS's common log delivery, of one account write here.

    Sources: Elastic Load Balancing User Guide, "Enable access logs for your Application Load Balancer" (the service
    tries the write while logs are switched on); CloudWatch Logs User Guide, "Logs sent to Amazon S3".
    """
    balancers = {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
    delivery = {"Service": "delivery.logs.amazonaws.com"}
    mine = {"aws:SourceAccount": account_id}
    written = {"StringEquals": {**mine, "s3:x-amz-acl": "bucket-owner-full-control"}}
    logs = pulumi.Output.concat(bucket_arn, "/*AWSLogs/", account_id, "/*")
    return (
        allow(["s3:PutObject"], logs, Sid="LoadBalancersWrite", Principal=balancers),
        allow(["s3:PutObject"], logs, Sid="LogDeliveryWrites", Principal=delivery, Condition=written),
        allow(
            ["s3:GetBucketAcl", "s3:ListBucket"],
            bucket_arn,
            Sid="LogDeliveryLooks",
            Principal=delivery,
            Condition={"StringEquals": mine},
        ),
    )


def _objects(bucket_arn: pulumi.Input[str]) -> pulumi.Output[str]:
    return pulumi.Output.concat(bucket_arn, "/*")
