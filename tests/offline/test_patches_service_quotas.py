"""Quotas of an account, as Service Quotas answers them."""

import pytest
from botocore.exceptions import ClientError

from offline.account import Account

ADDRESSES = {"ServiceCode": "ec2", "QuotaCode": "L-0263D0A3"}
VPCS = {"ServiceCode": "vpc", "QuotaCode": "L-F678F1CE"}


def test_a_new_account_has_five_elastic_addresses(account: Account) -> None:
    assert account.client("service-quotas").get_service_quota(**ADDRESSES)["Quota"]["Value"] == 5.0


def test_quotas_that_moto_knows_are_answered_as_before(account: Account) -> None:
    found = account.client("service-quotas").get_service_quota(**VPCS)["Quota"]
    assert (found["QuotaName"], found["Value"]) == ("VPCs per Region", 5.0)


def test_a_quota_that_does_not_exist_is_refused(account: Account) -> None:
    with pytest.raises(ClientError, match="NoSuchResourceException"):
        account.client("service-quotas").get_service_quota(ServiceCode="ec2", QuotaCode="L-00000000")


@pytest.mark.parametrize("quota", [ADDRESSES, VPCS])
def test_an_increase_is_granted_at_once(account: Account, quota: dict[str, str]) -> None:
    quotas = account.client("service-quotas")
    quotas.request_service_quota_increase(**quota, DesiredValue=8.0)
    assert quotas.get_service_quota(**quota)["Quota"]["Value"] == 8.0


def test_a_quota_is_not_lowered_by_asking_for_less(account: Account) -> None:
    with pytest.raises(ClientError, match="InvalidParameterValueException"):
        account.client("service-quotas").request_service_quota_increase(**ADDRESSES, DesiredValue=5.0)


def test_moto_still_raises_no_quota(shipped: Account) -> None:
    with pytest.raises(NotImplementedError):
        shipped.client("service-quotas").request_service_quota_increase(**ADDRESSES, DesiredValue=8.0)


def test_moto_still_knows_no_quota_of_ec2(shipped: Account) -> None:
    with pytest.raises(ClientError, match="NoSuchResourceException"):
        shipped.client("service-quotas").get_service_quota(**ADDRESSES)
