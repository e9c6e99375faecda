"""Repairs moto 5.2.5 where it does not answer as AWS does: one module per AWS service, one function per gap."""

from functools import cache
from importlib import import_module

import moto

MOTO_VERSION = "5.2.5"
# fmt: off
MODULES = (
    "speed", "randomness", "iam",
    "ec2", "ec2_network", "ec2_endings", "ec2_in_use", "ec2_tags", "route53", "route53_zones", "acm",
    "s3_conditions", "s3_buckets", "s3_forms",
    "elasticache_parameters", "elasticache", "elasticache_subnets",
    "sqs", "sqs_moves", "sns", "delivery", "budgets", "cloudwatch", "dynamodb", "keys_and_logs",
    "rds_instances", "rds_checks", "rds_groups", "offerings",
    "elbv2", "elbv2_checks", "elbv2_health",
    "autoscaling_instances", "autoscaling", "autoscaling_policies", "autoscaling_refresh",
    "cloudfront_policies", "cloudfront_functions", "cloudfront", "wafv2", "service_quotas",
    "iam_callers",
)
# fmt: on


class WrongMotoError(Exception):
    """The installed moto is not the one whose gaps were measured."""


@cache
def apply_patches() -> None:
    """Repair moto, once a process; a service's module states each gap where it mends it."""
    if moto.__version__ != MOTO_VERSION:
        raise WrongMotoError(f"moto {moto.__version__} is installed; allowed: {MOTO_VERSION}. Fix: pip install -r lock")
    for module in MODULES:
        import_module(f"offline.patches.{module}")
    import_module("offline.patches.swap").swap_in()
