"""What a proxy answered is logged in the fields of AWS's own logs, without what may be secret, and not for ever."""

import asyncio

import pytest

from offline.region import access
from offline.region.access import NOTED, Answered, Logged
from offline.region.balancer import access as balancer
from offline.region.edge import access as edge

COOKIE = [(b"host", b"shop.dev:81"), (b"cookie", b"session=letmein"), (b"user-agent", b'a "b"\t\xff')]
NOTES = {"balancer": "app/front/5", "protocol": "http", "port": 81, "priority": 7, "action": "forward", "group": "arn"}


async def send(_event=None):
    """Whoever reads the answer."""


def answered(*, status=200, noted=None, **more):
    scope = {
        "method": "GET", "raw_path": b"/items/a%20b", "query_string": b"token=letmein", "headers": COOKIE,
        "http_version": "1.1", "client": ("127.0.0.9", 4711), NOTED: noted or {},
    }  # fmt: skip
    told = {"at": 0.25, "sent": 12, "first_s": 0.002, "whole_s": 0.005, **more}
    return Answered(scope, send, status=status, **told)


def test_a_load_balancers_line_has_the_fields_of_elb():
    noted = {**NOTES, "target": "127.0.0.2:80", "trace": "Root=1-a-b"}
    assert balancer.entry(answered(noted=noted)) == (
        "http 1970-01-01T00:00:00.250000Z app/front/5 127.0.0.9:4711 127.0.0.2:80 0.000 0.002 0.003 200 200 0 12"
        r' "GET http://shop.dev:81/items/a%20b HTTP/1.1" "a \x22b\x22\x09\xff" - - arn "Root=1-a-b" "-" "-" 7'
        ' 1970-01-01T00:00:00.250000Z "forward" "-" "-" "127.0.0.2:80" "200" "-" "-" -'
    )


@pytest.mark.parametrize(("status", "said"), [(403, "- -1 -1 -1 403 - "), (0, "- -1 -1 -1 460 - ")])
def test_a_request_that_no_server_answered_has_none_in_its_line(status, said):
    assert said in balancer.entry(answered(status=status, noted=NOTES))


def test_an_edges_line_has_the_fields_of_cloudfront():
    headers = {b"x-cache": b"Hit from cloudfront", b"content-type": b"text/html; charset=utf-8"}
    assert edge.entry(answered(headers=headers)).split("\t") == [
        *("1970-01-01", "00:00:00", "HERE1-P1", "12", "127.0.0.9", "GET", "shop.dev:81", "/items/a%20b", "200"),
        *("-", "a%20%22b%22%09%FF", "-", "-", "Hit", "-", "shop.dev:81", "http", "0", "0.005", "-", "-", "-", "Hit"),
        *("HTTP/1.1", "-", "-", "4711", "0.002", "Hit", "text/html;%20charset=utf-8", "-", "-", "-"),
    ]


@pytest.mark.parametrize(("status", "result"), [(200, "Miss"), (404, "Error"), (0, "Error")])
def test_an_edge_says_whether_it_had_the_answer(status, result):
    assert edge.entry(answered(status=status)).split("\t")[13] == result


@pytest.mark.parametrize("log", [balancer, edge], ids=["balancer", "edge"])
def test_neither_a_cookie_nor_a_query_is_logged(log):
    assert "letmein" not in log.entry(answered(noted=NOTES))


async def proxy(scope, receive, send):
    """Answer in two parts."""
    await send({"type": "http.response.start", "status": 201, "headers": [(b"Server", b"me")]})
    await send({"type": "http.response.body", "body": b"first", "more_body": True})
    await send({"type": "http.response.body", "body": b"last"})


async def leaving(scope, receive, send):
    """Have nobody to answer."""
    raise ConnectionError


def told(application, scope=None):
    """What the log is asked to tell of one request."""
    seen = []
    logged = Logged(application, lambda each: str(seen.append(each)))
    asyncio.run(logged(scope or {}, send, send))
    return seen[0]


def test_an_answer_is_counted_as_it_passes():
    of = told(proxy)
    assert (of.status, of.sent, of.headers, of.whole_s >= of.first_s >= 0) == (201, 9, {b"server": b"me"}, True)


def test_a_request_that_ends_without_an_answer_is_logged_too():
    logged = Logged(leaving, lambda each: str(each.status))
    with pytest.raises(ConnectionError):
        asyncio.run(logged({}, send, send))
    assert logged.lines == ["0\n"]


def test_a_log_that_is_full_is_begun_anew(tmp_path):
    logged = Logged(proxy, lambda _each: "line")
    for full in (b"", b"-" * (access.MOST_BYTES + 1)):
        (tmp_path / access.LOG).write_bytes(full)
        asyncio.run(logged({}, send, send))
        logged.write(tmp_path)
    assert {path.name: path.read_text()[:5] for path in tmp_path.iterdir()} == {
        "access.log": "line\n",
        "access.before": "-----",
    }
