"""Certificates and zones as AWS answers them: a certificate follows its records, a zone of a VPC is private."""

from typing import Any

from offline.account import Account

NAMES = ["*.example.net", "api.example.net"]
ALARM = {
    "Type": "CLOUDWATCH_METRIC",
    "AlarmIdentifier": {"Region": "us-east-1", "Name": "lag"},
    "InsufficientDataHealthStatus": "LastKnownStatus",
}


def request(account: Account, region: str = "us-east-1", **more: Any) -> str:
    asked = {"DomainName": "example.net", "SubjectAlternativeNames": NAMES, "ValidationMethod": "DNS", **more}
    return account.client("acm", region).request_certificate(**asked)["CertificateArn"]


def describe(account: Account, arn: str) -> dict[str, Any]:
    return account.client("acm", arn.split(":")[3]).describe_certificate(CertificateArn=arn)["Certificate"]


def records(account: Account, arn: str) -> list[dict[str, str]]:
    """The records that the certificate asks for, each once."""
    asked = [option["ResourceRecord"] for option in describe(account, arn)["DomainValidationOptions"]]
    return [record for number, record in enumerate(asked) if record not in asked[:number]]


def put(account: Account, rows: list[dict[str, str]], **zone: Any) -> None:
    domains = account.client("route53")
    id_ = domains.create_hosted_zone(Name="example.net", CallerReference="-", **zone)["HostedZone"]["Id"]
    for row in rows:
        entry = {"Name": row["Name"], "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": row["Value"]}]}
        change = {"Action": "CREATE", "ResourceRecordSet": entry}
        domains.change_resource_record_sets(HostedZoneId=id_, ChangeBatch={"Changes": [change]})


def vpc(account: Account) -> dict[str, str]:
    id_ = account.client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    return {"VPCRegion": "us-east-1", "VPCId": id_}


def test_a_certificate_waits_for_all_of_its_records(account: Account) -> None:
    arn = request(account)
    put(account, records(account, arn)[:1])
    shown = describe(account, arn)
    assert (shown["Status"], "IssuedAt" in shown) == ("PENDING_VALIDATION", False)
    assert [option["ValidationStatus"] for option in shown["DomainValidationOptions"]] == [
        "SUCCESS",
        "SUCCESS",
        "PENDING_VALIDATION",
    ]


def test_a_certificate_is_issued_once_its_records_stand(account: Account) -> None:
    arn = request(account)
    put(account, records(account, arn))
    assert describe(account, arn)["Status"] == "ISSUED"


def test_a_private_zone_proves_nothing(account: Account) -> None:
    arn = request(account)
    put(account, records(account, arn), VPC=vpc(account))
    assert describe(account, arn)["Status"] == "PENDING_VALIDATION"


def test_apex_and_wildcard_share_a_record_and_other_names_do_not(account: Account) -> None:
    arn = request(account)
    options = describe(account, arn)["DomainValidationOptions"]
    assert options[0]["ResourceRecord"] == options[1]["ResourceRecord"] != options[2]["ResourceRecord"]
    assert options[2]["ResourceRecord"]["Name"].endswith(".api.example.net.")


def test_a_domain_has_one_record_in_all_regions(account: Account) -> None:
    there = request(account, "eu-west-1")
    assert records(account, request(account)) == records(account, there)


def test_names_and_key_are_shown_as_they_were_asked_for(account: Account) -> None:
    shown = describe(account, request(account, KeyAlgorithm="EC_prime256v1"))
    assert shown["SubjectAlternativeNames"] == ["example.net", *NAMES]
    assert shown["KeyAlgorithm"] == "EC_prime256v1"


def test_a_zone_of_a_vpc_is_private(account: Account) -> None:
    domains, network = account.client("route53"), vpc(account)
    made = domains.create_hosted_zone(Name="internal", CallerReference="-", VPC=network)
    shown = domains.get_hosted_zone(Id=made["HostedZone"]["Id"])
    assert (shown["HostedZone"]["Config"]["PrivateZone"], shown["VPCs"]) == (True, [network])
    assert "DelegationSet" not in made


def test_a_health_check_keeps_its_alarm(account: Account) -> None:
    domains = account.client("route53")
    id_ = domains.create_health_check(CallerReference="-", HealthCheckConfig=ALARM)["HealthCheck"]["Id"]
    shown = domains.get_health_check(HealthCheckId=id_)["HealthCheck"]["HealthCheckConfig"]
    assert shown | ALARM == shown


def test_moto_still_knows_one_record_for_every_domain(shipped: Account) -> None:
    names = [record["Name"].split(".")[0] for record in records(shipped, request(shipped))]
    assert set(names) == {"_d930b28be6c5927595552b219965053e"}


def test_moto_still_loses_the_vpc_of_a_zone(shipped: Account) -> None:
    domains = shipped.client("route53")
    made = domains.create_hosted_zone(Name="internal", CallerReference="-", VPC=vpc(shipped))
    assert made["HostedZone"]["Config"]["PrivateZone"] is False


def test_moto_still_loses_the_alarm_of_a_health_check(shipped: Account) -> None:
    made = shipped.client("route53").create_health_check(CallerReference="-", HealthCheckConfig=ALARM)
    assert "AlarmIdentifier" not in made["HealthCheck"]["HealthCheckConfig"]
