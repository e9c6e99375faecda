"""The boxes of the picture, in the order in which a request meets them, and in which of them a resource stands."""

from __future__ import annotations

from collections.abc import Sequence

STANDS_IN = {
    "aws:route53/": "DNS",
    "aws:acm/": "DNS",
    "aws:cloudfront/": "CDN",
    "aws:wafv2/": "CDN",
    "aws:s3/": "object store",
    "aws:lb/": "load balancer",
    "aws:alb/": "load balancer",
    "aws:autoscaling/": "fleet",
    "aws:ec2/launchTemplate:": "fleet",
    "aws:ec2/instance:": "fleet",
    "aws:ec2/volume:": "fleet",
    "aws:ebs/": "fleet",
    "aws:elasticache/": "session store",
    "aws:rds/": "database",
    "aws:dynamodb/": "sharded table",
    "aws:appautoscaling/": "sharded table",
    "aws:sns/": "event bus",
    "aws:sqs/": "work queue",
    "aws:lambda/": "functions",
    "aws:ec2/": "network",
    "aws:vpc/": "network",
    "aws:iam/": "permissions",
    "aws:kms/": "permissions",
    "aws:secretsmanager/": "secrets",
    "aws:ssm/": "secrets",
    "random:": "secrets",
    "aws:cloudwatch/": "observability",
    "aws:budgets/": "observability",
}
"""Beginning of a type -> the box; the first that fits counts."""
EVERY = "every box"


def box_of(type_: str) -> str:
    """The box that a resource of the type stands in; of a service that the picture has not, the service's name."""
    known = (box for beginning, box in STANDS_IN.items() if type_.startswith(beginning))
    return next(known, type_.partition(":")[2].partition("/")[0])


def box_of_rule(types: Sequence[str]) -> str:
    """The box of the first type that a rule looks at, which it is about; of one about most of them EVERY."""
    boxes = {box_of(type_) for type_ in types}
    return EVERY if len(boxes) > len({*STANDS_IN.values()}) / 2 else box_of(types[0])


def place(box: str) -> int:
    """Where a box comes in a list of them: what the picture has not comes last."""
    boxes = list(dict.fromkeys(STANDS_IN.values()))
    return boxes.index(box) if box in boxes else len(boxes)
