"""The account's own word on the horizontal store's servers: where they are, who reaches them, what they boot."""

import hashlib
import json
import re
from collections import Counter

import pytest

from app.contract import CALLED, DRAIN_S, PORT, QUEUES, SERVICES, Contract
from tests.cloud_config import files, read_as_systemd
from tests.stores import (
    fleets,
    instances,
    listener,
    rules,
    sent_header,
    servers,
    standing,
    targets,
    template,
    user_data,
)

APPS = {service: f"app-{service}" for service in SERVICES}
WORKERS = {kind: f"worker-{kind}" for kind in QUEUES}
FLEETS = [*APPS.values(), *WORKERS.values()]
STACK_TAGS = {"project": "bigpicture", "stack": "offline", "environment": "sandbox", "owner": "offline"}


@pytest.fixture(scope="module")
def store():
    with standing("offline") as store:
        yield store


def contract(store, fleet):
    """What the app on a server of the fleet is told."""
    text = files(user_data(store, fleet))["/etc/bigpicture/app.env"]["content"]
    return Contract.from_environment(read_as_systemd(text))


def bucket_of(store, key):
    """The one bucket that holds an object of this key."""
    s3 = store.client("s3")
    names = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    held = {name: [each["Key"] for each in s3.list_objects_v2(Bucket=name).get("Contents", [])] for name in names}
    [bucket] = [name for name, keys in held.items() if key in keys]
    return bucket


def secrets(store):
    """Every value that no server may be given in the clear."""
    client = store.client("secretsmanager")
    arns = [secret["ARN"] for secret in client.list_secrets()["SecretList"]]
    texts = [client.get_secret_value(SecretId=arn)["SecretString"] for arn in arns]
    kept = [value for text in texts for key, value in json.loads(text).items() if key != "username"]
    return [*texts, *kept, *(value for rule in rules(store) for value in rule["values"])]


def test_a_fleet_stands_for_every_service_and_every_kind_of_work(store):
    assert sorted(fleets(store)) == sorted(FLEETS)


@pytest.mark.parametrize("fleet", FLEETS)
def test_a_fleet_has_its_smallest_number_of_servers_and_all_are_in_service(store, fleet):
    group = fleets(store)[fleet]
    assert [each["LifecycleState"] for each in group["Instances"]] == ["InService"] * group["MinSize"]


@pytest.mark.parametrize("fleet", APPS.values())
def test_an_app_fleet_has_a_server_in_each_zone(store, fleet):
    group = fleets(store)[fleet]
    assert Counter(each["AvailabilityZone"] for each in group["Instances"]) == {"us-east-1a": 1, "us-east-1b": 1}


@pytest.mark.parametrize("fleet", FLEETS)
def test_no_server_has_an_address_of_the_internet(store, fleet):
    ids = sorted(servers(fleets(store)[fleet]))
    reservations = store.client("ec2").describe_instances(InstanceIds=ids)["Reservations"]
    found = [each.get("PublicIpAddress") for reservation in reservations for each in reservation["Instances"]]
    assert found == [None] * len(ids)


def tags_of(thing):
    """What a server or a volume is tagged with, without what AWS adds."""
    return {tag["Key"]: tag["Value"] for tag in thing["Tags"] if not tag["Key"].startswith("aws:")}


@pytest.mark.parametrize("fleet", FLEETS)
def test_servers_and_their_volumes_carry_the_stacks_tags(store, fleet):
    ec2, ids = store.client("ec2"), sorted(servers(fleets(store)[fleet]))
    held = ec2.describe_instances(InstanceIds=ids)["Reservations"]
    machines = [machine for reservation in held for machine in reservation["Instances"]]
    disks = [disk["Ebs"]["VolumeId"] for machine in machines for disk in machine["BlockDeviceMappings"]]
    volumes = ec2.describe_volumes(VolumeIds=disks)["Volumes"]
    wanted = {**STACK_TAGS, "Name": fleet}
    assert [tags_of(each) for each in (*machines, *volumes)] == [wanted] * 2 * len(ids)


@pytest.mark.parametrize("service", SERVICES)
def test_a_services_paths_lead_to_exactly_the_servers_of_its_fleet(store, service):
    own = {f"{server}:{PORT}" for server in servers(fleets(store)[f"app-{service}"])}
    assert [targets(store, path) for path in (f"/{service}", f"/{service}/*")] == [own, own]


@pytest.mark.parametrize("service", SERVICES)
def test_a_fleet_registers_new_servers_where_its_services_rule_leads(store, service):
    own = {f"/{service}", f"/internal/{service}"}
    led = [rule for scheme in ("internet-facing", "internal") for rule in rules(store, scheme)]
    arns = [rule["action"]["TargetGroupArn"] for rule in led if own & set(rule["paths"])]
    assert fleets(store)[f"app-{service}"]["TargetGroupARNs"] == arns


@pytest.mark.parametrize("fleet", WORKERS.values())
def test_no_request_reaches_a_worker(store, fleet):
    assert fleets(store)[fleet]["TargetGroupARNs"] == []


def test_no_path_leads_anywhere_but_to_the_services(store):
    led = sorted(path for rule in rules(store) for path in rule["paths"])
    assert led == sorted(path for service in SERVICES for path in (f"/{service}", f"/{service}/*"))


@pytest.mark.parametrize("service", SERVICES)
def test_a_services_rule_asks_for_the_header_that_the_cdn_sends(store, service):
    name, value = sent_header(store)
    [rule] = [rule for rule in rules(store) if f"/{service}" in rule["paths"]]
    assert (rule["header"], value in rule["values"]) == (name, True)


@pytest.mark.parametrize("service", CALLED)
def test_what_services_ask_of_a_service_leads_to_its_servers_from_within_alone(store, service):
    own = {f"{server}:{PORT}" for server in servers(fleets(store)[f"app-{service}"])}
    [rule] = [rule for rule in rules(store, "internal") if f"/internal/{service}" in rule["paths"]]
    assert (targets(store, f"/internal/{service}/*", "internal"), rule["values"]) == (own, [])


def test_services_reach_nothing_else_of_each_other(store):
    led = sorted(path for rule in rules(store, "internal") for path in rule["paths"])
    assert led == sorted(path for service in CALLED for path in (f"/internal/{service}", f"/internal/{service}/*"))


def test_whoever_lacks_the_header_is_answered_403(store):
    actions = listener(store)["DefaultActions"]
    refusal = {"ContentType": "text/plain", "MessageBody": "Forbidden", "StatusCode": "403"}
    assert actions == [{"Type": "fixed-response", "FixedResponseConfig": refusal}]


@pytest.mark.parametrize("service", SERVICES)
def test_a_leaving_server_has_the_drain_time_to_answer_what_it_began(store, service):
    client, arns = store.client("elbv2"), fleets(store)[f"app-{service}"]["TargetGroupARNs"]
    found = [client.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"] for arn in arns]
    drains = {each["Value"] for rows in found for each in rows if each["Key"] == "deregistration_delay.timeout_seconds"}
    assert drains == {str(DRAIN_S)}


@pytest.mark.parametrize("fleet", FLEETS)
def test_user_data_is_a_cloud_config(store, fleet):
    assert user_data(store, fleet).startswith("#cloud-config\n")


@pytest.mark.parametrize("fleet", FLEETS)
def test_user_data_holds_no_secret(store, fleet):
    text = user_data(store, fleet)
    assert [place for place, secret in enumerate(secrets(store)) if secret in text] == []


def test_the_secrets_that_are_looked_for_are_there(store):
    assert [len(secret) >= 32 for secret in secrets(store)] == [True] * (4 + 4 + 2 * len(SERVICES))


@pytest.mark.parametrize(
    ("fleet", "command"),
    [
        *((fleet, f"web --services {service}") for service, fleet in APPS.items()),
        *((fleet, f"worker --queues {kind}") for kind, fleet in WORKERS.items()),
    ],
)
def test_a_server_starts_the_work_of_its_fleet(store, fleet, command):
    unit = files(user_data(store, fleet))["/etc/systemd/system/bigpicture.service"]["content"]
    assert f"ExecStart=/usr/bin/python3.12 -m app {command}\n" in unit


@pytest.mark.parametrize("fleet", FLEETS)
def test_a_server_fetches_an_artifact_that_is_there_and_has_the_hash_of_its_name(store, fleet):
    install = files(user_data(store, fleet))["/usr/local/sbin/bigpicture-install"]["content"]
    [(bucket, key, digest)] = re.findall(r"s3://([^/]+)/(\S*?([0-9a-f]{64})\.tar) ", install)
    body = store.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    assert hashlib.sha256(body).hexdigest() == digest


@pytest.mark.parametrize("fleet", FLEETS)
def test_a_server_is_told_the_databases_hosts(store, fleet):
    hosts = [instance["Endpoint"]["Address"] for instance in instances(store)]
    told = contract(store, fleet)
    assert [told.database_host, *told.database_reader_hosts] == hosts


@pytest.mark.parametrize("fleet", FLEETS)
def test_a_server_is_told_the_databases_name_and_port(store, fleet):
    primary, told = instances(store)[0], contract(store, fleet)
    assert (told.database_name, told.database_port) == (primary["DBName"], primary["Endpoint"]["Port"])


@pytest.mark.parametrize("fleet", FLEETS)
def test_a_server_is_told_the_caches_configuration_endpoint(store, fleet):
    [group] = store.client("elasticache").describe_replication_groups()["ReplicationGroups"]
    told = contract(store, fleet)
    assert {"Address": told.cache_host, "Port": told.cache_port} == group["ConfigurationEndpoint"]


@pytest.mark.parametrize("fleet", FLEETS)
def test_a_server_is_told_secrets_that_open_the_database_and_the_cache(store, fleet):
    told, client = contract(store, fleet), store.client("secretsmanager")
    arns = (told.database_secret_arn, told.cache_secret_arn)
    found = [sorted(json.loads(client.get_secret_value(SecretId=arn)["SecretString"])) for arn in arns]
    assert found == [["password", "username"], ["auth_token"]]


@pytest.mark.parametrize("fleet", FLEETS)
def test_a_server_is_told_every_table(store, fleet):
    names = store.client("dynamodb").list_tables()["TableNames"]
    assert sorted(contract(store, fleet).shard_map.tables.values()) == sorted(names)


@pytest.mark.parametrize("fleet", FLEETS)
def test_a_server_is_told_queues_that_are_there(store, fleet):
    urls = store.client("sqs").list_queues()["QueueUrls"]
    told = contract(store, fleet).queue_urls
    assert {kind: url in urls and f"/work-{kind}-" in url for kind, url in told.items()} == dict.fromkeys(QUEUES, True)


@pytest.mark.parametrize("fleet", FLEETS)
def test_a_server_is_told_the_topic_of_events(store, fleet):
    subscriptions = store.client("sns").list_subscriptions()["Subscriptions"]
    assert {each["TopicArn"] for each in subscriptions} == {contract(store, fleet).topic_arn}


@pytest.mark.parametrize("fleet", FLEETS)
def test_a_server_is_told_the_bucket_of_the_pages_and_of_the_artifact(store, fleet):
    told = contract(store, fleet)
    install = files(user_data(store, fleet))["/usr/local/sbin/bigpicture-install"]["content"]
    assert told.pages_bucket == bucket_of(store, "index.html")
    assert f"s3://{told.artifacts_bucket}/app/{told.version}" in install


@pytest.mark.parametrize("fleet", FLEETS)
def test_a_fleet_boots_the_image_that_aws_publishes(store, fleet):
    name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
    assert template(store, fleet)["ImageId"] == store.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]
