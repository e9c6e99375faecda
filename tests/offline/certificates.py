"""Makes a certificate that may be used: its validation records stand in the zone of its domain."""

from offline.account import Account


def issued(account: Account, domain: str) -> str:
    """The ARN of a certificate of *domain* in us-east-1, issued."""
    acm, domains = account.client("acm", "us-east-1"), account.client("route53")
    arn = acm.request_certificate(DomainName=domain, ValidationMethod="DNS")["CertificateArn"]
    zone = domains.create_hosted_zone(Name=domain, CallerReference=domain)["HostedZone"]["Id"]
    [option] = acm.describe_certificate(CertificateArn=arn)["Certificate"]["DomainValidationOptions"]
    record = option["ResourceRecord"]
    rows = {"Name": record["Name"], "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": record["Value"]}]}
    change = {"Action": "CREATE", "ResourceRecordSet": rows}
    domains.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [change]})
    return arn
