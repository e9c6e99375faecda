"""The account: in process, isolated from the user's AWS settings, and the same for the same seed."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from offline.account import Account, AccountError, open_account

ROOT = Path(__file__).parents[2]
HOSTILE = {
    "AWS_PROFILE": "missing",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_REGION": "eu-west-3",
    "AWS_DEFAULT_REGION": "eu-west-3",
    "AWS_CONFIG_FILE": str(ROOT / "README.md"),
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_MAX_ATTEMPTS": "9",
}


def run(code: str, **environment: str) -> str:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_a_client_is_made_once_per_service_and_region(account: Account) -> None:
    assert account.client("sqs") is account.client("sqs", "us-east-1")
    assert account.client("sqs") is not account.client("sqs", "eu-west-1")


def test_opening_an_account_empties_the_one_before(account: Account) -> None:
    account.client("sqs").create_queue(QueueName="orders")
    reopened = open_account("us-east-1", "test")
    assert "QueueUrls" not in reopened.client("sqs").list_queues()


def test_a_closed_account_hands_out_no_client(account: Account) -> None:
    account.close()
    with pytest.raises(AccountError, match="the offline account is closed; asked for a client of 'sqs'"):
        account.client("sqs")


def test_a_variable_or_a_file_of_the_user_changes_nothing() -> None:
    code = (
        "from offline.account import open_account; a = open_account('us-east-1', 's');"
        "print(a.client('sqs').create_queue(QueueName='q')['QueueUrl'], a.client('ec2').meta.region_name)"
    )
    assert run(code, **HOSTILE) == "https://sqs.us-east-1.amazonaws.com/123456789012/q us-east-1\n"


def test_opening_an_account_sets_no_variable() -> None:
    code = (
        "import os; before = dict(os.environ); from offline.account import open_account;"
        "open_account('us-east-1', 's'); print(dict(os.environ) == before)"
    )
    assert run(code, AWS_PROFILE="missing") == "True\n"


def test_importing_the_account_neither_opens_nor_changes_anything() -> None:
    code = "import offline.account, sys; print('offline.patches' in sys.modules, 'moto.ec2' in sys.modules)"
    assert run(code, **HOSTILE) == "False False\n"


@pytest.mark.usefixtures("account")
def test_other_clients_of_the_process_are_left_alone() -> None:
    other = boto3.client("sqs", "us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    with pytest.raises(BotoCoreError, match=r"sqs.us-east-1.amazonaws.com|SocketConnectBlockedError"):
        other.list_queues()


def test_the_server_and_the_clients_show_one_account(account: Account) -> None:
    account.client("sqs").create_queue(QueueName="orders")
    remote = boto3.client(
        "sqs", "us-east-1", endpoint_url=account.serve(), aws_access_key_id="x", aws_secret_access_key="x"
    )
    assert remote.list_queues()["QueueUrls"][0].endswith("/orders")


def test_a_port_in_use_is_replaced_by_another(account: Account) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        host, served = account.serve(port).removeprefix("http://").split(":")
    assert host == "127.0.0.1"
    assert int(served) != port


def test_closing_the_account_frees_its_port(account: Account) -> None:
    port = int(account.serve().rpartition(":")[2])
    account.close()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_an_unknown_image_is_refused_as_aws_does(account: Account) -> None:
    ec2 = account.client("ec2")
    with pytest.raises(ec2.exceptions.ClientError, match=r"InvalidAMIID.NotFound"):
        ec2.run_instances(ImageId="ami-0123456789abcdef0", MinCount=1, MaxCount=1)


def test_the_managed_policies_of_aws_exist(account: Account) -> None:
    policy = account.client("iam").get_policy(PolicyArn="arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore")
    assert policy["Policy"]["PolicyName"] == "AmazonSSMManagedInstanceCore"


def test_an_operation_that_moto_lacks_is_refused_at_once_in_process_and_over_http(account: Account) -> None:
    remote = boto3.client(
        "rds", "us-east-1", endpoint_url=account.serve(), aws_access_key_id="x", aws_secret_access_key="x"
    )
    for rds in (account.client("rds"), remote):
        with pytest.raises(ClientError, match=r"\(NotImplemented\).*describe_certificates") as refused:
            rds.describe_certificates()
        assert refused.value.response["ResponseMetadata"]["RetryAttempts"] == 0
