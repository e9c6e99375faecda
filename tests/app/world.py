"""What an app process needs around it: the account's secrets and topic, and where the servers of its stores are."""

import asyncio
import json
import uuid
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

from app.calls.signature import CUSTOMER, SIGNATURE, Call, sign
from app.contract import QUEUES, SERVICES, Contract
from app.data.database import NOWHERE
from app.stores import Stores
from offline.account import Account
from tests.app.processes import ENVIRONMENT, App
from tests.app.queues import Held

T = TypeVar("T")
PASSWORD = "correct horse battery"


@dataclass
class World:
    """One account and the servers behind it, as `python -m app` is told of them."""

    account: Account
    postgres: Any
    valkey: Any
    environment: dict[str, str] = field(init=False)
    _made: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        secrets = self._secrets()
        self.queues = {kind: Held.made(self) for kind in QUEUES}
        for name in ("PICTURES", "DOCUMENTS"):
            self.account.client("s3").create_bucket(
                Bucket=ENVIRONMENT[f"BIGPICTURE_{name}_BUCKET"],
                CreateBucketConfiguration={"LocationConstraint": self.account.region},
            )
        self.environment = (
            ENVIRONMENT
            | secrets
            | {
                "AWS_ENDPOINT_URL": self.account.serve(),
                "BIGPICTURE_TLS": "none",
                "BIGPICTURE_DATABASE_HOST": self.postgres.primary.host,
                "BIGPICTURE_DATABASE_PORT": str(self.postgres.port),
                "BIGPICTURE_DATABASE_NAME": self.postgres.args.database,
                "BIGPICTURE_DATABASE_READER_HOSTS": json.dumps([node.host for node in self.postgres.replicas.values()]),
                "BIGPICTURE_CACHE_HOST": self.valkey.host,
                "BIGPICTURE_CACHE_PORT": str(self.valkey.port),
                "BIGPICTURE_SHARD_MAP": json.dumps({"version": 2, "tables": self.tables("customers", 2)}),
                "BIGPICTURE_QUEUE_URLS": json.dumps({kind: held.url for kind, held in self.queues.items()}),
                "BIGPICTURE_TOPIC_ARN": self.account.client("sns").create_topic(Name="events")["TopicArn"],
            }
        )

        self._runner = asyncio.Runner()
        self.stores = Stores(Contract.from_environment(self.environment), [*SERVICES, "statistics"])
        """The stores as a process has them, for `run`."""
        self.run(self.stores.migrations.apply())

    def _secrets(self) -> dict[str, str]:
        """What only servers may know: the variable of each secret, and its ARN."""
        held = {
            "database": {"username": self.postgres.args.user, "password": self.postgres.args.password},
            "cache": {"auth_token": self.valkey.args.password},
            **{name: {"secret": f"{name}-{uuid.uuid4()}"} for name in ("calls", "gateway")},
        }
        client = self.account.client("secretsmanager")
        return {
            f"BIGPICTURE_{name.upper()}_SECRET_ARN": client.create_secret(Name=name, SecretString=json.dumps(value))[
                "ARN"
            ]
            for name, value in held.items()
        }

    def tables(self, name: str, count: int) -> dict[str, str]:
        """Make what is missing of the first *count* shards of the sharded table *name*; shard -> table."""
        dynamodb, tables = self.account.client("dynamodb"), {f"shard-{at:02}": f"{name}-{at:02}" for at in range(count)}
        for table in set(tables.values()) - self._made:
            self._made.add(table)
            dynamodb.create_table(
                TableName=table,
                AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("customer_id", "entry")],
                KeySchema=[
                    {"AttributeName": "customer_id", "KeyType": "HASH"},
                    {"AttributeName": "entry", "KeyType": "RANGE"},
                ],
                BillingMode="PAY_PER_REQUEST",
            )
        return tables

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Finish *work*; always in the same event loop, as connections belong to one."""
        self._runner.run(asyncio.sleep(0.001))  # a server's loop hears between its requests which connections ended
        return self._runner.run(work)

    def caught_up(self) -> None:
        """Wait until every replica has replayed what the primary has written."""
        place = self.postgres.primary.sql("select pg_current_wal_flush_lsn()")
        for node in self.postgres.replicas.values():
            node.wait_until(lambda node=node: node.sql(f"select pg_last_wal_replay_lsn() >= '{place}'") == "t")

    def stores_with(self, **environment: str) -> Stores:
        """Other stores, as a process with another environment has them; the caller closes them."""
        return Stores(Contract.from_environment(self.environment | environment), list(SERVICES))

    def hearing(self, name: str, type_: str) -> str:
        """The URL of a new queue that hears of messages of *type_*, as the store subscribes its own."""
        sqs, sns = self.account.client("sqs"), self.account.client("sns")
        url = sqs.create_queue(QueueName=name)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        allowed = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed | {"Resource": arn}]})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        sns.subscribe(
            TopicArn=self.environment["BIGPICTURE_TOPIC_ARN"],
            Protocol="sqs",
            Endpoint=arn,
            Attributes={"RawMessageDelivery": "true", "FilterPolicy": json.dumps({"type": [type_]})},
        )
        return url

    def close(self) -> None:
        """Close what `stores` opened."""
        self.run(self.stores.close())
        self._runner.close()

    def call(self, app: App, method: str, path: str, customer_id: str, body: Any = None) -> tuple[int, Any]:
        """One signed call, as another service makes it for a customer; returns the status and the decoded body."""
        text = json.dumps(body) if body is not None else ""
        signature = sign(self.secret("CALLS"), Call(method, path, customer_id, text.encode()))
        return ask(app, method, path, body, {SIGNATURE: signature, CUSTOMER: customer_id})

    def secret(self, name: str) -> str:
        """What is signed with by the store's services (`CALLS`), or by the payment gateway (`GATEWAY`)."""
        arn = self.environment[f"BIGPICTURE_{name}_SECRET_ARN"]
        held = self.account.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]
        return json.loads(held)["secret"]

    def primary_s(self) -> int:
        """Seconds since 1970 by the primary's clock."""
        asked = self.stores.database.read_latest(lambda at: at.fetchval("SELECT extract(epoch FROM now())::int"))
        return self.run(asked)[0]

    def log_in(self, customer_id: str | None = None) -> "Caller":
        """A session without the price of a password: for tests that are about something else."""
        session = self.run(self.stores.sessions.start(customer_id or str(uuid.uuid4()), NOWHERE))
        return Caller(session.customer_id, session.session_id)


@dataclass
class Caller:
    """A customer with a cookie."""

    customer_id: str
    session_id: str

    def ask(self, app: App, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """One request with the session's cookie; returns the status and the decoded body."""
        return ask(app, method, path, body, headers | {"Cookie": f"session={self.session_id}"})


def ask(app: App, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> tuple[int, Any]:
    """One request with a JSON body; returns the status and the decoded body."""
    kind = {"Content-Type": "application/json"} if body is not None else {}
    text = json.dumps(body) if body is not None else None
    response, answer = app.ask(method, path, body=text, headers=kind | (headers or {}))
    return response.status, json.loads(answer) if answer else None


def new_id() -> str:
    """What a client calls something that it makes."""
    return str(uuid.uuid4())
