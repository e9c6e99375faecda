"""DynamoDB under concurrency, transactions that are sent twice, and settings of a table that moto 5.2.5 forgets."""

import json
import threading
from typing import Any

from moto.core.utils import utcnow
from moto.dynamodb.responses import DynamoHandler
from moto.moto_api._internal import mock_random

from offline.patches.overlay import Answer, Call, Refusal, amends, checks, memory_of
from offline.patches.swap import replaces

ONE_AT_A_TIME = threading.RLock()
TOKEN_LIVES_S = 600
"""For ten minutes the same token means the same transaction: API reference, TransactWriteItems."""
LARGEST_BATCH = 25


@replaces(DynamoHandler, "call_action")
def requests_wait_for_each_other(original: Any, handler: DynamoHandler) -> Any:
    """Moto has no lock: measured with 10 threads, counters lost updates and 513 of 500 pieces were sold."""
    with ONE_AT_A_TIME:
        return original(handler)


@replaces(DynamoHandler, "transact_write_items")
def a_token_is_used_once(original: Any, handler: DynamoHandler) -> Any:
    """Moto carries a transaction out again, where AWS knows its token."""
    token, done = handler.body.get("ClientRequestToken"), memory_of(handler.dynamodb_backend, "transactions")
    asked, now = json.dumps(handler.body, sort_keys=True, default=str), utcnow().timestamp()
    for old in [name for name, row in done.items() if row["until"] <= now]:
        del done[old]
    if token in done and done[token]["asked"] != asked:
        raise Refusal("IdempotentParameterMismatchException", "The token was used with other parameters.")
    if token not in done:
        answer = original(handler)
        done[token] = {"until": now + TOKEN_LIVES_S, "asked": asked, "answer": answer}
    return done[token]["answer"]


@checks("dynamodb", "BatchWriteItem")
def a_batch_is_small(call: Call) -> None:
    """Moto takes 26 requests."""
    if sum(map(len, call.params["RequestItems"].values())) > LARGEST_BATCH:
        raise Refusal(
            "ValidationException", f"Too many items requested for the BatchWriteItem call; at most {LARGEST_BATCH}"
        )


@amends("dynamodb", "CreateTable", "UpdateTable")
def remember_table(call: Call, answer: Answer) -> None:
    """Moto forgets the limits on demand and the table class, and gives a table no id."""
    kept = call.memory("tables")
    before = {} if call.operation == "CreateTable" else kept.get(call.params["TableName"], {})
    now = {"TableId": before.get("TableId", str(mock_random.uuid4()))}
    if "OnDemandThroughput" in call.params:
        now["OnDemandThroughput"] = call.params["OnDemandThroughput"]
    if "TableClass" in call.params:
        now["TableClassSummary"] = {"TableClass": call.params["TableClass"]}
    kept[call.params["TableName"]] = {**before, **now}
    answer["TableDescription"] |= kept[call.params["TableName"]]


@amends("dynamodb", "DescribeTable")
def show_table(call: Call, answer: Answer) -> None:
    """Show what moto forgot; a table is asked for by name or by ARN."""
    answer["Table"] |= call.memory("tables").get(call.params["TableName"].rpartition("/")[2], {})
