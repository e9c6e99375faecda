"""Web ACLs for CloudFront, as AWS WAF answers for them: in us-east-1 and nowhere else."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from offline.account import Account

SHOWN = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "firewall"}


def made(account: Account, region: str, scope: str = "CLOUDFRONT") -> dict[str, Any]:
    waf = account.client("wafv2", region)
    return waf.create_web_acl(Name="firewall", Scope=scope, DefaultAction={"Allow": {}}, VisibilityConfig=SHOWN)


def test_cloudfronts_firewall_is_made_in_us_east_1(account: Account) -> None:
    assert made(account, "us-east-1")["Summary"]["Name"] == "firewall"


def test_cloudfronts_firewall_is_refused_elsewhere(account: Account) -> None:
    with pytest.raises(ClientError, match=r"The scope is not valid., field: SCOPE_VALUE, parameter: CLOUDFRONT"):
        made(account, "eu-west-1")


def test_a_load_balancers_firewall_is_made_in_any_region(account: Account) -> None:
    assert made(account, "eu-west-1", "REGIONAL")["Summary"]["Name"] == "firewall"


def test_the_log_of_cloudfronts_firewall_is_refused_elsewhere(account: Account) -> None:
    arn = made(account, "us-east-1")["Summary"]["ARN"]
    with pytest.raises(ClientError, match="The scope is not valid"):
        account.client("wafv2", "eu-west-1").get_logging_configuration(ResourceArn=arn)


def test_moto_still_takes_cloudfronts_firewall_anywhere(shipped: Account) -> None:
    assert made(shipped, "eu-west-1")["Summary"]["Name"] == "firewall"
