"""The proxy obeys the account's load balancer: whom it asks, what it adds, and who is asked no more."""

import http.client
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from offline.account import open_account
from offline.region.addresses import Addresses
from offline.region.balancer.running import Balancer
from tests.offline.servers import fleet, instances, subnets
from tests.waiting import eventually

GO_ON = threading.Event()
"""Until it is set, /slow and the second half of /stream wait."""

ARRIVED = threading.Event()
"""Set once /slow is at its target."""

BUSY = []
"""The address of the target that was asked for /slow last."""

GONE = threading.Event()
"""Set once /endless has nobody to write to."""


class Answers(BaseHTTPRequestHandler):
    """A target: says what it was asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/slow":
            BUSY[:] = [self.connection.getsockname()[0]]
            ARRIVED.set()
            GO_ON.wait(60)
        if self.path in {"/stream", "/endless"}:
            self.stream()
            return
        chunked = self.headers.get("Transfer-Encoding") == "chunked"
        body = self.chunks() if chunked else self.rfile.read(int(self.headers.get("Content-Length", 0)))
        said = {"who": self.connection.getsockname()[0], "path": self.path, "body": body.decode(), **dict(self.headers)}
        text = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_POST = do_GET  # noqa: N815  the standard library's names

    def chunks(self):
        body = b""
        while size := int(bytes(self.rfile.readline()), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def stream(self):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            while self.path == "/endless":
                self.wfile.write(b"4\r\nmore\r\n")
                time.sleep(0.01)
        except ConnectionError:
            self.close_connection = True
            GONE.set()
            return
        self.wfile.write(b"5\r\nfirst\r\n")
        GO_ON.wait(60)
        self.wfile.write(b"4\r\nlast\r\n0\r\n\r\n")

    def log_message(self, format, *args):  # noqa: A002  the standard library's name
        """Say nothing."""


@contextmanager
def target(address, port):
    with ThreadingHTTPServer((address, port), Answers) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def account():
    opened = open_account("us-east-1", "balancer")
    arn, elbv2 = fleet(opened, 2), opened.client("elbv2")
    elbv2.modify_target_group(
        TargetGroupArn=arn, HealthCheckPath="/health", HealthCheckIntervalSeconds=5, HealthCheckTimeoutSeconds=2
    )
    zones = subnets(opened)
    [balancer] = elbv2.create_load_balancer(Name="front", Subnets=zones[:2])["LoadBalancers"]
    refused = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "403", "MessageBody": "Forbidden"}}
    [listener] = elbv2.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"], Port=80, Protocol="HTTP", DefaultActions=[refused]
    )["Listeners"]
    elbv2.create_rule(
        ListenerArn=listener["ListenerArn"],
        Priority=7,
        Conditions=[
            {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Secret", "Values": ["letmein"]}}
        ],
        Actions=[{"Type": "forward", "TargetGroupArn": arn}],
    )
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def addresses():
    return Addresses()


@pytest.fixture(scope="module")
def targets(account, addresses):
    """Instance -> address, each with a server behind it."""
    named = dict(zip([each["InstanceId"] for each in instances(account)], addresses.take(2), strict=True))
    first, second = named.values()
    with target(first, 80), target(second, 80):
        yield named


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("balancer") / "front"


@pytest.fixture(scope="module")
def started(account, addresses, targets, folder):
    [arn] = [each["LoadBalancerArn"] for each in account.client("elbv2").describe_load_balancers()["LoadBalancers"]]
    running = Balancer(account, arn, folder, addresses)
    yield running
    running.stop()


@pytest.fixture
def balancer(started, targets):
    """The load balancer with both targets registered and well."""
    GO_ON.clear()
    ARRIVED.clear()
    started.follow(targets)
    eventually(lambda: states(started), ["healthy", "healthy"])
    yield started
    GO_ON.set()


def states(balancer):
    [group] = balancer.health().values()
    return [*group.values()]


def opened(balancer):
    return http.client.HTTPConnection(balancer.address, balancer.ports[80], timeout=60)


def ask(balancer, path="/", body=None, method="GET", **headers):
    connection = opened(balancer)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, {"X-Secret": "letmein", **named}, encode_chunked=not isinstance(body, str))
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text


def test_a_request_that_meets_no_rule_gets_the_default(balancer):
    assert ask(balancer, X_Secret="wrong") == (403, "Forbidden")


def test_requests_that_meet_a_rule_are_answered_by_its_servers_in_turn(balancer, targets):
    said = [json.loads(ask(balancer)[1])["who"] for _ in range(4)]
    assert (set(said), said[:2]) == ({*targets.values()}, said[2:])


def test_a_target_sees_path_query_and_host_as_they_were_asked(balancer):
    said = json.loads(ask(balancer, "/a%20b/c?d=%2F", Host="shop.dev")[1])
    assert (said["path"], said["host"]) == ("/a%20b/c?d=%2F", "shop.dev")


def test_a_target_is_told_who_asked_and_by_which_protocol(balancer):
    said = json.loads(ask(balancer, X_Forwarded_For="198.51.100.7", X_Forwarded_Proto="https")[1])
    assert said["x-forwarded-for"].startswith("198.51.100.7, 127.")
    assert (said["x-forwarded-proto"], said["x-forwarded-port"]) == ("http", "80")


def test_every_request_has_a_trace_id_and_one_that_came_with_it_is_kept(balancer):
    assert json.loads(ask(balancer)[1])["x-amzn-trace-id"].startswith("Root=1-")
    assert json.loads(ask(balancer, X_Amzn_Trace_Id="Root=1-a-b")[1])["x-amzn-trace-id"] == "Root=1-a-b"


@pytest.mark.parametrize("body", ["whole", [b"in ", b"parts"]])
def test_a_body_reaches_the_target(balancer, body):
    said = json.loads(ask(balancer, body=body, method="POST")[1])
    assert said["body"] == (body if isinstance(body, str) else "in parts")


def test_an_answer_is_handed_on_as_it_comes(balancer):
    connection = opened(balancer)
    connection.request("GET", "/stream", headers={"X-Secret": "letmein"})
    response = connection.getresponse()
    first = response.read1(5)
    GO_ON.set()
    assert (first, response.read()) == (b"first", b"last")
    connection.close()


def test_a_client_that_goes_away_ends_the_answer_at_the_target(balancer):
    connection = opened(balancer)
    connection.request("GET", "/endless", headers={"X-Secret": "letmein"})
    response = connection.getresponse()
    assert response.read1(4) == b"more"
    response.close()
    connection.close()
    assert GONE.wait(60)


def test_a_server_that_leaves_finishes_what_it_has_and_gets_nothing_more(balancer, targets):
    answers = []
    slow = threading.Thread(target=lambda: answers.append(ask(balancer, "/slow")))
    slow.start()
    assert ARRIVED.wait(60)
    [stays] = [name for name, address in targets.items() if address not in BUSY]
    balancer.follow({stays: targets[stays]})
    assert states(balancer) == ["healthy", "draining"]
    GO_ON.set()
    slow.join()
    assert ([status for status, _ in answers], eventually(lambda: states(balancer), ["healthy"])) == (
        [200],
        ["healthy"],
    )
    assert {json.loads(ask(balancer)[1])["who"] for _ in range(4)} == {targets[stays]}


def listened(there):
    """Whether a request there is answered well; None where nobody listens."""
    connection = http.client.HTTPConnection(*there, timeout=60)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except ConnectionRefusedError:
        return None
    finally:
        connection.close()


def test_a_new_listener_is_answered_while_the_others_go_on_and_one_that_is_gone_is_not(account, balancer, targets):
    elbv2 = account.client("elbv2")
    answer = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200", "MessageBody": "new"}}
    asked = {"LoadBalancerArn": balancer.arn, "Port": 81, "Protocol": "HTTP", "DefaultActions": [answer]}
    [listener] = elbv2.create_listener(**asked)["Listeners"]
    balancer.follow(targets)
    there = (balancer.address, balancer.ports[81])
    before = listened(there)
    elbv2.delete_listener(ListenerArn=listener["ListenerArn"])
    balancer.follow(targets)
    after = eventually(lambda: listened(there), None)
    assert (before, after, ask(balancer, X_Secret="wrong")) == (True, None, (403, "Forbidden"))


def test_requests_are_counted_for_each_group(balancer):
    before = sum(balancer.requests().values())
    answered = [ask(balancer)[0] for _ in range(3)]
    assert (answered, eventually(lambda: sum(balancer.requests().values()) >= before + 3, True)) == ([200] * 3, True)


def test_a_request_is_logged_with_its_server_and_its_rule(balancer, targets, folder):
    who = json.loads(ask(balancer, "/logged")[1])["who"]

    def logged():
        lines = [line.split() for log in folder.glob("access.log") for line in log.read_text().splitlines()]
        return [(line[4], line[8], line[-10]) for line in lines if line[13].endswith("/logged")]

    assert eventually(logged, [(f"{who}:80", "200", "7")]) == [(f"{who}:80", "200", "7")]


def test_without_any_server_the_answer_is_503(balancer):
    balancer.follow({})
    assert ask(balancer) == (503, "503 Service Temporarily Unavailable")


def test_a_server_that_takes_no_connection_is_answered_for_with_502(balancer, targets, addresses):
    [lost, *_], [address] = targets, addresses.take(1)
    with target(address, 80):
        balancer.follow({lost: address})
        eventually(lambda: states(balancer), ["healthy"])
    assert ask(balancer) == (502, "502 Bad Gateway")
