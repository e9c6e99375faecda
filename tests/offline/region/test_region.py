"""The store as it was deployed runs: every server is healthy behind the load balancer, which knows its secret."""

import asyncio
import json
import uuid

import pytest

from offline.region.region import running
from tests.end_to_end.walking import at_the_end, walk
from tests.offline.region.books import charged, in_stock, open_orders, paid, sold
from tests.offline.region.deployed_store import all_healthy, ask, balancer, hours_ahead, release, shop, visit
from tests.offline.region.shop_traffic import Traffic
from tests.offline.region.standing_clock import Clock
from tests.stores import fleets, origins, rules, standing
from tests.waiting import eventually
from traffic.catalogue import THINGS
from traffic.journeys import buy
from traffic.load import load

CLOCK = Clock()
"""By which Auto Scaling counts: it stands, so that no warm-up or pause has to be waited for."""


@pytest.fixture(scope="module")
def store():
    with standing("offline", {"scaling": "vertical"}) as store:
        yield store


@pytest.fixture(scope="module")
def region(store, tmp_path_factory):
    """The region, once every registered target is healthy; the app takes some checks' time to start."""
    with running(store.account, tmp_path_factory.mktemp("region") / "run", CLOCK) as region:
        eventually(lambda: all_healthy(region), wanted=True)
        yield region


def test_every_server_that_the_account_registered_is_healthy_and_the_account_says_so(store, region):
    client = store.client("elbv2")
    groups = [each["TargetGroupArn"] for each in client.describe_target_groups()["TargetGroups"]]
    registered = {
        arn: {
            row["Target"]["Id"]: row["TargetHealth"]["State"]
            for row in client.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        }
        for arn in groups
    }
    assert (region.health(), {state for each in registered.values() for state in each.values()}) == (
        registered,
        {"healthy"},
    )


def test_a_request_with_the_cdns_secret_reaches_a_server(store, region):
    secret = rules(store)[0]["values"][0]
    response = ask(region, "/accounts", **{"X-Origin-Verify": secret})
    assert (response.getheader("Server") != "awselb/2.0", response.status < 500) == (True, True)


def test_a_request_past_the_cdn_is_refused_by_the_load_balancer(region):
    response = ask(region, "/accounts")
    assert (response.status, response.getheader("Server")) == (403, "awselb/2.0")


def test_a_customer_signs_up_sells_finds_and_fills_a_cart_at_the_deployed_store(store, region):
    item, who = str(uuid.uuid4()), {"email": "ann@example.org", "password": "correct horse battery"}
    answers = shop(
        store,
        region,
        [
            ("POST", "/accounts/customers", who | {"name": "Ann"}),
            ("POST", "/accounts/session", who),
            ("PUT", f"/catalog/items/{item}", {"title": "A sextant", "price_cents": 900, "stock": 3}),
            ("GET", "/catalog/items?words=sextant", None),
            ("PUT", f"/orders/cart/lines/{item}", {"quantity": 2}),
            ("GET", "/orders", None),
        ],
    )
    assert [status for status, _ in answers] == [201, 201, 201, 200, 200, 200]
    assert [each["item_id"] for each in answers[3][1]["items"]] == [item]


@pytest.mark.parametrize("payment", ["tok_accepted", "tok_late"])
def test_what_is_bought_at_the_deployed_store_is_paid_also_when_the_gateway_answers_late(store, region, payment):
    item, who = str(uuid.uuid4()), {"email": f"{payment}@example.org", "password": "correct horse battery"}
    bought = shop(
        store,
        region,
        [
            ("POST", "/accounts/customers", who | {"name": "Ann"}),
            ("POST", "/accounts/session", who),
            ("PUT", f"/catalog/items/{item}", {"title": "Bowl", "price_cents": 900, "stock": 3}),
            ("PUT", f"/orders/cart/lines/{item}", {"quantity": 2}),
            ("POST", "/orders/checkout", {"payment": payment}),
        ],
    )[-1][1]

    def seen():
        asked = [f"/{service}/{bought['order_id']}" for service in ("orders", "payments/charges")]
        answers = shop(store, region, [("POST", "/accounts/session", who), *(("GET", path, None) for path in asked)])
        return [body["state"] for _, body in answers[1:]]

    assert eventually(seen, wanted=["paid", "accepted"]) == ["paid", "accepted"]


def test_what_customers_bought_in_a_load_run_is_what_was_charged_and_no_more_than_there_was(store, region):
    item, who = str(uuid.uuid4()), {"email": "flo@example.org", "password": "correct horse battery"}
    wanted = {"title": "The only one", "description": " ".join(THINGS), "price_cents": 900, "stock": 5}
    steps = [("POST", "/accounts/customers", who | {"name": "Flo"}), ("POST", "/accounts/session", who)]
    shop(store, region, [*steps, ("PUT", f"/catalog/items/{item}", wanted)])
    eventually(lambda: item in visit(region, "/catalog/items?words=only")[1], wanted=True)
    asyncio.run(load(region.edges[0].url, 25, 3, who["password"], [].append, [(buy, 1, 13.7)]))
    assert eventually(lambda: open_orders(store), []) == []
    assert eventually(lambda: charged(region) == paid(store), wanted=True)
    assert (sold(store, item) > 0, sold(store, item) + in_stock(region, item)) == (True, 5)


def test_a_customer_walks_to_the_end_though_servers_are_an_hour_behind_and_workers_an_hour_ahead(region):
    for server in region.servers.values():
        server.shift_clock(-3600 if "web" in server.boot.command else 3600)
    [web] = [server for server in region.servers.values() if "web" in server.boot.command]
    ahead = eventually(lambda: hours_ahead(web), -1)
    eventually(lambda: all_healthy(region), wanted=True)
    walker = walk(region.edges[0].url)
    assert (ahead, walker.seen()) == (-1, at_the_end(walker.order))


def test_the_deployed_stores_workers_write_to_a_new_customer(store, region):
    who = {"email": "bea@example.org", "password": "correct horse battery", "name": "Bea"}
    shop(store, region, [("POST", "/accounts/customers", who)])
    s3, bucket = store.client("s3"), store.outputs["documents_bucket"]

    def letters():
        keys = [each["Key"] for each in s3.list_objects_v2(Bucket=bucket, Prefix="outbox/").get("Contents", [])]
        return [s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys]

    assert eventually(lambda: any(b"To: Bea <bea@example.org>" in each for each in letters()), wanted=True)


def test_a_customer_walks_from_signing_up_to_the_money_back(region):
    [edge] = region.edges
    walked = walk(edge.url)
    assert walked.seen() == at_the_end(walked.order)


def test_a_visitor_of_the_edge_gets_the_stores_first_page(region):
    response, text = visit(region, "/")
    assert (response.status, response.getheader("Content-Type"), text[:15]) == (
        200,
        "text/html; charset=utf-8",
        "<!doctype html>",
    )


@pytest.mark.parametrize("path", ["/nope.html", "/pictures/nope", "/not-found.html"])
def test_what_is_in_no_bucket_is_shown_as_a_page(region, path):
    response, text = visit(region, path)
    assert (response.status, response.getheader("Content-Type")) == (
        200 if path == "/not-found.html" else 404,
        "text/html; charset=utf-8",
    )
    assert "<h1>There is no such page</h1>" in text


def test_what_a_service_does_not_know_stays_its_own_answer(region):
    response, text = visit(region, "/catalog/nope")
    assert (response.status, response.getheader("Content-Type")) == (404, "application/problem+json")
    assert json.loads(text)["detail"] == "Nothing matches the given URI"


def test_a_page_comes_with_the_headers_of_s3_and_none_of_the_accounts_own(region):
    response, _ = visit(region, "/index.html")
    theirs = [name for name in ("x-amzn-requestid", "access-control-allow-origin") if response.getheader(name)]
    assert (response.headers.get_all("Server"), theirs) == (["AmazonS3"], [])


def test_a_visitor_reaches_a_server_as_the_edge_knows_the_load_balancers_secret(region):
    response, _ = visit(region, "/accounts")
    assert (response.getheader("Server") != "awselb/2.0", response.status < 500) == (True, True)


def test_a_visitor_cannot_send_a_secret_in_the_edges_place(region):
    response, _ = visit(region, "/accounts", **{"X-Origin-Verify": "guessed"})
    assert response.getheader("Server") != "awselb/2.0"


def test_a_page_takes_no_post_and_a_service_does(region):
    refused, taken = visit(region, "/", "POST")[0], visit(region, "/accounts", "POST")[0]
    assert ((refused.status, refused.getheader("Server")), taken.getheader("Server") != "CloudFront") == (
        (403, "CloudFront"),
        True,
    )


def test_a_page_that_was_asked_for_before_comes_from_the_edge(region):
    visit(region, "/")
    assert visit(region, "/")[0].getheader("X-Cache") == "Hit from cloudfront"


def test_what_a_service_answers_never_comes_from_the_edge(region):
    visit(region, "/catalog/items")
    assert visit(region, "/catalog/items")[0].getheader("X-Cache") is None


def test_a_changed_page_is_seen_once_the_old_one_is_invalidated(store, region):
    s3, cloudfront = store.client("s3"), store.client("cloudfront")
    [bucket] = {name.partition(".s3.")[0] for name in [origins(store)["pages"]["DomainName"]]}
    s3.put_object(Bucket=bucket, Key="news.txt", Body=b"old")
    first = visit(region, "/news.txt")[1]
    s3.put_object(Bucket=bucket, Key="news.txt", Body=b"new")
    kept = visit(region, "/news.txt")[1]
    [only] = cloudfront.list_distributions()["DistributionList"]["Items"]
    batch = {"Paths": {"Quantity": 1, "Items": ["/news*"]}, "CallerReference": "news"}
    cloudfront.create_invalidation(DistributionId=only["Id"], InvalidationBatch=batch)
    region.follow()
    assert (first, kept, eventually(lambda: visit(region, "/news.txt")[1], "new")) == ("old", "old", "new")


def test_a_bucket_is_asked_without_the_visitors_query(region):
    assert visit(region, "/robots.txt?acl")[1] == visit(region, "/robots.txt")[1]


def test_what_services_ask_of_each_other_reaches_a_server_from_within(region):
    response = ask(region, "/internal/payments/charges", internal=True)
    assert (response.getheader("Server") != "awselb/2.0", response.status) == (True, 404)


def test_the_balancer_between_services_knows_no_other_path(region):
    response = ask(region, "/accounts/session", internal=True)
    assert (response.status, response.getheader("Server")) == (404, "awselb/2.0")


def test_what_services_ask_of_each_other_is_refused_to_customers(store, region):
    secret = rules(store)[0]["values"][0]
    response = ask(region, "/internal/payments/charges", **{"X-Origin-Verify": secret})
    assert (response.status, response.getheader("Server")) == (403, "awselb/2.0")


def test_a_visitors_path_of_a_call_leads_to_no_server(region):
    response, _ = visit(region, "/internal/payments/charges")
    assert response.getheader("Server") == visit(region, "/no-such-page")[0].getheader("Server")


def test_a_server_is_told_where_services_call_each_other(region):
    at = balancer(region, internal=True)
    [told] = {server.environment["BIGPICTURE_INTERNAL_URL"] for server in region.servers.values()}
    assert told == f"http://{at.address}:{at.ports[80]}"


def test_a_server_is_told_the_edges_address_as_the_stores_own(region):
    [edge] = region.edges
    told = {server.environment.get("BIGPICTURE_PUBLIC_URL") for server in region.servers.values()}
    assert told == {edge.url}


def is_rolled_out(store, region, group):
    """Whether the refresh has succeeded and no old server is left; the clock of Auto Scaling goes on meanwhile."""
    CLOCK.now += 30
    region.follow()
    [refresh] = store.client("autoscaling").describe_instance_refreshes(AutoScalingGroupName=group)["InstanceRefreshes"]
    return refresh["Status"] == "Successful" and all_healthy(region)


def sent_again(walker):
    """What a customer who bought, listened and returned had to send another time, and what they did not find."""
    found, wanted = walker.seen(), at_the_end(walker.order)
    return (*walker.customer.again, *(name for name in wanted if found[name] != wanted[name]))


def test_a_new_release_reaches_every_server_without_one_failed_request(store, region):
    before, readers = set(region.servers), Traffic(lambda: visit(region, "/catalog/items")[0].status)
    walkers = Traffic(lambda: sent_again(walk(region.edges[0].url)))
    with readers.running(), walkers.running(threads=3):
        group = release(store, "app-all")
        rolled_out = eventually(lambda: is_rolled_out(store, region, group), wanted=True)
    new = [server.boot.sha256 for name, server in region.servers.items() if name not in before]
    assert (rolled_out, [*readers.answers], [*walkers.answers], len(set(new)), len(new)) == (
        True,
        [200],
        [()],
        1,
        len(fleets(store)["app-all"]["Instances"]),
    )
