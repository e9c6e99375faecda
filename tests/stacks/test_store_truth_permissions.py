"""The account's own word on who may do what: roles and security groups give what `grants.py` says, and no more."""

import json

import pytest

from app.contract import CALLED, PORT, QUEUES, SERVICES
from stacks.grants import SERVICE_NEEDS, WORKER_NEEDS
from tests.stores import balancer, fleets, instances, standing, template

APPS = {f"app-{service}": SERVICE_NEEDS[service] for service in SERVICES}
WORKERS = {f"worker-{kind}": WORKER_NEEDS[kind] for kind in QUEUES}
NEEDS = {**APPS, **WORKERS}
ITEMS = ("BatchGetItem", "BatchWriteItem", "ConditionCheckItem", "DeleteItem", "GetItem", "PutItem", "Query")
LOGIN = (
    "ssm:UpdateInstanceInformation",
    *(f"ssmmessages:{verb}{kind}Channel" for verb in ("Create", "Open") for kind in ("Control", "Data")),
)
"""What Session Manager asks of a server."""
EVERYWHERE = "0.0.0.0/0"
CALLING = {"app-orders", "worker-sagas"}


@pytest.fixture(scope="module")
def store():
    with standing("offline") as store:
        yield store


def listed(value):
    return [value] if isinstance(value, str) else value


def grants_in(document):
    """Every (action, resource) that a policy document allows."""
    statements = document["Statement"]
    assert {(*sorted(each), each["Effect"]) for each in statements} == {("Action", "Effect", "Resource", "Allow")}
    return {(a, r) for each in statements for a in listed(each["Action"]) for r in listed(each["Resource"])}


WORDS = (
    "database", "sessions", "calls", "gateway", "tables", "publish", "pictures", "documents", "artifacts", "work-mail"
)  # fmt: skip


def role_of(store, fleet):
    """The role whose permissions a server of the fleet has."""
    profile = template(store, fleet)["IamInstanceProfile"]["Arn"].rpartition("/")[2]
    [role] = store.client("iam").get_instance_profile(InstanceProfileName=profile)["InstanceProfile"]["Roles"]
    return role


def allowed(store, fleet):
    """Every (action, resource) of the fleet's inline policies."""
    iam, role = store.client("iam"), role_of(store, fleet)["RoleName"]
    names = iam.list_role_policies(RoleName=role)["PolicyNames"]
    documents = [iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] for name in names]
    return set().union(*map(grants_in, documents))


def arns(store):
    """ARNs of what is used, as the account lists it, by the names of `grants.py`."""
    secrets = store.client("secretsmanager").list_secrets()["SecretList"]
    lists = store.client("dynamodb").list_tables()["TableNames"]
    buckets = [bucket["Name"] for bucket in store.client("s3").list_buckets()["Buckets"]]
    queues = [url.rpartition("/")[2] for url in store.client("sqs").list_queues()["QueueUrls"]]
    own = f"{store.account.region}:{store.account.account_id}"
    return {
        **{secret["Name"].partition("-")[0]: [secret["ARN"]] for secret in secrets},
        "tables": [f"arn:aws:dynamodb:{own}:table/{name}" for name in lists],
        "publish": list({each["TopicArn"] for each in store.client("sns").list_subscriptions()["Subscriptions"]}),
        **{
            name: [f"arn:aws:s3:::{each}/*" for each in buckets if name in each]
            for name in ("pictures", "documents", "artifacts")
        },
        **{
            kind: [f"arn:aws:sqs:{own}:{name}" for name in queues if kind in name and "dead" not in name]
            for kind in map("work-{}".format, QUEUES)
        },
        **{
            f"dead-consume-{kind}": [f"arn:aws:sqs:{own}:{name}" for name in queues if f"work-{kind}-dead" in name]
            for kind in QUEUES
        },
    }


def actions_of(need):
    """What each word of `grants.py` means to IAM."""
    verb = need.partition("-")[0]
    return {
        "artifacts": ["s3:GetObject"],
        "pictures": ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"],
        "documents": ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"],
        "database": ["secretsmanager:GetSecretValue"],
        "sessions": ["secretsmanager:GetSecretValue"],
        "calls": ["secretsmanager:GetSecretValue"],
        "gateway": ["secretsmanager:GetSecretValue"],
        "tables": [f"dynamodb:{action}" for action in (*ITEMS, "UpdateItem")],
        "publish": ["sns:Publish"],
        "send": ["sqs:SendMessage"],
        "consume": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"],
    }[verb]


def granted(store, fleet):
    """What `grants.py` gives the fleet, and the login; a worker also tells its group that it leaves."""
    known = arns(store)
    needs = [(need, f"work-{need.partition('-')[2]}" if "-" in need else need) for need in NEEDS[fleet]]
    found = {(a, arn) for need, what in needs for a in actions_of(need) for arn in known[what]}
    found |= {("sqs:SendMessage", dead) for need in NEEDS[fleet] if "consume" in need for dead in known[f"dead-{need}"]}
    found |= {
        ("s3:ListBucket", arn[:-2]) for need in ("pictures", "documents") if need in NEEDS[fleet] for arn in known[need]
    }
    found |= {("s3:GetObject", arn) for arn in known["artifacts"]} | {(action, "*") for action in LOGIN}
    own = fleets(store)[fleet]["AutoScalingGroupARN"]
    leave = ("autoscaling:CompleteLifecycleAction", "autoscaling:RecordLifecycleActionHeartbeat")
    find = ("autoscaling:DescribeAutoScalingInstances", "autoscaling:DescribeLifecycleHooks")
    mine = {(action, own) for action in leave} | {(action, "*") for action in find}
    return found | (mine if fleet in WORKERS else set())


def groups(store):
    """Security groups by what they belong to: each fleet, the database, the cache, the load balancers."""
    front, inside = (balancer(store, scheme)["SecurityGroups"][0] for scheme in ("internet-facing", "internal"))
    nodes = store.client("elasticache").describe_cache_clusters()["CacheClusters"]
    [database] = {each["VpcSecurityGroupId"] for one in instances(store) for each in one["VpcSecurityGroups"]}
    [cache] = {each["SecurityGroupId"] for node in nodes for each in node["SecurityGroups"]}
    servers = {fleet: template(store, fleet)["SecurityGroupIds"][0] for fleet in NEEDS}
    return {**servers, "database": database, "sessions": cache, "balancer": front, "internal": inside}


def rules(store, owner, *, out):
    """(who, from port, to port) of each rule of one side; who is a name of `groups`, a prefix list or a block."""
    known = groups(store)
    names = {id_: name for name, id_ in known.items()}
    filters = [{"Name": "group-id", "Values": [known[owner]]}]
    found = store.client("ec2").describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
    return sorted((_who(rule, names), rule["FromPort"], rule["ToPort"]) for rule in found if rule["IsEgress"] == out)


def _who(rule, names):
    group = rule.get("ReferencedGroupInfo", {}).get("GroupId")
    return names[group] if group else rule.get("PrefixListId") or rule["CidrIpv4"]


def admitted(store, service):
    """Every action that the VPC's gateway to a service lets through."""
    endpoints = store.client("ec2").describe_vpc_endpoints()["VpcEndpoints"]
    [policy] = [each["PolicyDocument"] for each in endpoints if each["ServiceName"].endswith(f".{service}")]
    return {action for each in json.loads(policy)["Statement"] for action in each["Action"]}


@pytest.mark.parametrize("service", ["s3", "dynamodb"])
def test_what_fleets_may_do_passes_the_gateway_on_its_way(store, service):
    granted_actions = {action for fleet in NEEDS for action, _ in allowed(store, fleet)}
    used = {action for action in granted_actions if action.startswith(f"{service}:")}
    assert (len(used) > 2, used - admitted(store, service)) == (True, set())


@pytest.mark.parametrize("fleet", NEEDS)
def test_a_fleet_may_do_exactly_what_it_is_granted(store, fleet):
    assert allowed(store, fleet) == granted(store, fleet)


@pytest.mark.parametrize("name", WORDS)
def test_what_grants_speak_of_is_in_the_account(store, name):
    assert len(arns(store)[name]) == (2 if name == "tables" else 1)


@pytest.mark.parametrize("fleet", NEEDS)
def test_a_fleets_role_has_no_policy_that_aws_may_widen(store, fleet):
    found = store.client("iam").list_attached_role_policies(RoleName=role_of(store, fleet)["RoleName"])
    assert found["AttachedPolicies"] == []


@pytest.mark.parametrize("fleet", NEEDS)
def test_a_fleets_role_is_for_servers_alone(store, fleet):
    [statement] = role_of(store, fleet)["AssumeRolePolicyDocument"]["Statement"]
    assert (statement["Principal"], statement["Action"]) == ({"Service": "ec2.amazonaws.com"}, "sts:AssumeRole")


def test_no_two_fleets_share_a_role(store):
    assert len({role_of(store, fleet)["Arn"] for fleet in NEEDS}) == len(NEEDS)


def test_there_is_no_role_beside_those_of_the_fleets(store):
    held = {
        role["Arn"] for role in store.client("iam").list_roles()["Roles"] if "/aws-service-role/" not in role["Arn"]
    }
    assert held == {role_of(store, fleet)["Arn"] for fleet in NEEDS}


@pytest.mark.parametrize(("name", "port"), [("database", 5432), ("sessions", 6379)])
def test_a_store_is_reached_by_the_fleets_that_are_granted_it_and_by_nobody_else(store, name, port):
    users = sorted(fleet for fleet, needs in NEEDS.items() if name in needs)
    assert rules(store, name, out=False) == [(user, port, port) for user in users]


@pytest.mark.parametrize("name", ["database", "sessions"])
def test_a_store_of_data_calls_nobody(store, name):
    assert rules(store, name, out=True) == []


@pytest.mark.parametrize("fleet", APPS)
def test_an_app_server_is_called_by_the_balancers_that_lead_to_it_alone(store, fleet):
    inside = [("internal", PORT, PORT)] if fleet.removeprefix("app-") in CALLED else []
    assert rules(store, fleet, out=False) == [("balancer", PORT, PORT), *inside]


@pytest.mark.parametrize("fleet", WORKERS)
def test_a_worker_is_called_by_nobody(store, fleet):
    assert rules(store, fleet, out=False) == []


@pytest.mark.parametrize("fleet", NEEDS)
def test_a_server_calls_the_stores_it_is_granted_other_services_where_it_must_and_https_alone(store, fleet):
    ports = {"database": 5432, "sessions": 6379}
    stores = [(name, port, port) for name, port in ports.items() if name in NEEDS[fleet]]
    calls = [("internal", 80, 80)] if fleet in CALLING else []
    assert rules(store, fleet, out=True) == sorted([(EVERYWHERE, 443, 443), *stores, *calls])


def test_the_balancer_is_reached_from_cloudfronts_addresses_alone(store):
    lists = store.client("ec2").describe_managed_prefix_lists()["PrefixLists"]
    [cdn] = [each["PrefixListId"] for each in lists if each["PrefixListName"].endswith("cloudfront.origin-facing")]
    assert rules(store, "balancer", out=False) == [(cdn, 80, 80)]


def test_the_balancer_calls_the_app_servers_alone(store):
    assert rules(store, "balancer", out=True) == sorted((fleet, PORT, PORT) for fleet in APPS)


def test_only_who_calls_services_reaches_the_balancer_between_them(store):
    assert rules(store, "internal", out=False) == [(fleet, 80, 80) for fleet in sorted(CALLING)]


def test_the_balancer_between_services_calls_those_that_are_called_alone(store):
    assert rules(store, "internal", out=True) == [(f"app-{service}", PORT, PORT) for service in sorted(CALLED)]


def test_the_group_that_the_vpc_came_with_lets_nothing_through(store):
    found = store.client("ec2").describe_security_groups(
        Filters=[{"Name": "group-name", "Values": ["default"]}, {"Name": "vpc-id", "Values": [store.outputs["vpc_id"]]}]
    )["SecurityGroups"]
    assert [(group["IpPermissions"], group["IpPermissionsEgress"]) for group in found] == [([], [])]
