"""What is refused under Pulumi's engine is refused before anything is made, and costs nobody the account that runs."""

import pytest

from tests.end_to_end.checkouts import make_checkout

FORBIDDEN = """
import pulumi_aws as aws

aws.sqs.Queue("parcels", name="parcels and letters")
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    return make_checkout(tmp_path_factory.mktemp("refusals"))


def test_a_bad_setting_is_refused_before_an_account_is_opened(checkout):
    refused = checkout.run("up", "--engine", "pulumi", "--set", "table_shards=0", expect=1).stderr
    assert refused.startswith("Error: table_shards is '0'; allowed: 1 to 256. Fix: ")
    assert checkout.json("status") == {"running": False}


def test_a_broken_rule_is_refused_before_an_account_is_opened(checkout):
    (checkout.folder / "__main__.py").write_text(f'"""A queue that SQS refuses."""\n{FORBIDDEN}')
    refused = checkout.run("up", "--engine", "pulumi", expect=1).stderr
    assert "forbids this deployment; nothing was made:\n  [queue-name]" in refused
    assert checkout.json("status") == {"running": False}


def test_a_machine_without_the_cli_is_told_how_to_get_it(checkout, tmp_path, monkeypatch):
    for name in ("HOME", "XDG_CACHE_HOME", "PATH"):
        monkeypatch.setenv(name, str(tmp_path))
    refused = checkout.run("up", "--engine", "pulumi", expect=1).stderr
    assert refused.endswith("Fix: ./bigpicture engine install\n")
