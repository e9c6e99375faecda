"""The account's own word on how a request gets in, for a store with a domain and outside of CloudFront's own region."""

import json

import pytest

from app.contract import SERVICES
from tests.stores import DOMAIN, balancer, distribution, listener, origins, rules, sent_header, standing

NAME, REGION = DOMAIN["domain"], "eu-west-1"
SERVICE_PATHS = [pattern for service in SERVICES for pattern in (f"/{service}", f"/{service}/*")]
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER_AND_CLOUDFRONT_HEADERS = "33f36d7e-f396-46d9-90e0-52428a34d9dc"
CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"


@pytest.fixture(scope="module")
def store():
    with standing("offline", {**DOMAIN, "aws:region": REGION}) as store:
        yield store


def behaviors(store):
    """Path pattern -> behaviour, in the order in which CloudFront tries them."""
    return {each["PathPattern"]: each for each in distribution(store)["CacheBehaviors"]["Items"]}


def records(store):
    """(name, type) -> record of the store's zone."""
    client = store.client("route53")
    [zone] = client.list_hosted_zones()["HostedZones"]
    found = client.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
    return {(record["Name"], record["Type"]): record for record in found}


def summary(store):
    [only] = store.client("cloudfront").list_distributions()["DistributionList"]["Items"]
    return only


def certificate(store, arn):
    region = arn.split(":")[3]
    return region, store.client("acm", region).describe_certificate(CertificateArn=arn)["Certificate"]


def bucket_of(store, origin):
    name, _, rest = origins(store)[origin]["DomainName"].partition(".")
    assert rest == f"s3.{REGION}.amazonaws.com"
    return name


def test_the_distribution_has_three_origins(store):
    assert sorted(origins(store)) == ["balancer", "pages", "pictures"]


def test_the_default_behavior_leads_to_the_pages(store):
    default = distribution(store)["DefaultCacheBehavior"]
    assert (default["TargetOriginId"], default["CachePolicyId"]) == ("pages", CACHING_OPTIMIZED)


def test_the_stores_address_is_a_page_that_is_there(store):
    key = distribution(store)["DefaultRootObject"]
    found = store.client("s3").head_object(Bucket=bucket_of(store, "pages"), Key=key)
    assert found["ContentType"].startswith("text/html")


def test_only_pictures_and_services_have_a_behavior_of_their_own(store):
    assert list(behaviors(store)) == ["/pictures/*", *SERVICE_PATHS]


def test_pictures_come_from_their_bucket_and_are_cached(store):
    pictures = behaviors(store)["/pictures/*"]
    assert (pictures["TargetOriginId"], pictures["CachePolicyId"]) == ("pictures", CACHING_OPTIMIZED)


@pytest.mark.parametrize("path", SERVICE_PATHS)
def test_a_services_path_leads_to_the_balancer_and_is_never_cached(store, path):
    found = behaviors(store)[path]
    assert (found["TargetOriginId"], found["CachePolicyId"]) == ("balancer", CACHING_DISABLED)


@pytest.mark.parametrize("path", SERVICE_PATHS)
def test_a_service_gets_all_that_the_browser_sent(store, path):
    assert behaviors(store)[path]["OriginRequestPolicyId"] == ALL_VIEWER_AND_CLOUDFRONT_HEADERS


@pytest.mark.parametrize("path", SERVICE_PATHS)
def test_a_service_takes_every_method(store, path):
    methods = {"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"}
    assert set(behaviors(store)[path]["AllowedMethods"]["Items"]) == methods


def test_every_behavior_redirects_to_https(store):
    found = [distribution(store)["DefaultCacheBehavior"], *behaviors(store).values()]
    assert {each["ViewerProtocolPolicy"] for each in found} == {"redirect-to-https"}


def test_every_rule_takes_the_header_that_the_cdn_sends(store):
    name, value = sent_header(store)
    assert [(rule["header"], value in rule["values"]) for rule in rules(store)] == [(name, True)] * len(SERVICES)


def test_the_cdn_sends_the_secret_to_the_balancer_alone(store):
    assert {name: origin["CustomHeaders"]["Quantity"] for name, origin in origins(store).items()} == {
        "pages": 0,
        "pictures": 0,
        "balancer": 1,
    }


@pytest.mark.parametrize("origin", ["pages", "pictures"])
def test_a_buckets_requests_are_signed(store, origin):
    id_ = origins(store)[origin]["OriginAccessControlId"]
    found = store.client("cloudfront").get_origin_access_control(Id=id_)["OriginAccessControl"]
    signing = found["OriginAccessControlConfig"]
    assert (signing["OriginAccessControlOriginType"], signing["SigningBehavior"]) == ("s3", "always")


@pytest.mark.parametrize("origin", ["pages", "pictures"])
def test_a_bucket_is_read_by_this_distribution_alone(store, origin):
    policy = json.loads(store.client("s3").get_bucket_policy(Bucket=bucket_of(store, origin))["Policy"])
    readers = [(each["Principal"], each["Condition"]) for each in policy["Statement"] if each["Effect"] == "Allow"]
    only = {"StringEquals": {"aws:SourceArn": summary(store)["ARN"]}}
    assert readers == [({"Service": "cloudfront.amazonaws.com"}, only)]


def test_the_balancer_is_asked_over_https_by_a_name_of_its_own(store):
    found = origins(store)["balancer"]
    protocol = found["CustomOriginConfig"]["OriginProtocolPolicy"]
    assert (found["DomainName"], protocol) == (f"origin.{NAME}", "https-only")


@pytest.mark.parametrize("kind", ["A", "AAAA"])
def test_the_stores_name_is_an_alias_of_the_distribution(store, kind):
    target = records(store)[f"{NAME}.", kind]["AliasTarget"]
    assert (target["DNSName"], target["HostedZoneId"]) == (summary(store)["DomainName"], CLOUDFRONT_ZONE)


def test_the_origins_name_is_an_alias_of_the_balancer(store):
    target = records(store)[f"origin.{NAME}.", "A"]["AliasTarget"]
    found = balancer(store)
    assert (target["DNSName"], target["HostedZoneId"]) == (found["DNSName"], found["CanonicalHostedZoneId"])


def test_the_balancer_has_no_ipv6_name_as_it_has_no_ipv6_address(store):
    assert (f"origin.{NAME}.", "AAAA") not in records(store)


def test_the_distribution_answers_to_the_stores_name(store):
    assert distribution(store)["Aliases"]["Items"] == [NAME]


def test_the_cdns_certificate_is_issued_for_the_name_in_cloudfronts_region(store):
    region, found = certificate(store, distribution(store)["ViewerCertificate"]["ACMCertificateArn"])
    assert (region, found["Status"], NAME in found["SubjectAlternativeNames"]) == ("us-east-1", "ISSUED", True)


def test_the_balancers_certificate_is_issued_in_its_own_region_and_covers_the_origins_name(store):
    [only] = listener(store)["Certificates"]
    region, found = certificate(store, only["CertificateArn"])
    assert (region, found["Status"], f"*.{NAME}" in found["SubjectAlternativeNames"]) == (REGION, "ISSUED", True)


def test_the_listener_speaks_https_alone(store):
    found = listener(store)
    assert (found["Protocol"], found["Port"]) == ("HTTPS", 443)


def test_the_balancer_is_reached_by_https_from_cloudfronts_addresses_alone(store):
    filters = [{"Name": "group-id", "Values": balancer(store)["SecurityGroups"]}]
    found = store.client("ec2").describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
    incoming = [rule for rule in found if not rule["IsEgress"]]
    assert [(rule["FromPort"], rule.get("PrefixListId")) for rule in incoming] == [(443, cdn_addresses(store))]


def cdn_addresses(store):
    lists = store.client("ec2").describe_managed_prefix_lists()["PrefixLists"]
    [only] = [each["PrefixListId"] for each in lists if each["PrefixListName"].endswith("cloudfront.origin-facing")]
    return only


def test_the_balancer_stands_in_two_zones_that_the_internet_reaches(store):
    ec2 = store.client("ec2")
    zones = balancer(store)["AvailabilityZones"]
    subnets = [zone["SubnetId"] for zone in zones]
    found = ec2.describe_route_tables(Filters=[{"Name": "association.subnet-id", "Values": subnets}])["RouteTables"]
    ways = [route for table in found for route in table["Routes"] if route.get("DestinationCidrBlock") == "0.0.0.0/0"]
    gateways = {route.get("GatewayId", "none")[:4] for route in ways}
    assert (len({zone["ZoneName"] for zone in zones}), gateways) == (2, {"igw-"})


def test_nothing_is_read_from_a_bucket_without_tls(store):
    s3 = store.client("s3")
    policies = [
        json.loads(s3.get_bucket_policy(Bucket=each["Name"])["Policy"]) for each in s3.list_buckets()["Buckets"]
    ]
    denied = [[each["Condition"] for each in policy["Statement"] if each["Effect"] == "Deny"] for policy in policies]
    assert denied == [[{"Bool": {"aws:SecureTransport": "false"}}]] * 4


def test_no_bucket_can_be_made_public(store):
    s3 = store.client("s3")
    names = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    blocks = [s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"] for name in names]
    assert [set(block.values()) for block in blocks] == [{True}] * 4


def test_pictures_are_uploaded_from_the_stores_own_pages_alone(store):
    found = store.client("s3").get_bucket_cors(Bucket=bucket_of(store, "pictures"))["CORSRules"]
    assert [rule["AllowedOrigins"] for rule in found] == [[f"https://{NAME}"]]
