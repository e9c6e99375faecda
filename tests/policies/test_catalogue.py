"""The list of rules in the documentation is the rules' own, and what it refers to exists."""

import re
from pathlib import Path

from policies.catalogue import documented, markdown
from policies.models import BUILT_IN

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"
SERVICES = {
    "AWSEC2": "ec2", "AWSSimpleQueueService": "sqs", "AmazonCloudWatch": "cloudwatch", "AmazonCloudWatchLogs": "logs",
    "AmazonElastiCache": "elasticache", "AmazonRDS": "rds", "AmazonS3": "s3", "IAM": "iam", "Route53": "route53",
    "amazondynamodb": "dynamodb", "autoscaling/application": "application-autoscaling",
    "autoscaling/ec2": "autoscaling", "aws-cost-management": "budgets", "elasticloadbalancing": "elbv2",
    "eventbridge": "events", "systems-manager": "ssm", "waf": "wafv2",
}  # fmt: skip
"""How the address of a service's API reference begins -> botocore's name for it, where the two differ."""
API = r"https://docs\.aws\.amazon\.com/((?:autoscaling/)?[^/]+)/(?:.+/)?API_(?:budgets_)?(\w+)\.html"


def test_the_documented_rules_are_the_rules():
    assert PAGE.read_text(encoding="utf-8") == markdown(documented())


def test_a_page_of_an_api_reference_is_about_something_that_the_api_has():
    pages = {(found[1], found[2]) for rule in documented() if (found := re.match(API, rule.source))}
    models = {each: BUILT_IN.load_service_model(SERVICES.get(each, each), "service-2") for each, _ in pages}
    missing = [page for page in pages if page[1] not in models[page[0]]["operations"] | models[page[0]]["shapes"]]
    assert (missing, len(pages) > 50) == ([], True)
