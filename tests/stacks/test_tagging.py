"""The stack's tags: they are on everything that AWS lets carry tags, and a component's own tag wins."""

import pulumi_aws as aws
import pytest

from stacks.settings import parse
from stacks.tagging import tag_everything, tags
from tests.deploying import deploy

DENY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]}'
EXPECTED = {"project": "bigpicture", "stack": "test", "environment": "sandbox", "owner": "shop"}


def _program():
    tag_everything(tags(parse({"owner": "shop"}, stack="test", region="us-east-1")))
    aws.sqs.Queue("queue")
    aws.sns.Topic("topic", tags={"owner": "somebody else"})
    aws.kms.Key("key")
    shape = {"attributes": [{"name": "id", "type": "S"}], "hash_key": "id", "billing_mode": "PAY_PER_REQUEST"}
    aws.dynamodb.Table("table", **shape)
    aws.budgets.Budget("budget", budget_type="COST", time_unit="MONTHLY", limit_amount="1", limit_unit="USD")
    aws.sqs.QueuePolicy("policy", queue_url=aws.sqs.Queue("other").url, policy=DENY)


@pytest.fixture(scope="module")
def deployed():
    return deploy(_program)


def by_key(pairs, key="Key", value="Value"):
    return {pair[key]: pair[value] for pair in pairs}


def test_a_queue_carries_the_stacks_tags(deployed):
    url = deployed.one("aws:sqs/queue:Queue", "queue").id
    assert deployed.client("sqs").list_queue_tags(QueueUrl=url)["Tags"] == EXPECTED


def test_a_key_carries_the_stacks_tags(deployed):
    id_ = deployed.one("aws:kms/key:Key").id
    found = deployed.client("kms").list_resource_tags(KeyId=id_)["Tags"]
    assert by_key(found, "TagKey", "TagValue") == EXPECTED


def test_a_table_carries_the_stacks_tags(deployed):
    arn = deployed.one("aws:dynamodb/table:Table").outputs["arn"]
    assert by_key(deployed.client("dynamodb").list_tags_of_resource(ResourceArn=arn)["Tags"]) == EXPECTED


def test_a_budget_carries_the_stacks_tags(deployed):
    arn = deployed.one("aws:budgets/budget:Budget").outputs["arn"]
    assert by_key(deployed.client("budgets").list_tags_for_resource(ResourceARN=arn)["ResourceTags"]) == EXPECTED


def test_a_resources_own_tag_wins(deployed):
    arn = deployed.one("aws:sns/topic:Topic").id
    found = by_key(deployed.client("sns").list_tags_for_resource(ResourceArn=arn)["Tags"])
    assert found == {**EXPECTED, "owner": "somebody else"}


def test_what_cannot_carry_tags_is_left_alone(deployed):
    assert "tags" not in deployed.one("aws:sqs/queuePolicy:QueuePolicy").inputs
