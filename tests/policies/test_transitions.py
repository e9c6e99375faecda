"""Each rule of change finds the change that breaks it, in exactly its words, and lets its neighbour pass."""

import json
from functools import partial

import pulumi
import pulumi_aws as aws
import pytest

from engines.changes import findings_of_change
from engines.recorder import record
from policies.sequence import all_transitions, check_change
from tests.policies import parts
from tests.policies.fragments import REGION, recorded
from tests.policies.fragments_tables import index, table
from tests.policies.messages import whole

CACHE = "aws:elasticache/replicationGroup:ReplicationGroup 'cache'"
DATABASE = "aws:rds/instance:Instance 'db'"
KEEPS_ITS_SIZE = "--set database_storage_gb=21 keeps the size; or move the data to a new instance"
KEEPS_ITS_ZONES = f"--set zones={REGION}a,{REGION}b keeps the stack in the zones that it stands in"
PARAMETERS = "aws:rds/parameterGroup:ParameterGroup 'parameters'"
PERMISSIONS = "aws:iam/rolePolicy:RolePolicy 'may'"
TABLE = "aws:dynamodb/table:Table 'table'"


def parameters(value):
    given = [aws.rds.ParameterGroupParameterArgs(name="max_connections", value=value, apply_method="pending-reboot")]
    aws.rds.ParameterGroup("parameters", family="postgres17", parameters=given)


def warm(reads):
    table(warm_throughput=aws.dynamodb.TableWarmThroughputArgs(read_units_per_second=reads))


def limited(units):
    limit = aws.dynamodb.TableOnDemandThroughputArgs(max_read_request_units=units) if units else None
    table(on_demand_throughput=limit)


def indexed(*names):
    table(global_secondary_indexes=[index(name) for name in names])


def protected(protect, **more):
    parts.database(opts=pulumi.ResourceOptions(protect=protect), **more)


def listening(port, **more):
    within = parts.vpc()
    parts.listener(parts.balancer(within=within), parts.target_group(within=within), port=port, **more)


def following(primary):
    parts.database(**({"replicate_source_db": "other", "password": None} if primary else {}))


def pair(class_):
    """A primary and its replica, of one class."""
    parts.replica(parts.database(instance_class=class_), instance_class=class_)


def fleet(*, told, refreshed=True):
    """Servers that are *told* of a queue or not; without it there is none."""
    url = aws.sqs.Queue("letters").url if told else "none"
    template = aws.ec2.LaunchTemplate("server", user_data=url)
    refresh = aws.autoscaling.GroupInstanceRefreshArgs(strategy="Rolling") if refreshed else None
    aws.autoscaling.Group(
        "servers", min_size=1, max_size=2, launch_template={"id": template.id, "version": "1"}, instance_refresh=refresh
    )


def permitted(*actions):
    """Servers whose role may do this."""
    fleet(told=False)
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    aws.iam.RolePolicy("may", role="servers", policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


def balanced(*names):
    """Fleets behind one target group."""
    for name in names:
        aws.autoscaling.Group(name, min_size=1, max_size=2, target_group_arns=["arn:aws:targets"])


def zoned(*letters):
    """A database's subnet in each of these zones of one region."""
    subnets = [aws.ec2.Subnet(each, vpc_id="vpc-1", availability_zone=f"{REGION}{each}") for each in letters]
    aws.rds.SubnetGroup("data", subnet_ids=[each.id for each in subnets])


database, cache = partial(partial, parts.database), partial(partial, parts.cache)
# fmt: off
CHANGES = [
    ("database-storage-never-shrinks", database(allocated_storage=21), database(allocated_storage=20),
     f"{DATABASE}: allocatedStorage is 20; allowed: 21 or more. Fix: {KEEPS_ITS_SIZE}"),
    ("database-storage-grows-once-in-six-hours", database(allocated_storage=20), database(allocated_storage=21),
     f"{DATABASE}: allocatedStorage is 21; allowed: 20, or no further change for six hours."),
    ("database-replica-stays-one", partial(following, True), partial(following, False),
     f"{DATABASE}: replicateSourceDb is not set; allowed: as before."),
    ("database-backups-never-begin-late", database(backup_retention_period=0), database(backup_retention_period=7),
     f"{DATABASE}: backupRetentionPeriod is 7; allowed: 0, as it is, or a window of its own for the change."),
    ("database-version-never-falls", database(engine_version="17"), database(engine_version="16"),
     f'{DATABASE}: engineVersion is "16"; allowed: 17 or later.'),
    ("cache-shrinks-in-two-steps", cache(), cache(replicas_per_node_group=0, multi_az_enabled=False),
     f"{CACHE}: replicasPerNodeGroup is 0; allowed: 1 until multiAzEnabled is off."),
    ("cache-type-before-shards",
     cache(node_type="cache.r7g.large"), cache(node_type="cache.t4g.small", num_node_groups=1),
     f"{CACHE}: numNodeGroups is 1; allowed: 2 until nodeType has changed."),
    ("cache-backups-never-begin-late", cache(snapshot_retention_limit=0), cache(snapshot_retention_limit=1),
     f"{CACHE}: snapshotRetentionLimit is 1; allowed: 0, as it is."),
    ("cache-mode-for-life", cache(cluster_mode="enabled"), cache(cluster_mode="disabled"),
     f'{CACHE}: clusterMode is "disabled"; allowed: enabled, as it is.'),
    ("protection-falls-alone", partial(protected, True), partial(protected, False, allocated_storage=30),
     f"{DATABASE}: protect is false; allowed: true in an update that changes something else."),
    ("parameter-needs-a-reboot", partial(parameters, "100"), partial(parameters, "200"),
     f'{PARAMETERS}: parameters[0].value is "max_connections"; allowed: a reboot after the update.'),
    ("table-one-index-at-a-time", partial(indexed, "a"), partial(indexed, "b"),
     f'{TABLE}: globalSecondaryIndexes is ["a", "b"]; allowed: one more or one fewer.'),
    ("table-warmth-never-falls", partial(warm, 13_000), partial(warm, 12_000),
     f"{TABLE}: warmThroughput.readUnitsPerSecond is 12000; allowed: 13000 or more."),
    ("table-limit-is-lifted-by-minus-one", partial(limited, 10), partial(limited, None),
     f"{TABLE}: onDemandThroughput is not set; allowed: the limits, or -1."),
    ("change-waits-for-the-window", database(), database(allocated_storage=30, apply_immediately=False),
     f"{DATABASE}: applyImmediately is false; allowed: true, or a change that waits for the maintenance window."),
    ("listener-moves-under-its-callers", partial(listening, 80), partial(listening, 443),
     "aws:lb/listener:Listener 'listener': port is 443; allowed: 80, or minutes of failing requests."),
    ("database-replicas-grow-first", partial(pair, "db.t4g.medium"), partial(pair, "db.m7g.large"),
     f'{DATABASE}: instanceClass is "db.m7g.large"; allowed: db.t4g.medium until replica has grown or gone.'),
    ("old-servers-keep-what-they-use", partial(fleet, told=True), partial(fleet, told=False),
     "aws:sqs/queue:Queue 'letters': deletion is \"now\"; allowed: once servers has new servers only."),
    ("old-servers-keep-their-permissions",
     partial(permitted, "sqs:SendMessage", "sqs:ReceiveMessage"), partial(permitted, "sqs:SendMessage"),
     f"{PERMISSIONS}: policy is \"narrower\"; allowed: all of before too, until servers has new servers only."),
    ("old-fleet-serves-until-the-new-one-answers", partial(balanced, "all", "one"), partial(balanced, "one"),
     "aws:autoscaling/group:Group 'all': deletion is \"now\"; allowed: once one answers."),
    ("subnet-with-data-stays", partial(zoned, "a", "b"), partial(zoned, "b", "c"),
     f"aws:ec2/subnet:Subnet 'a': availabilityZone is \"{REGION}a\"; allowed: kept, for data. Fix: {KEEPS_ITS_ZONES}"),
]
GOOD = [
    (database(allocated_storage=20), database(allocated_storage=20)),
    (database(allocated_storage=150, max_allocated_storage=1000),
     database(allocated_storage=100, max_allocated_storage=1000)),
    (database(backup_retention_period=1), database(backup_retention_period=7)),
    (database(engine_version="16"), database(engine_version="17")),
    (cache(multi_az_enabled=False), cache(multi_az_enabled=False, replicas_per_node_group=0)),
    (cache(), cache(multi_az_enabled=False)),
    (cache(), cache(num_node_groups=1)),
    (cache(snapshot_retention_limit=1), cache(snapshot_retention_limit=0)),
    (partial(protected, True), partial(protected, False)),
    (partial(protected, True, deletion_protection=True), partial(protected, False, deletion_protection=False)),
    (partial(parameters, "100"), partial(parameters, "100")),
    (partial(indexed, "a"), partial(indexed, "a", "b")),
    (partial(warm, 12_000), partial(warm, 12_000)),
    (partial(limited, 10), partial(limited, -1)),
    (partial(listening, 443), partial(listening, 443, ssl_policy="ELBSecurityPolicy-TLS13-1-2-2021-06")),
    (database(apply_immediately=False), database(apply_immediately=False)),
    (partial(pair, "db.m7g.large"), partial(pair, "db.t4g.medium")),
    (partial(fleet, told=True), partial(fleet, told=True)),
    (partial(balanced, "all"), partial(balanced, "one")),
    (partial(permitted, "sqs:SendMessage"), partial(permitted, "sqs:SendMessage", "sqs:ReceiveMessage")),
    (partial(zoned, "a", "b"), partial(zoned, "a", "b", "c")),
    (partial(fleet, told=True, refreshed=False), partial(fleet, told=False, refreshed=False)),
]
# fmt: on


@pytest.mark.parametrize(("rule", "old", "new", "message"), CHANGES, ids=[each[0] for each in CHANGES])
def test_a_change_that_must_not_be_is_told(rule, old, new, message):
    before = recorded(old)
    rolling = frozenset(each.urn for each in before.of("aws:autoscaling/group:Group"))
    found = [each for each in check_change(before, recorded(new), rolling) if each.rule.id == rule]
    assert [str(each) for each in found] == [whole(message, rule)]


@pytest.mark.parametrize(("old", "new"), GOOD)
def test_a_change_that_may_be_is_not_told(old, new):
    assert [str(each) for each in check_change(recorded(old), recorded(new))] == []


def test_two_recorded_graphs_are_compared_as_they_were_written():
    old, new = (record(each, {"aws:region": REGION}).graph for each in (CHANGES[0][1], CHANGES[0][2]))
    assert [each.rule.id for each in findings_of_change(old, new)] == ["database-storage-never-shrinks"]


def test_every_rule_of_change_is_broken_by_a_change():
    assert [rule.id for rule in all_transitions()] == [each[0] for each in CHANGES]
