"""The edge keeps answers as cache policies say: one key for what counts, times within bounds, until invalidated."""

import asyncio
import gzip
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline.region.edge.cache import Asked, Cache, Kept, encodings, key, lifetime
from offline.region.edge.keeping import Keeper, answer
from offline.region.edge.table import Behavior, CachePolicy, Parameters

NAMES = st.text("abc", min_size=1, max_size=2)
PAIRS = st.lists(st.tuples(NAMES, st.text("xyz", max_size=2)), max_size=4)
PARAMETERS = st.builds(
    lambda behavior, names: Parameters(behavior=behavior, names=tuple(names)),
    st.sampled_from(["none", "whitelist", "allExcept", "all"]),
    st.lists(NAMES, max_size=3, unique=True),
)
OPTIMIZED = CachePolicy(minimum_s=1, default_s=86_400, maximum_s=31_536_000, gzip=True, brotli=True)
PAGES = Behavior(pattern="*", origin="pages", methods=("GET",), cache=OPTIMIZED, compress=True)


def counts(parameters, name):
    listed = name in parameters.names
    return {"none": False, "all": True, "whitelist": listed, "allExcept": not listed}[parameters.behavior]


def asked(query=(), cookies=(), headers=(), path="/a"):
    sent = [("cookie", "; ".join(f"{name}={value}" for name, value in cookies))] if cookies else []
    return Asked(path=path, query="&".join(f"{name}={value}" for name, value in query), headers=[*headers, *sent])


@given(parameters=PARAMETERS, one=PAIRS, other=PAIRS)
def test_two_queries_share_an_answer_if_and_only_if_what_counts_of_them_is_the_same(parameters, one, other):
    policy = CachePolicy(query=parameters)
    same = [each for each in one if counts(parameters, each[0])] == [
        each for each in other if counts(parameters, each[0])
    ]
    assert (key("o", policy, asked(query=one)) == key("o", policy, asked(query=other))) == same


@given(parameters=PARAMETERS, one=PAIRS, other=PAIRS)
def test_two_visitors_share_an_answer_if_and_only_if_their_cookies_that_count_are_the_same(parameters, one, other):
    policy = CachePolicy(cookies=parameters)
    kept = [sorted(f"{name}={value}" for name, value in each if counts(parameters, name)) for each in (one, other)]
    assert (key("o", policy, asked(cookies=one)) == key("o", policy, asked(cookies=other))) == (kept[0] == kept[1])


@given(names=st.lists(NAMES, max_size=3, unique=True), one=PAIRS, other=PAIRS)
def test_headers_count_if_and_only_if_they_are_named(names, one, other):
    policy = CachePolicy(headers=tuple(names))
    kept = [sorted((name, value) for name, value in each if name in names) for each in (one, other)]
    keys = [key("o", policy, asked(headers=sorted(each))) for each in (one, other)]
    assert (keys[0] == keys[1]) == (kept[0] == kept[1])


@pytest.mark.parametrize(
    ("sent", "looked_at"), [("gzip, deflate, br;q=0.9", "br,gzip"), ("gzip", "gzip"), ("identity", ""), ("", "")]
)
def test_of_the_encodings_only_two_count(sent, looked_at):
    assert encodings(OPTIMIZED, asked(headers=[("accept-encoding", sent)])) == looked_at


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 86_400),
        ("max-age=60", 60),
        ("public, max-age=60, s-maxage=600", 600),
        ("max-age=0", 1),
        ("max-age=99999999999", 31_536_000),
        ("no-store", 1),
        ("private, max-age=60", 1),
    ],
)
def test_an_origin_chooses_a_time_within_the_policys_bounds(header, seconds):
    assert lifetime(OPTIMIZED, [("cache-control", header)] if header else []) == seconds


def test_a_policy_without_time_keeps_nothing():
    assert lifetime(CachePolicy(), [("cache-control", "max-age=60")]) == 0


def through(cache, start, body=b"", query=(), errors=None):
    """Send one answer of an origin through to a viewer who takes gzip; returns what the viewer got."""
    got = []

    async def send(event):
        got.append(event)

    async def go() -> Any:
        wanted = key("pages", OPTIMIZED, asked(query=query, headers=[("accept-encoding", "gzip")]))
        keeper = Keeper(cache, wanted, PAGES, errors or {}, send)
        await keeper.send({"type": "http.response.start", **start})
        await keeper.send({"type": "http.response.body", "body": body})
        return cache.find(wanted)

    return asyncio.run(go()), got


def page(body, status=200, type_=b"text/html", **more):
    named = [(name.replace("_", "-").encode(), value) for name, value in more.items()]
    return {
        "status": status,
        "headers": [(b"content-length", str(len(body)).encode()), (b"content-type", type_), *named],
    }


def test_a_page_is_kept_compressed_for_who_takes_that():
    body = b"word " * 400
    kept, got = through(Cache(), page(body), body)
    assert (gzip.decompress(kept.body), gzip.decompress(got[1]["body"])) == (body, body)
    assert dict(kept.headers)[b"content-encoding"] == b"gzip"


@pytest.mark.parametrize("start", [page(b"x" * 999), page(b"x" * 2000, type_=b"image/jpeg")])
def test_what_is_small_or_a_picture_stays_as_it_is(start):
    body = b"x" * int(start["headers"][0][1])
    assert through(Cache(), start, body)[0].body == body


def test_an_error_is_kept_for_its_own_time_alone():
    held = through(Cache(), page(b"", 404), errors={404: 10.0})[0]
    assert (held.until - held.since, through(Cache(), page(b"", 404), errors={404: 0.0})[0]) == (10.0, None)


def test_an_answer_without_a_known_length_is_handed_on_and_not_kept():
    kept, got = through(Cache(), {"status": 200, "headers": []}, b"part")
    assert (kept, got[1]["body"]) == (None, b"part")


def test_an_answer_that_is_too_old_is_asked_for_again():
    now = [0.0]
    cache, wanted = Cache(lambda: now[0]), key("pages", OPTIMIZED, asked())
    cache.keep(wanted, Kept(200, [], b"", 0.0, 60.0))
    now[0] = 59.9
    young = cache.find(wanted)
    now[0] = 60.0
    assert (young is not None, cache.find(wanted)) == (True, None)


@pytest.mark.parametrize(("pattern", "left"), [("/a", ["/b"]), ("/*", []), ("/a*", ["/b"]), ("/c", ["/a", "/b"])])
def test_an_invalidation_forgets_the_paths_that_it_names(pattern, left):
    cache = Cache()
    keys = {path: key("pages", OPTIMIZED, asked(path=path)) for path in ("/a", "/b")}
    for each in keys.values():
        cache.keep(each, Kept(200, [], b"", cache.clock(), cache.clock() + 60))
    cache.invalidate([pattern])
    assert [path for path, each in keys.items() if cache.find(each)] == left


def test_a_viewer_who_has_that_version_is_told_so_without_a_body():
    got = []

    async def send(event):
        got.append(event)

    kept = Kept(200, [(b"etag", b'"one"'), (b"content-length", b"4")], b"body", 0.0, 60.0)
    asyncio.run(answer(kept, send, told="Hit from cloudfront", seen='"one"'))
    assert (got[0]["status"], got[1]["body"]) == (304, b"")
