"""A server whose clock is wrong: what it asks of AWS is answered, and what it signs is valid as long as it says."""

import base64
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from offline.account import open_account
from offline.region.server import SKEW
from tests.app.processes import ROOT

CLOCKS = (
    "import time, datetime as d; print(time.time(), d.datetime.now(d.UTC).timestamp(), d.datetime.now().timestamp())"
)
ASKS = """
import asyncio, json, sys
from app.data.aws import Aws
from app.data.objects import Objects

async def asked():
    aws = Aws("us-east-1")
    await aws.call(*sys.argv[1:])
    return (await Objects(aws, "shelf").form("k", "image/png", 9, 900)).fields

print(json.dumps(asyncio.run(asked())))
"""
ANYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
TRUST = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}


@pytest.fixture(scope="module")
def role():
    """What a server finds in its environment that may do anything."""
    account = open_account("us-east-1", "clock")
    iam, version = account.client("iam"), {"Version": "2012-10-17"}
    trust, rights = (json.dumps(version | {"Statement": [each]}) for each in (TRUST, ANYTHING))
    arn = iam.create_role(RoleName="server", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.put_role_policy(RoleName="server", PolicyName="p", PolicyDocument=rights)
    given = account.client("sts").assume_role(RoleArn=arn, RoleSessionName="i-1")["Credentials"]
    yield {
        "AWS_ENDPOINT_URL": account.serve(),
        "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
        "AWS_SESSION_TOKEN": given["SessionToken"],
    }
    account.close()


def off(hours, program, *arguments, **environment):
    """What a program prints whose clock is so far ahead."""
    wrong = {"PYTHONCLOCKAHEAD": str(hours * 3600), "PYTHONPATH": str(SKEW), **environment}
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, cwd=ROOT, env=os.environ | wrong, check=True, capture_output=True).stdout.decode()


@pytest.mark.parametrize("hours", [-1, 1])
def test_every_clock_that_a_program_asks_is_wrong(hours):
    now = datetime.now(UTC).timestamp()
    assert {round((float(told) - now) / 3600) for told in off(hours, CLOCKS).split()} == {hours}


@pytest.mark.parametrize(
    ("hours", "service", "operation"),
    [(-1, "s3", "list_buckets"), (1, "dynamodb", "list_tables"), (-1, "sns", "list_topics")],
)
def test_a_form_is_valid_for_its_time_by_awss_clock(role, hours, service, operation):
    fields = json.loads(off(hours, ASKS, service, operation, **role).splitlines()[-1])
    policy = json.loads(base64.b64decode(fields["policy"]))
    signed = datetime.strptime(fields["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    minutes = timedelta(minutes=1)
    assert datetime.fromisoformat(policy["expiration"]) - signed == 15 * minutes
    assert round((signed - datetime.now(UTC)) / (10 * minutes)) == 0
