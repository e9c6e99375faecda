"""Whoever calls with a role's credentials is held to its policies, request by request; the account's root to none."""

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.core.authorization import enable_iam_authentication

from offline.account import Account
from tests.offline.policy_documents import TRUST, document

TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
ITEM = {"id": {"S": "1"}}


def allow(action, resource, **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def role(account: Account, *statements) -> str:
    iam = account.client("iam")
    arn = iam.create_role(RoleName="server", AssumeRolePolicyDocument=document(TRUST))["Role"]["Arn"]
    iam.put_role_policy(RoleName="server", PolicyName="p", PolicyDocument=document(*statements))
    return arn


def tables(account: Account, *statements):
    """A client of DynamoDB that may do what *statements* say, and two tables."""
    for name in ("orders", "parcels"):
        account.client("dynamodb").create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    return account.client("dynamodb", role=role(account, *statements))


def refusal(call, **params):
    with pytest.raises(ClientError) as refused:
        call(**params)
    return refused.value.response["Error"]["Code"]


def test_a_role_may_use_the_table_that_its_policy_names_and_no_other(account: Account):
    client = tables(account, allow("dynamodb:PutItem", TABLE))
    client.put_item(TableName="orders", Item=ITEM)
    assert refusal(client.put_item, TableName="parcels", Item=ITEM) == "AccessDeniedException"


def test_a_role_is_held_to_its_policies_over_http_as_well(account: Account):
    tables(account, allow("dynamodb:PutItem", TABLE))
    arn = "arn:aws:iam::123456789012:role/server"
    given = account.client("sts").assume_role(RoleArn=arn, RoleSessionName="i-1")["Credentials"]
    client = boto3.client(
        "dynamodb",
        endpoint_url=account.serve(),
        region_name="us-east-1",
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )
    client.put_item(TableName="orders", Item=ITEM)
    assert refusal(client.put_item, TableName="parcels", Item=ITEM) == "AccessDeniedException"


def test_a_request_about_two_tables_needs_both(account: Account):
    client = tables(account, allow("dynamodb:BatchGetItem", TABLE))
    both = {name: {"Keys": [ITEM]} for name in ("orders", "parcels")}
    assert refusal(client.batch_get_item, RequestItems=both) == "AccessDeniedException"


@pytest.mark.parametrize(
    ("granted", "code"), [(["PutItem", "DeleteItem"], None), (["PutItem"], "AccessDeniedException")]
)
def test_a_transaction_needs_the_actions_of_its_parts(account: Account, granted, code):
    client = tables(account, allow([f"dynamodb:{action}" for action in granted], TABLE))
    put = {"Put": {"TableName": "orders", "Item": ITEM}}
    delete = {"Delete": {"TableName": "orders", "Key": {"id": {"S": "2"}}}}
    try:
        client.transact_write_items(TransactItems=[put, delete])
        told = None
    except ClientError as error:
        told = error.response["Error"]["Code"]
    assert told == code


def test_an_index_is_not_its_table(account: Account):
    client = tables(account, allow("dynamodb:Query", TABLE))
    values = {":i": {"S": "1"}}
    asked = {"KeyConditionExpression": "id = :i", "ExpressionAttributeValues": values, "IndexName": "by-day"}
    assert refusal(client.query, TableName="orders", **asked) == "AccessDeniedException"


def test_a_batch_of_messages_needs_what_one_message_needs(account: Account):
    url = account.client("sqs").create_queue(QueueName="work")["QueueUrl"]
    client = account.client("sqs", role=role(account, allow("sqs:SendMessage", "*")))
    sent = client.send_message_batch(QueueUrl=url, Entries=[{"Id": "1", "MessageBody": "x"}])
    assert len(sent["Successful"]) == 1


def test_what_moto_does_not_answer_itself_is_refused_as_well(account: Account):
    client = account.client("elasticache", role=role(account, allow("sqs:SendMessage", "*")))
    assert refusal(client.describe_replication_groups) == "AccessDenied"


def test_a_denial_wins(account: Account):
    denied = {"Effect": "Deny", "Action": "dynamodb:*", "Resource": "*"}
    client = tables(account, allow("dynamodb:PutItem", TABLE), denied)
    assert refusal(client.put_item, TableName="orders", Item=ITEM) == "AccessDeniedException"


def test_everybody_may_ask_who_he_is(account: Account):
    client = account.client("sts", role=role(account, allow("sqs:SendMessage", "*")))
    assert client.get_caller_identity()["Arn"].endswith(":assumed-role/server/server")


def test_an_object_is_told_from_its_bucket(account: Account):
    account.client("s3").create_bucket(Bucket="pictures")
    account.client("s3").put_object(Bucket="pictures", Key="k", Body=b"x")
    client = account.client("s3", role=role(account, allow("s3:*", "arn:aws:s3:::pictures/*")))
    assert client.get_object(Bucket="pictures", Key="k")["Body"].read() == b"x"
    assert refusal(client.list_objects_v2, Bucket="pictures") == "AccessDenied"


def test_a_condition_counts_as_met(account: Account):
    elsewhere = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
    client = tables(account, allow("dynamodb:PutItem", TABLE, Condition=elsewhere))
    assert client.put_item(TableName="orders", Item=ITEM)["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_shipped_moto_holds_no_role_to_its_policies_unless_it_holds_everybody(shipped: Account):
    client = tables(shipped, allow("sqs:SendMessage", "*"))
    assert client.put_item(TableName="orders", Item=ITEM)["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_shipped_moto_does_not_know_which_table_a_request_is_about(shipped: Account):
    client = tables(shipped, allow("dynamodb:PutItem", TABLE))
    with enable_iam_authentication():
        assert refusal(client.put_item, TableName="orders", Item=ITEM) == "403"
