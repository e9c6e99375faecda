"""Quotas of an account, as Service Quotas answers them."""

import pytest
from botocore.exceptions import ClientError

from offline.account import Account

ADDRESSES = {"ServiceCode": "ec2", "QuotaCode": "L-0263D0A3"}


def test_a_new_account_has_five_elastic_addresses(account: Account) -> None:
    assert account.client("service-quotas").get_service_quota(**ADDRESSES)["Quota"]["Value"] == 5.0


def test_quotas_that_moto_knows_are_answered_as_before(account: Account) -> None:
    found = account.client("service-quotas").get_service_quota(ServiceCode="vpc", QuotaCode="L-F678F1CE")["Quota"]
    assert (found["QuotaName"], found["Value"]) == ("VPCs per Region", 5.0)


def test_a_quota_that_does_not_exist_is_refused(account: Account) -> None:
    with pytest.raises(ClientError, match="NoSuchResourceException"):
        account.client("service-quotas").get_service_quota(ServiceCode="ec2", QuotaCode="L-00000000")


def test_moto_still_knows_no_quota_of_ec2(shipped: Account) -> None:
    with pytest.raises(ClientError, match="NoSuchResourceException"):
        shipped.client("service-quotas").get_service_quota(**ADDRESSES)
