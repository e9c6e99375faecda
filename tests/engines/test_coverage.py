"""What the account is said to emulate is really held there, and can be read by any AWS client over HTTP."""

import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from engines.coverage import EMULATED, RECORDED, coverage, differences, markdown, same
from engines.rehearsal import rehearse
from offline.handler import Aws

ROOT = Path(__file__).resolve().parent.parent.parent
DOMAIN = {"domain": "shop.bigpicture.dev", "hosted_zone": "make"}
SENTINEL = "never-asked-for"


@dataclass(frozen=True)
class OverHttp:
    """The account as any AWS client sees it: through its endpoint, with clients that know nothing of moto."""

    endpoint: str
    account_id: str

    @cache  # noqa: B019  one source a module
    def client(self, service, region=None):
        """A fresh client of boto3's own."""
        config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, inject_host_prefix=False)
        keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
        return boto3.client(service, region_name=region, endpoint_url=self.endpoint, config=config, **keys)


@pytest.fixture(scope="module")
def production():
    deployment, account = rehearse("production", DOMAIN)
    yield deployment.monitor, OverHttp(account.serve(), account.account_id)
    account.close()


def test_every_emulated_property_of_production_is_read_back_over_http(production):
    monitor, over_http = production
    wrong = [
        (urn, name, live.inputs.get(name), held)
        for urn, live in monitor.live.items()
        if live.handler.token.startswith("aws:")  # random values live in no AWS service
        for name, held in differences(replace(live, aws=Aws(over_http, live.aws.region)))
    ]
    assert wrong == []


def test_no_handler_echoes_what_it_was_asked_for(production):
    of_each_type = {live.handler.token: live for live in production[0].live.values()}
    echoed = [
        (token, name)
        for token, live in of_each_type.items()
        for name in live.handler.emulates & live.inputs.keys()
        if name in echo(live, name)
    ]
    assert echoed == []


def echo(live, name):
    """The property as `read` gives it when the state lies about it; a look-up by a lie finds nothing."""
    try:
        found = live.handler.read(live.aws, live.id, {**live.inputs, name: SENTINEL})
    except (ClientError, BotoCoreError, LookupError, TypeError, ValueError, AttributeError):
        return {}
    return {name for name, value in (found or {}).items() if SENTINEL in json.dumps(value)}


def test_the_coverage_page_is_current(production):
    assert (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8") == markdown(coverage(production[0]))


def test_a_property_that_one_resource_lost_is_not_called_emulated(production):
    monitor = production[0]
    token = "aws:sqs/queue:Queue"
    states = {row.property: row.state for row in coverage(monitor) if row.type == token}
    assert (states["visibilityTimeoutSeconds"], RECORDED in states.values()) == (EMULATED, False)


def test_every_property_is_emulated_or_recorded(production):
    assert {row.state for row in coverage(production[0])} <= {EMULATED, RECORDED}


@pytest.mark.parametrize(
    ("asked", "held", "equal"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, True),
        ({"a": 1, "b": 2}, {"a": 1}, False),
        ([1, 2], [2, 1], True),
        ([1, 2], [1], False),
        ('{"a": 1, "b": 2}', '{"b":2,"a":1}', True),
        ('{"a": 1}', '{"a": 2}', False),
        ("", None, False),
        (True, 1, True),
    ],
)
def test_same_means_what_was_asked_for_is_there(asked, held, equal):
    assert same(asked, held) is equal
