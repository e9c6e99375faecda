"""What AWS takes only in steps is carried out as that sequence of updates, each of them as it was shown."""

from types import SimpleNamespace

import pytest

from engines.draining import Shards
from engines.refusals import EngineError
from engines.switching import Site, carry_out, plan
from planning.course import course
from tests.engine.small import SERVERS, small

PROGRAM = (
    """import base64
import json

import pulumi
import pulumi_aws as aws

cache = aws.elasticache.ReplicationGroup(
    "cache", description="sessions", engine="valkey", engine_version="8.1", node_type="cache.t4g.micro",
    parameter_group_name="default.valkey8.cluster.on", num_node_groups=2, replicas_per_node_group={replicas},
    automatic_failover_enabled=True, multi_az_enabled={multi_az}, apply_immediately=True, snapshot_retention_limit=1,
)
named = aws.sqs.Queue("letters").url if {queue} else pulumi.Output.from_input("nothing")
trust = {{"Effect": "Allow", "Principal": {{"Service": "ec2.amazonaws.com"}}, "Action": "sts:AssumeRole"}}
role = aws.iam.Role("role", assume_role_policy=json.dumps({{"Version": "2012-10-17", "Statement": [trust]}}))
allow = {{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": ["arn:aws:sqs:*:*:kept", {letters}]}}
document = json.dumps({{"Version": "2012-10-17", "Statement": [allow]}})
after = pulumi.ResourceOptions(depends_on=[cache])
permission = aws.iam.RolePolicy("permission", role=role.name, policy=document, opts=after)
told = pulumi.Output.all(named, permission.id).apply(lambda both: both[0])
"""
    + SERVERS
)
BEFORE = {"letters": '"arn:aws:sqs:*:*:letters"', "replicas": 1, "multi_az": True, "queue": True}
AFTER = {"letters": "", "replicas": 0, "multi_az": False, "queue": False}
LAST_CALL = "decrease_replica_count"
"""The call that only the second update makes."""


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """The switch tried at once, planned, broken off in its second update, and gone on with."""
    with small(tmp_path_factory.mktemp("sequence"), 0) as project:
        project.write(PROGRAM.format(**BEFORE))
        project.engine.up()
        project.write(PROGRAM.format(**AFTER | {"queue": True, "letters": BEFORE["letters"]}))
        with pytest.raises(EngineError) as at_once:
            project.engine.up()
        project.write(PROGRAM.format(**AFTER))
        yield SimpleNamespace(at_once=str(at_once.value), **gone_through(project))


def gone_through(project):
    given = Shards(allowed=["letters"])
    site, gate, shown = Site(project.engine, project.gate.account, given), project.gate, []
    planned, gate.refused = plan(site), LAST_CALL
    with pytest.raises(EngineError):
        carry_out(site, planned, lambda _number, step: shown.append(step))
    stood, gate.refused = held(project), ""
    done = carry_out(site, plan(site))
    courses = [course(works, after_rollout=waits) for works, waits in zip(planned.works, planned.waits, strict=True)]
    return {
        "courses": courses,
        "planned": planned.foreseen,
        "shown": shown,
        "stood": stood,
        "done": done,
        "ended": held(project),
    }


def held(project):
    """Whether Multi-AZ is on, the replicas of each shard, the queues, and which of them servers may use."""
    cache = project.gate.account.client("elasticache")
    [group] = cache.describe_replication_groups()["ReplicationGroups"]
    replicas = [len(shard["NodeGroupMembers"]) - 1 for shard in group["NodeGroups"]]
    return group["MultiAZ"], replicas, project.queues(), usable(project)


def usable(project):
    """The names of the queues that the role's policy lets servers use."""
    iam = project.gate.account.client("iam")
    [role] = [each["RoleName"] for each in iam.list_roles()["Roles"] if each["RoleName"].startswith("role-")]
    [name] = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    return [arn.rpartition(":")[2] for each in document["Statement"] for arn in each["Resource"]]


def does(step):
    """The names of what an update updates, and of what it deletes."""
    return [sorted(urn.rsplit("::", 1)[1] for urn in urns) for urns in (step.updated, step.deleted)]


def test_the_account_refuses_the_switch_at_once(story):
    assert "Multi-AZ and automatic failover must be off for no replicas" in story.at_once


def test_a_preview_shows_what_each_update_does(story):
    first, second = story.planned.steps
    assert (does(first), does(second)) == (
        [["cache", "permission", "server", "servers"], []],
        [["cache", "permission"], ["letters"]],
    )


def test_a_preview_says_what_waits_and_why(story):
    first, second = story.planned.steps
    assert [sentence.partition(". ")[0] for sentence in first.waiting] == [
        "ReplicationGroup cache: replicasPerNodeGroup stays 1",
        "RolePolicy permission: policy allows what it did, too",
        "Queue letters: stays for now",
    ]
    assert second.waiting == []


def test_each_update_is_shown_before_it_is_carried_out_as_the_preview_showed_it(story):
    assert story.shown == story.planned.steps


def test_a_preview_knows_the_order_and_the_longest_chain_of_each_update(story):
    assert [(each.order, each.minutes) for each in story.courses] == [
        (["cache: update 1", "permission: update 1", "server: update 1", "servers: update 1"], 15),
        (["wait until all servers are new", "cache: update 1", "permission: update 1", "letters: delete 1"], 35),
    ]


def test_the_whole_counts_each_resource_once(story):
    assert story.planned.changes == {"create": 0, "update": 4, "replace": 0, "delete": 1, "same": 3}


def test_an_update_that_fails_leaves_those_before_it(story):
    multi_az, replicas, queues, _ = story.stood
    assert (multi_az, replicas, len(queues)) == ("disabled", [1, 1], 1)


def test_old_servers_may_do_what_they_did_until_they_are_new(story):
    assert (story.stood[3], story.ended[3]) == (["kept", "letters"], ["kept"])


def test_the_next_up_does_the_rest(story):
    assert [does(step) for step in story.done.steps] == [[["cache", "permission"], ["letters"]]]


def test_the_sequence_ends_with_what_is_wanted(story):
    assert story.ended[:3] == ("disabled", [0, 0], [])
