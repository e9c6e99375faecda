"""Which step of a run loses data, and which names let it through."""

import pytest
from msgspec import structs
from pulumi.automation.events import StepEventMetadata

from engines.data_loss import Loss, demand, loss_of
from engines.refusals import DataLossError

URN = "urn:pulumi:offline::bigpicture::Database$aws:rds/instance:Instance::reports"
QUEUE = "aws:sqs/queue:Queue"


def step(type_="aws:rds/instance:Instance", **more):
    """A replacement of an instance as the engine tells it."""
    state = {"inputs": more.pop("inputs", {}), "retainOnDelete": more.pop("retained", False)}
    return StepEventMetadata.from_json({"op": "replace", "urn": URN, "type": type_, "old": state, **more})


def loss(name, type_=QUEUE, *, copy=False):
    urn = f"urn:pulumi:offline::bigpicture::{type_}::{name}"
    return Loss(name=name, urn=urn, type=type_, change="delete", properties=[], copy=copy)


def found(kind="replace", **more):
    lost = loss_of(step(**more), kind)
    assert lost
    return lost


HOLDING = {
    "aws:dynamodb/table:Table",
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "aws:kms/key:Key",
    "aws:rds/instance:Instance",
    "aws:route53/zone:Zone",
    "aws:s3/bucket:Bucket",
    "aws:secretsmanager/secret:Secret",
    "aws:sqs/queue:Queue",
}


@pytest.mark.parametrize("type_", sorted(HOLDING))
def test_deleting_what_holds_data_loses_it(type_):
    assert found("delete", type_=type_).type == type_


@pytest.mark.parametrize("kind", ["create", "update", "same"])
def test_what_stays_loses_nothing(kind):
    assert loss_of(step(), kind) is None


def test_what_holds_no_data_loses_none():
    assert loss_of(step(type_="aws:sns/topic:Topic"), "delete") is None


def test_what_aws_keeps_is_not_lost():
    assert loss_of(step(retained=True), "delete") is None


def test_a_kept_predecessor_leaves_an_empty_successor():
    assert found(retained=True).change == "replace"


def test_only_the_properties_that_force_it_are_named():
    changed = {"engine": {"diffKind": "update-replace"}, "tags.owner": {"diffKind": "update"}}
    assert found(detailedDiff=changed, keys=["engine"]).properties == ["engine"]


def test_a_provider_without_details_is_quoted_by_its_keys():
    assert found(keys=["storageEncrypted"]).properties == ["storageEncrypted"]


def test_a_read_replica_is_told_and_not_refused():
    replica = found("delete", inputs={"replicateSourceDb": "primary"})
    demand([replica], [])
    assert replica.sentence().startswith("Instance reports (rows: a copy, which its source keeps) would be deleted")


def test_what_was_read_to_be_empty_is_told_and_not_refused():
    table = structs.replace(found("delete", type_="aws:dynamodb/table:Table"), empty=True)
    demand([table], [])
    assert table.sentence() == (
        "Table reports (items: none, it is empty) would be deleted: the program has no resource of this name, type and"
        " parent any more."
    )


def test_a_primary_is_refused_with_the_property_and_the_way_round():
    primary = found(keys=["engine"])
    with pytest.raises(DataLossError, match=r"forced by engine\. Fix: keep that as it is, or make a second one beside"):
        demand([primary], [])


def test_the_whole_urn_is_a_name():
    primary = found(keys=["engine"])
    assert demand([primary], [URN]) is None


def test_the_end_of_a_name_is_no_name():
    with pytest.raises(DataLossError, match="'orts', the name of no loss; allowed: reports"):
        demand([found()], ["orts"])


def test_a_name_that_two_losses_share_is_refused_with_one_for_each():
    twins = [loss("orders"), loss("orders", "aws:dynamodb/table:Table")]
    with pytest.raises(DataLossError, match="the name of 2 losses; allowed: aws:sqs/queue:Queue::orders, aws:dynamodb"):
        demand(twins, ["orders"])


def test_each_of_two_twins_has_a_name_of_its_own():
    twins = [loss("orders"), loss("orders", "aws:dynamodb/table:Table")]
    with pytest.raises(DataLossError, match=r"add: --allow-data-loss aws:dynamodb/table:Table::orders$"):
        demand(twins, ["aws:sqs/queue:Queue::orders"])
