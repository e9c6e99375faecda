"""Good parts that fragments are made of: each breaks no rule by itself, and takes what is to be different."""

import pulumi
import pulumi_aws as aws

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/made-elsewhere"
MODERN_TLS = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"


def vpc(name="vpc", cidr="10.0.0.0/16"):
    return aws.ec2.Vpc(name, cidr_block=cidr, enable_dns_hostnames=True, enable_dns_support=True)


def subnet(vpc, zone="a", cidr="10.0.0.0/24", **more):
    return aws.ec2.Subnet(
        f"subnet-{zone}-{cidr.split('/')[0]}",
        vpc_id=vpc.id,
        cidr_block=cidr,
        availability_zone=f"us-east-1{zone}",
        **more,
    )


def subnets(vpc):
    """A private subnet in each of two zones."""
    return [subnet(vpc, zone, f"10.0.{number}.0/24") for number, zone in enumerate("ab")]


def public_subnets(vpc):
    """A subnet with a way to the internet in each of two zones."""
    gateway = aws.ec2.InternetGateway("internet", vpc_id=vpc.id)
    table = aws.ec2.RouteTable("public", vpc_id=vpc.id)
    aws.ec2.Route("out", route_table_id=table.id, destination_cidr_block="0.0.0.0/0", gateway_id=gateway.id)
    made = subnets(vpc)
    for number, each in enumerate(made):
        aws.ec2.RouteTableAssociation(f"public-{number}", route_table_id=table.id, subnet_id=each.id)
    return made


def security_group(name, vpc, **more):
    return aws.ec2.SecurityGroup(name, vpc_id=vpc.id, description=f"of {name}", **more)


def lets_out(group):
    """Everything out of *group*."""
    aws.vpc.SecurityGroupEgressRule("out", security_group_id=group.id, ip_protocol="-1", cidr_ipv4="0.0.0.0/0")


BORN = {
    "min_size": 1,
    "max_size": 2,
    "vpc_zone_identifiers": ["subnet-made-elsewhere"],
    "launch_template": {"id": "lt-made-elsewhere", "version": "1"},
}
"""What a fleet needs to make a server."""


def fleet(**more):
    given = {**BORN, **more}
    if "mixed_instances_policy" in more:
        del given["launch_template"]
    return aws.autoscaling.Group("fleet", **given)


def balancer(*, within=None, **more):
    """A load balancer in two public zones of *within*."""
    if "subnets" not in more:
        more["subnets"] = [each.id for each in public_subnets(within or vpc())]
    return aws.lb.LoadBalancer("lb", load_balancer_type="application", drop_invalid_header_fields=True, **more)


def target_group(logical_name="tg", *, within=None, **more):
    within = within or vpc()
    return aws.lb.TargetGroup(logical_name, vpc_id=within.id, **{"port": 8080, "protocol": "HTTP", **more})


def listener(lb, group, name="listener", **more):
    """An HTTPS listener that leads to *group*."""
    given = {"port": 443, "protocol": "HTTPS", "certificate_arn": CERTIFICATE, "ssl_policy": MODERN_TLS}
    action = aws.lb.ListenerDefaultActionArgs(type="forward", target_group_arn=group.arn)
    return aws.lb.Listener(name, load_balancer_arn=lb.arn, **{**given, "default_actions": [action], **more})


def reached(**more):
    """A target group that a listener leads to, all in one VPC."""
    within = vpc()
    group = target_group(within=within, **more)
    listener(balancer(within=within), group)
    return group


def output(value):
    """Something that only the deployment will tell."""
    return pulumi.Output.from_input(value)


def custom_origin(domain, **more):
    """A load balancer as an origin, over HTTPS."""
    given = {
        "http_port": 80,
        "https_port": 443,
        "origin_protocol_policy": "https-only",
        "origin_ssl_protocols": ["TLSv1.2"],
    }
    return aws.cloudfront.DistributionOriginArgs(
        origin_id="balancer",
        domain_name=domain,
        custom_origin_config=aws.cloudfront.DistributionOriginCustomOriginConfigArgs(**{**given, **more}),
    )


def behavior(**more):
    """What a distribution does with every request: nothing is cached, all is forwarded."""
    given = {
        "target_origin_id": "balancer",
        "viewer_protocol_policy": "redirect-to-https",
        "allowed_methods": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
        "cached_methods": ["GET", "HEAD"],
        "cache_policy_id": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        "origin_request_policy_id": "33f36d7e-f396-46d9-90e0-52428a34d9dc",
    }
    return aws.cloudfront.DistributionDefaultCacheBehaviorArgs(**{**given, **more})


NEVER_CACHED = [
    aws.cloudfront.DistributionCustomErrorResponseArgs(error_code=code, error_caching_min_ttl=0)
    for code in (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)
]


def distribution(name="cdn", **more):
    """A distribution over one load balancer, with CloudFront's own certificate."""
    given = {
        "enabled": True,
        "origins": [custom_origin("origin.bigpicture.dev")],
        "default_cache_behavior": behavior(),
        "custom_error_responses": NEVER_CACHED,
        "restrictions": aws.cloudfront.DistributionRestrictionsArgs(
            geo_restriction=aws.cloudfront.DistributionRestrictionsGeoRestrictionArgs(restriction_type="none")
        ),
        "viewer_certificate": aws.cloudfront.DistributionViewerCertificateArgs(cloudfront_default_certificate=True),
    }
    return aws.cloudfront.Distribution(name, **{**given, **more})


def cache(**more):
    """A session store of two shards with a replica each."""
    given = {
        "description": "sessions",
        "engine": "valkey",
        "engine_version": "8.1",
        "num_node_groups": 2,
        "replicas_per_node_group": 1,
        "automatic_failover_enabled": True,
        "multi_az_enabled": True,
        "transit_encryption_enabled": True,
        "at_rest_encryption_enabled": True,
        "auto_minor_version_upgrade": False,
        "snapshot_retention_limit": 1,
        "apply_immediately": True,
    }
    return aws.elasticache.ReplicationGroup("cache", **{**given, **more})


def database(logical_name="db", *, opts=None, **more):
    """A PostgreSQL instance."""
    given = {
        "engine": "postgres",
        "engine_version": "17",
        "instance_class": "db.t4g.medium",
        "allocated_storage": 20,
        "storage_type": "gp3",
        "storage_encrypted": True,
        "username": "store",
        "password": "long-enough",
        "backup_retention_period": 1,
        "apply_immediately": True,
        "skip_final_snapshot": True,
    }
    return aws.rds.Instance(logical_name, opts=opts, **{**given, **more})


def replica(primary, logical_name="replica", **more):
    given = {"instance_class": "db.t4g.medium", "apply_immediately": True, "skip_final_snapshot": True}
    return aws.rds.Instance(logical_name, replicate_source_db=primary.identifier, **{**given, **more})
