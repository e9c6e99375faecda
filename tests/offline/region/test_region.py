"""The store as it was deployed runs: every server is healthy behind the load balancer, which knows its secret."""

import http.client
import time

import pytest

from offline.region.region import running
from tests.stores import rules, standing


@pytest.fixture(scope="module")
def store():
    with standing("offline", {"scaling": "vertical"}) as store:
        yield store


@pytest.fixture(scope="module")
def region(store, tmp_path_factory):
    """The region, once every registered target is healthy; the app takes some checks' time to start."""
    with running(store.account, tmp_path_factory.mktemp("region") / "run") as region:
        deadline = time.monotonic() + 90
        while not all_healthy(region) and time.monotonic() < deadline:
            region.follow()
            time.sleep(0.1)
        yield region


def all_healthy(region):
    return {state for states in region.health().values() for state in states.values()} == {"healthy"}


def ask(region, path, **headers):
    [balancer] = region.balancers.values()
    connection = http.client.HTTPConnection(balancer.address, balancer.ports[80], timeout=10)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def test_every_server_that_the_account_registered_is_healthy(store, region):
    client = store.client("elbv2")
    groups = [each["TargetGroupArn"] for each in client.describe_target_groups()["TargetGroups"]]
    registered = {
        arn: {
            row["Target"]["Id"]: "healthy"
            for row in client.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        }
        for arn in groups
    }
    assert region.health() == registered


def test_a_request_with_the_cdns_secret_reaches_a_server(store, region):
    secret = rules(store)[0]["values"][0]
    response = ask(region, "/accounts", **{"X-Origin-Verify": secret})
    assert (response.getheader("Server") != "awselb/2.0", response.status < 500) == (True, True)


def test_a_request_past_the_cdn_is_refused_by_the_load_balancer(region):
    response = ask(region, "/accounts")
    assert (response.status, response.getheader("Server")) == (403, "awselb/2.0")
