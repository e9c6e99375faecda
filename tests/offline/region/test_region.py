"""The store as it was deployed runs: every server is healthy behind the load balancer, which knows its secret."""

import http.client
import json
import time
import uuid

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


def shop(store, region, steps):
    """Send each step as one browser would that keeps its cookie, past the CDN's place; returns the answers."""
    answers, cookie = [], ""
    [balancer] = region.balancers.values()
    for method, path, body in steps:
        headers = {
            "X-Origin-Verify": rules(store)[0]["values"][0],
            "Content-Type": "application/json",
            "Cookie": cookie,
        }
        connection = http.client.HTTPConnection(balancer.address, balancer.ports[80], timeout=30)
        connection.request(method, path, body=json.dumps(body) if body else None, headers=headers)
        response = connection.getresponse()
        answers.append((response.status, json.loads(response.read() or b"null")))
        cookie = response.headers.get("Set-Cookie", cookie).partition(";")[0]
        connection.close()
    return answers


def test_a_customer_signs_up_sells_finds_and_fills_a_cart_at_the_deployed_store(store, region):
    item, who = str(uuid.uuid4()), {"email": "ann@example.org", "password": "correct horse battery"}
    answers = shop(
        store,
        region,
        [
            ("POST", "/accounts/customers", who | {"name": "Ann"}),
            ("POST", "/accounts/session", who),
            ("PUT", f"/catalog/items/{item}", {"title": "Mug", "price_cents": 900, "stock": 3}),
            ("GET", "/catalog/items?words=mug", None),
            ("PUT", f"/orders/cart/lines/{item}", {"quantity": 2}),
            ("PUT", f"/catalog/reservations/{uuid.uuid4()}", {"lines": [{"item_id": item, "quantity": 2}]}),
        ],
    )
    assert [status for status, _ in answers] == [201, 201, 201, 200, 200, 201]
    assert [each["item_id"] for each in answers[3][1]["items"]] == [item]


def test_the_deployed_stores_mail_queue_hears_of_a_new_customer(store, region):
    who = {"email": "bea@example.org", "password": "correct horse battery", "name": "Bea"}
    [(_, customer)] = shop(store, region, [("POST", "/accounts/customers", who)])
    sqs, heard, deadline = store.client("sqs"), [], time.monotonic() + 20
    [mail] = [url for url in sqs.list_queues()["QueueUrls"] if "/work-mail-" in url and "dead" not in url]
    while customer["customer_id"] not in str(heard) and time.monotonic() < deadline:
        heard += sqs.receive_message(QueueUrl=mail, MaxNumberOfMessages=10).get("Messages", [])
    assert customer["customer_id"] in str(heard)
