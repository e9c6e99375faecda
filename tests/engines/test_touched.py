"""What an update changes in place of what holds data is told with what whoever uses it notices."""

import pytest
from pulumi.automation.events import StepEventMetadata

from engines.touched import merged, touch_of

DATABASE = "aws:rds/instance:Instance"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
PARAMETERS = "aws:rds/parameterGroup:ParameterGroup"
MAX = {"name": "max_connections", "value": "100"}
URN = "urn:pulumi:offline::bigpicture::{}::main"


def touched(type_, old, new, kind="update", **more):
    """What an update of one resource from *old* to *new* inputs touches, as the engine tells it."""
    step = {"op": "update", "urn": URN.format(type_), "type": type_, "old": {"inputs": old}, "new": {"inputs": new}}
    return touch_of(StepEventMetadata.from_json({**step, **more}), kind)


def told(*given):
    """What is told of one that is touched."""
    found = touched(*given)
    assert found
    return found


CLASS = ({"instanceClass": "db.t4g.micro"}, {"instanceClass": "db.t4g.small"})
CHANGES = {
    "single": (DATABASE, *CLASS, "it restarts: minutes in which nobody reaches it, since it has no standby"),
    "standby": (DATABASE, *({**each, "multiAz": True} for each in CLASS), "it fails over to its standby: a minute or"),
    "storage": (DATABASE, {"allocatedStorage": 20}, {"allocatedStorage": 30}, "it serves meanwhile, more slowly"),
    "backups": (DATABASE, {}, {"backupRetentionPeriod": 1}, "it restarts, since backups begin or end"),
    "reshard": (CACHE, {"numNodeGroups": 1.0}, {"numNodeGroups": 3.0}, "keys move between shards, 1 to 3: it serves"),
    "waits": (PARAMETERS, {}, {"parameters": [{**MAX, "applyMethod": "pending-reboot"}]}, "max_connections wait for a"),
    "at once": (PARAMETERS, {}, {"parameters": [MAX]}, "what runs takes it at once"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_in_place_is_told_with_what_it_means(change):
    *given, effect = change
    assert f" in place: {effect}" in told(*given).sentence()


def test_a_property_of_which_nothing_is_known_is_told_by_its_name():
    found = told("aws:sqs/queue:Queue", {"delaySeconds": 0}, {"delaySeconds": 5})
    assert found.sentence() == "Queue main (messages) changes delaySeconds in place"


def test_the_providers_own_list_of_what_differs_is_taken_by_its_first_names():
    differs = {"ttl.enabled": {"diffKind": "update"}, "attributes[1]": {"diffKind": "add"}}
    found = touched("aws:dynamodb/table:Table", {"ttl": 1, "x": 1}, {"ttl": 2, "x": 2}, detailedDiff=differs)
    assert found
    assert found.properties == ["attributes", "ttl"]


@pytest.mark.parametrize(
    ("type_", "kind", "name"),
    [(DATABASE, "replace", "instanceClass"), (DATABASE, "update", "tags"), ("aws:ec2/vpc:Vpc", "update", "x")],
)
def test_what_touches_no_data_in_place_is_not_told(type_, kind, name):
    assert touched(type_, {name: "a"}, {name: "b"}, kind) is None


def test_what_two_updates_change_of_one_resource_is_told_once():
    [found] = merged([told(DATABASE, *CLASS), told(DATABASE, {"allocatedStorage": 20}, {"allocatedStorage": 30})])
    assert (found.properties, len(found.effects)) == (["allocatedStorage", "instanceClass"], 2)
