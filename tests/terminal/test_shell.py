"""What `env` prints leads a client to the offline account, whatever the shell had set before."""

import subprocess
import sys

import pytest

from offline.account import open_account
from terminal.shell import lines

NOWHERE = "http://127.0.0.1:9"
LIST_QUEUES = "import boto3; print(len(boto3.client('sqs').list_queues()['QueueUrls']))"


@pytest.fixture(scope="module")
def variables():
    account = open_account("us-east-1", seed="shell")
    account.client("sqs").create_queue(QueueName="mail")
    yield {
        "AWS_ENDPOINT_URL": account.serve(),
        "AWS_ACCESS_KEY_ID": "offline",
        "AWS_SECRET_ACCESS_KEY": "offline",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    account.close()


@pytest.mark.parametrize(
    "set_before",
    [
        {},
        {"AWS_PROFILE": "that-does-not-exist"},
        {"AWS_ENDPOINT_URL_SQS": NOWHERE},
        {"http_proxy": NOWHERE},
        {"HTTP_PROXY": NOWHERE, "no_proxy": "intranet"},
    ],
)
def test_a_client_finds_the_account_whatever_was_set_before(variables, set_before):
    environ = {"PATH": "/usr/bin:/bin", **set_before}
    script = "\n".join([*lines(variables, environ), f'exec "{sys.executable}" -c "{LIST_QUEUES}"'])
    done = subprocess.run(["sh", "-c", script], env=environ, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("1\n", "")


def test_hosts_that_went_past_the_proxy_before_still_do():
    said = list(lines({}, {"https_proxy": NOWHERE, "http_proxy": NOWHERE, "NO_PROXY": "intranet"}))
    assert said == ["export NO_PROXY=127.0.0.1,intranet", "export no_proxy=127.0.0.1,intranet"]


def test_a_shell_that_would_go_to_aws_itself_is_stopped_from_it():
    assert list(lines({}, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"})) == [
        "unset AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"
    ]


@pytest.mark.parametrize("known", [{}, {"http_proxy": NOWHERE, "NO_PROXY": "*"}, {"no_proxy": "127.0.0.1"}])
def test_nothing_is_said_of_what_does_not_mislead(known):
    assert list(lines({"AWS_REGION": "us-east-1"}, {"HOME": "/", **known})) == ["export AWS_REGION=us-east-1"]
