"""What no server of the store may do, whatever it runs: others' data, its own permissions, the store's making."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.deploying import Deployed
from tests.permissions.uses import KEY, Call

STRANGER = "another-stack"
TRUST = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
EVERYTHING = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})


def another_stack(store: Deployed) -> dict[str, str]:
    """Make what a second stack in the same account has, as the account's owner; give the names."""
    make = store.client
    make("s3").create_bucket(Bucket=STRANGER)
    make("s3").put_object(Bucket=STRANGER, Key="k", Body=b"theirs")
    make("dynamodb").create_table(
        TableName="customers-shard-00-0000000",
        KeySchema=[{"AttributeName": "customer_id", "KeyType": "HASH"}, {"AttributeName": "entry", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in KEY],
        BillingMode="PAY_PER_REQUEST",
    )
    make("logs").create_log_group(logGroupName=STRANGER)
    make("ssm").put_parameter(Name=f"/{STRANGER}/p", Value="theirs", Type="String")
    trust = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
    return {
        "table": "customers-shard-00-0000000",
        "queue": make("sqs").create_queue(QueueName=STRANGER)["QueueUrl"],
        "topic": make("sns").create_topic(Name=STRANGER)["TopicArn"],
        "secret": make("secretsmanager").create_secret(Name=STRANGER, SecretString="{}")["ARN"],
        "role": make("iam").create_role(RoleName=STRANGER, AssumeRolePolicyDocument=trust)["Role"]["Arn"],
    }


def of_others(theirs: Mapping[str, str]) -> dict[str, Call]:
    """Uses of another stack's things: what the roles may do with their own, they may not do with these."""
    log = {"logGroupName": STRANGER, "logStreamName": "s"}
    return {
        "their queue, sent to": _call("sqs", "send_message", QueueUrl=theirs["queue"], MessageBody="{}"),
        "their queue, read": _call("sqs", "receive_message", QueueUrl=theirs["queue"]),
        "their topic": _call("sns", "publish", TopicArn=theirs["topic"], Message="{}"),
        "their secret": _call("secretsmanager", "get_secret_value", SecretId=theirs["secret"]),
        "their secret by name": _call("secretsmanager", "get_secret_value", SecretId=STRANGER),
        "their table, read": _call("dynamodb", "get_item", TableName=theirs["table"], Key=KEY),
        "their table, written": _call("dynamodb", "put_item", TableName=theirs["table"], Item=KEY),
        "their object, read": _call("s3", "get_object", Bucket=STRANGER, Key="k"),
        "their object, written": _call("s3", "put_object", Bucket=STRANGER, Key="k", Body=b""),
        "their parameter": _call("ssm", "get_parameter", Name=f"/{STRANGER}/p"),
        "their log": _call("logs", "create_log_stream", **log),
        "their role": _call("sts", "assume_role", RoleArn=theirs["role"], RoleSessionName="me"),
    }


def of_iam(role: str) -> dict[str, Call]:
    """Ways in which a server with *role* could look at permissions or give itself more."""
    admin = "arn:aws:iam::aws:policy/AdministratorAccess"
    return {
        "roles listed": _call("iam", "list_roles"),
        "own role seen": _call("iam", "get_role", RoleName=role),
        "own policy widened": _call(
            "iam", "put_role_policy", RoleName=role, PolicyName="more", PolicyDocument=EVERYTHING
        ),
        "administrator attached": _call("iam", "attach_role_policy", RoleName=role, PolicyArn=admin),
        "trust widened": _call("iam", "update_assume_role_policy", RoleName=role, PolicyDocument=EVERYTHING),
        "user made": _call("iam", "create_user", UserName="back-door"),
        "key made": _call("iam", "create_access_key", UserName="back-door"),
    }


def of_the_store(store: Deployed, artifact: str) -> dict[str, Call]:
    """Changes of the store itself: its code, its data as a whole, its queues, topics and servers."""
    out = store.outputs
    queue, table = out["queue_urls"]["mail"], next(iter(out["shard_map"]["tables"].values()))
    artifacts, pictures, pages = (out[f"{name}_bucket"] for name in ("artifacts", "pictures", "pages"))
    group = next(iter(out["app_fleets"].values()))
    endpoint = {"TopicArn": out["topic_arn"], "Protocol": "email", "Endpoint": "me@bigpicture.dev"}
    return {
        "artifact replaced": _call("s3", "put_object", Bucket=artifacts, Key=artifact, Body=b"mine"),
        "artifact deleted": _call("s3", "delete_object", Bucket=artifacts, Key=artifact),
        "artifacts listed": _call("s3", "list_objects_v2", Bucket=artifacts),
        "page replaced": _call("s3", "put_object", Bucket=pages, Key="index.html", Body=b"mine"),
        "picture deleted": _call("s3", "delete_object", Bucket=pictures, Key="items/1.jpg"),
        "pictures opened to all": _call("s3", "delete_public_access_block", Bucket=pictures),
        "bucket's policy replaced": _call("s3", "put_bucket_policy", Bucket=pictures, Policy=EVERYTHING),
        "queue emptied": _call("sqs", "purge_queue", QueueUrl=queue),
        "queue deleted": _call("sqs", "delete_queue", QueueUrl=queue),
        "queue opened": _call("sqs", "set_queue_attributes", QueueUrl=queue, Attributes={"Policy": ""}),
        "topic listened to": _call("sns", "subscribe", **endpoint),
        "topic deleted": _call("sns", "delete_topic", TopicArn=out["topic_arn"]),
        "table scanned": _call("dynamodb", "scan", TableName=table),
        "table deleted": _call("dynamodb", "delete_table", TableName=table),
        "secret replaced": _call(
            "secretsmanager", "put_secret_value", SecretId=out["database_secret_arn"], SecretString="{}"
        ),
        "secrets listed": _call("secretsmanager", "list_secrets"),
        "servers counted": _call("ec2", "describe_instances"),
        "fleet grown": _call("autoscaling", "set_desired_capacity", AutoScalingGroupName=group, DesiredCapacity=9),
        "databases listed": _call("rds", "describe_db_instances"),
        "caches listed": _call("elasticache", "describe_replication_groups"),
        "keys listed": _call("kms", "list_keys"),
        "zones listed": _call("route53", "list_hosted_zones"),
        "distributions listed": _call("cloudfront", "list_distributions"),
        "alarm silenced": _call("cloudwatch", "disable_alarm_actions", AlarmNames=["any"]),
    }


def _call(service: str, method: str, **params: Any) -> Call:
    return lambda of: getattr(of(service), method)(**params)
