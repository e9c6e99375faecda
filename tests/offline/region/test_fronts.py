"""Load balancers and edges come and go with the account's, and an edge obeys what its distribution says now."""

import http.client
import socket

import pytest

from offline.account import open_account
from offline.region.addresses import Addresses
from offline.region.fronts import Fronts
from offline.region.left_out import edges
from offline.region.serving import listen_at
from tests.offline.servers import subnets
from tests.waiting import eventually

CACHING_DISABLED, ALL_BUT_HOST = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "b689b0a8-53d0-40ab-baf2-68738e2966ac"
EVERY = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
REFUSED = "This distribution is not configured to allow the HTTP request method."


def behavior(methods, **more):
    allowed = {"Quantity": len(methods), "Items": methods}
    return {
        "TargetOriginId": "app", "ViewerProtocolPolicy": "allow-all", "AllowedMethods": allowed,
        "CachePolicyId": CACHING_DISABLED, "OriginRequestPolicyId": ALL_BUT_HOST, **more,
    }  # fmt: skip


def balancer(account, name):
    """A load balancer that answers everything by itself; its ARN and host name."""
    elbv2 = account.client("elbv2")
    [made] = elbv2.create_load_balancer(Name=name, Scheme="internet-facing", Subnets=subnets(account)[:2])[
        "LoadBalancers"
    ]
    answer = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200", "MessageBody": name}}
    listener = {"LoadBalancerArn": made["LoadBalancerArn"], "Port": 80, "Protocol": "HTTP"}
    elbv2.create_listener(**listener, DefaultActions=[answer])
    return made["LoadBalancerArn"], made["DNSName"]


def distribution(account, origin):
    """A distribution that lets viewers read alone; its id."""
    custom = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "http-only", "OriginReadTimeout": 30}
    config = {
        "CallerReference": origin, "Comment": "", "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [{"Id": "app", "DomainName": origin, "CustomOriginConfig": custom}]},
        "DefaultCacheBehavior": behavior(["GET", "HEAD"]),
    }  # fmt: skip
    return account.client("cloudfront").create_distribution(DistributionConfig=config)["Distribution"]["Id"]


@pytest.fixture(scope="module")
def account():
    opened = open_account("us-east-1", "fronts")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def made(account):
    """The id of a distribution in front of a load balancer."""
    return distribution(account, balancer(account, "front")[1])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("fronts")


@pytest.fixture(scope="module")
def fronts(account, made, folder):
    running = Fronts(account, folder, Addresses())
    running.follow_balancers()
    running.follow_edges()
    running.wait()
    yield running
    running.stop()


def posted(edge, path):
    connection = http.client.HTTPConnection(edge.address, edge.port, timeout=60)
    connection.request("POST", path, "")
    text = connection.getresponse().read().decode()
    connection.close()
    return text


def test_a_new_behaviour_of_the_distribution_holds_at_the_edge_that_runs(account, made, fronts):
    [edge], cloudfront = fronts.edges, account.client("cloudfront")
    before = posted(edge, "/new/order")
    held = cloudfront.get_distribution_config(Id=made)
    more = {"Quantity": 1, "Items": [behavior(EVERY, PathPattern="/new/*")]}
    config = {**held["DistributionConfig"], "CacheBehaviors": more}
    cloudfront.update_distribution(Id=made, IfMatch=held["ETag"], DistributionConfig=config)
    fronts.follow_edges()
    assert (before, eventually(lambda: posted(edge, "/new/order"), "front")) == (REFUSED, "front")


@pytest.mark.usefixtures("made")
def test_what_a_distribution_asks_for_and_its_edge_leaves_out_is_named(account):
    assert {each.partition(":")[0] for each in edges.named(account)} == {
        "TLS at the edge",
        "brotli",
        "HTTP versions of edges",
        "attempts to connect to origins",
    }


def test_a_request_is_logged_by_the_edge(fronts, made, folder):
    posted(fronts.edges[0], "/logged")

    def logged():
        logs = folder.glob(f"edges/{made}/access.log")
        lines = [line.split("\t") for log in logs for line in log.read_text().splitlines()]
        return [(line[5], line[8]) for line in lines if line[7] == "/logged"]

    assert eventually(logged, [("POST", "403")]) == [("POST", "403")]


def test_balancers_and_edges_come_and_go_with_the_accounts(account, fronts):
    arn, name = balancer(account, "second")
    id_, cloudfront = distribution(account, name), account.client("cloudfront")
    fronts.follow_balancers()
    fronts.follow_edges()
    fronts.wait()
    [*_, edge] = fronts.edges
    held = cloudfront.get_distribution_config(Id=id_)
    cloudfront.update_distribution(
        Id=id_, IfMatch=held["ETag"], DistributionConfig={**held["DistributionConfig"], "Enabled": False}
    )
    account.client("elbv2").delete_load_balancer(LoadBalancerArn=arn)
    came = ([*fronts.balancers][1:], len(fronts.edges))
    fronts.follow_balancers()
    fronts.follow_edges()
    assert (came, name in fronts.balancers, edge in fronts.edges) == (([name], 2), False, False)


def test_what_a_front_sends_waits_for_nobodys_acknowledgement():
    with listen_at("127.0.0.1", 0) as door, socket.create_connection(door.getsockname()):
        taken, _ = door.accept()
        with taken:
            assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
