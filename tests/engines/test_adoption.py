"""What stands in an account is found by the id that `pulumi import` takes, from inputs or by the project's tags."""

import pytest

from engines.adoption import TAGGED, Place, command, import_ids
from engines.cloud import Cloud
from engines.graph import Resource
from engines.leftovers import leftovers
from tests.offline.provider.calls import serving
from tests.stores import standing

PLACE = Place("123456789012", "us-east-1")
UNFOUND = {
    "aws:acm/certificateValidation:CertificateValidation",
    "aws:cloudfront/originAccessControl:OriginAccessControl",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    "aws:lb/listener:Listener",
    "aws:lb/listenerRule:ListenerRule",
    "aws:secretsmanager/secretVersion:SecretVersion",
    "aws:sns/topicSubscription:TopicSubscription",
    "random:index/randomId:RandomId",
    "random:index/randomPassword:RandomPassword",
}
"""Types whose id AWS draws and that carry no tag, or that only a state knows."""


class StandingCloud(Cloud):
    """The account of a store that stands in this process."""

    def __init__(self, store):
        super().__init__(PLACE.region)
        self._store = store

    def client(self, service, region=None):
        return self._store.client(service, region)


@pytest.fixture(scope="module")
def store():
    with standing("offline") as store:
        yield store


@pytest.fixture(scope="module")
def tagged(store):
    """What the account lists of the project's tags."""
    return leftovers(StandingCloud(store), ["us-east-1"])


def found(store, tagged):
    """URN -> the ids that are offered for it, of everything that a killed engine could have been making."""
    custom = [each for each in store.graph.resources if each.custom and each.type not in UNFOUND]
    return {each.urn: import_ids(each, PLACE, tagged) for each in custom}


def test_everything_else_in_a_store_is_offered_an_id(store, tagged):
    assert [urn for urn, ids in found(store, tagged).items() if not ids] == []


def test_an_id_that_the_inputs_say_is_that_of_the_very_resource(store, tagged):
    with serving(store.account) as provider:
        ids = {urn: provider.read(urn, one)[0] for urn, [one, *more] in found(store, tagged).items() if not more}
    assert ids == {urn: store.monitor.live[urn].id for urn in ids}


def test_the_id_that_aws_drew_is_among_those_offered(store, tagged):
    offered = found(store, tagged)
    assert [each.urn for token in TAGGED for each in store.of_type(token) if each.id not in offered[each.urn]] == []


def test_the_command_names_the_parent_so_that_the_urn_is_the_programs():
    box = "urn:pulumi:sandbox::bigpicture::bigpicture:data:Table::orders"
    table = Resource(urn=f"{box}-0", type="aws:dynamodb/table:Table", name="orders-0", parent=box, custom=True)
    assert command(table, "sandbox", "orders-0-1a2b3c4") == (
        "pulumi import --stack sandbox --protect=false --generate-code=false --parent"
        f" parent={box} aws:dynamodb/table:Table orders-0 orders-0-1a2b3c4"
    )
