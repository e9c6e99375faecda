"""The same seed and the same calls give the same account: in the next process, and when the account is opened anew."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from offline.account import Account, open_account

SCRIPT = Path(__file__).with_name("same_calls.py")


@cache
def answers(seed: str, hash_seed: str) -> list[str]:
    """What two accounts of one process answered; *hash_seed* changes the order of Python's sets."""
    variables = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SCRIPT.parents[2]), "PYTHONHASHSEED": hash_seed}
    done = subprocess.run([sys.executable, SCRIPT, seed], env=variables, capture_output=True, text=True, check=True)
    return done.stdout.split("=" * 80)


def test_two_runs_of_the_same_calls_answer_the_same() -> None:
    first, again, _ = answers("store", "1")
    other_process, _, _ = answers("store", "2")
    assert first.strip().splitlines() == again.strip().splitlines()
    assert first.splitlines() == other_process.splitlines()


def test_another_seed_gives_other_ids() -> None:
    assert answers("store", "1")[0] != answers("other", "1")[0]


def token(account: Account) -> str:
    asked = {"RoleArn": "arn:aws:iam::123456789012:role/web", "RoleSessionName": "web"}
    return account.client("sts").assume_role(**asked)["Credentials"]["SessionToken"]


def test_session_tokens_follow_the_seed(account: Account) -> None:
    before = token(account)
    assert token(open_account("us-east-1", "test")) == before


def test_moto_still_takes_session_tokens_from_the_system(shipped: Account) -> None:
    before = token(shipped)
    assert token(open_account("us-east-1", "test")) != before
