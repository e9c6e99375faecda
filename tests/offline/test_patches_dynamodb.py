"""DynamoDB as AWS answers it: exact under concurrency, transactions once, settings of a table kept."""

import inspect
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.dynamodb import models, responses

from offline.account import Account

ITEM = {"id": {"S": "one"}}


def table(account: Account, **more: Any) -> Any:
    client = account.client("dynamodb")
    client.create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        **more,
    )
    return client


def add_one(client: Any, token: str, step: str = "1") -> None:
    update = {
        "TableName": "orders",
        "Key": ITEM,
        "UpdateExpression": "ADD pieces :n",
        "ExpressionAttributeValues": {":n": {"N": step}},
    }
    client.transact_write_items(TransactItems=[{"Update": update}], ClientRequestToken=token)


def pieces(client: Any) -> str:
    return client.get_item(TableName="orders", Key=ITEM)["Item"]["pieces"]["N"]


def put(number: int) -> dict[str, Any]:
    return {"PutRequest": {"Item": {"id": {"S": f"{number}"}}}}


def test_a_transaction_that_is_sent_twice_counts_once(account: Account) -> None:
    client = table(account)
    for token in ("a", "a", "b"):
        add_one(client, token)
    assert pieces(client) == "2"


def test_a_token_with_another_transaction_is_refused(account: Account) -> None:
    client = table(account)
    add_one(client, "a")
    with pytest.raises(ClientError, match="IdempotentParameterMismatchException"):
        add_one(client, "a", step="2")


@pytest.fixture
def eager_threads() -> Iterator[None]:
    """Let Python change threads every microsecond (usually 5 ms), so that a missing lock is seen."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("eager_threads")
def test_ten_threads_lose_no_update(account: Account) -> None:
    client = table(account)
    count = {"UpdateExpression": "ADD pieces :n", "ExpressionAttributeValues": {":n": {"N": "1"}}}
    with ThreadPoolExecutor(10) as threads:
        for _ in range(200):
            threads.submit(client.update_item, TableName="orders", Key=ITEM, **count)
    assert pieces(client) == "200"


def test_a_batch_of_26_is_refused(account: Account) -> None:
    with pytest.raises(ClientError, match="at most 25"):
        table(account).batch_write_item(RequestItems={"orders": [put(number) for number in range(26)]})


def test_a_table_keeps_its_limits_class_and_id(account: Account) -> None:
    limits = {"MaxReadRequestUnits": 100, "MaxWriteRequestUnits": 50}
    client = table(account, OnDemandThroughput=limits, TableClass="STANDARD_INFREQUENT_ACCESS")
    before = client.describe_table(TableName="orders")["Table"]
    client.update_table(TableName="orders", OnDemandThroughput={**limits, "MaxReadRequestUnits": 200})
    after = client.describe_table(TableName="orders")["Table"]
    assert after["OnDemandThroughput"]["MaxReadRequestUnits"] == 200
    assert (after["TableClassSummary"]["TableClass"], after["TableId"]) == (
        "STANDARD_INFREQUENT_ACCESS",
        before["TableId"],
    )


def test_moto_still_repeats_a_transaction(shipped: Account) -> None:
    client = table(shipped)
    for _ in range(2):
        add_one(client, "a")
    assert pieces(client) == "2"


def test_moto_still_takes_a_batch_of_26(shipped: Account) -> None:
    table(shipped).batch_write_item(RequestItems={"orders": [put(number) for number in range(26)]})


def test_moto_still_forgets_settings_of_a_table(shipped: Account) -> None:
    limits = {"MaxReadRequestUnits": 100, "MaxWriteRequestUnits": 50}
    shown = table(shipped, OnDemandThroughput=limits).describe_table(TableName="orders")["Table"]
    assert {"OnDemandThroughput", "TableId"} & set(shown) == set()


@pytest.mark.usefixtures("shipped")
def test_moto_still_has_no_lock() -> None:
    assert "Lock" not in inspect.getsource(responses) + inspect.getsource(models)
