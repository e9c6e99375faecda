"""A server's request is refused when its date is too far from the account's clock, in the words of each service."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from offline.account import Account

ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
TRUST = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
ASKED = {"dynamodb": "list_tables", "sns": "list_topics", "s3": "list_buckets"}


def code(account: Account, service: str, **ahead: int) -> str:
    """What a server is answered whose requests have a date that is so far ahead; nothing where it gets its answer."""
    iam = account.client("iam")
    trust, rights = json.dumps(ALL | {"Statement": [TRUST]}), json.dumps(ALL)
    role = iam.create_role(RoleName="server", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.put_role_policy(RoleName="server", PolicyName="p", PolicyDocument=rights)
    date = (datetime.now(UTC) + timedelta(**ahead)).strftime("%Y%m%dT%H%M%SZ")
    client = account.client(service, role=role)
    client.meta.events.register_first("before-send", lambda request, **_: request.headers.update({"X-Amz-Date": date}))
    try:
        getattr(client, ASKED[service])()
    except ClientError as refused:
        return refused.response["Error"]["Code"]
    return ""


@pytest.mark.parametrize(
    ("service", "ahead", "answer"),
    [
        ("dynamodb", {"minutes": -6}, "InvalidSignatureException"),
        ("dynamodb", {"minutes": 6}, "InvalidSignatureException"),
        ("dynamodb", {"minutes": -4}, ""),
        ("sns", {"hours": -1}, "SignatureDoesNotMatch"),
        ("s3", {"minutes": 16}, "RequestTimeTooSkewed"),
        ("s3", {"minutes": -14}, ""),
    ],
)
def test_a_request_of_another_time_is_refused(account: Account, service, ahead, answer):
    assert code(account, service, **ahead) == answer


def test_shipped_moto_takes_a_request_of_any_time(shipped: Account):
    assert code(shipped, "dynamodb", hours=-1) == ""
