"""The second origin of a group is asked where the first fails, by a request that may be asked twice."""

import asyncio

import pytest

from offline.region.edge.proxy import Edge
from offline.region.edge.table import Behavior, OriginGroup, Table

METHODS = ("GET", "HEAD", "OPTIONS", "POST")
BOTH = OriginGroup(first="first", second="second", statuses=(500,))
TABLE = Table(
    address="127.0.0.2",
    port=80,
    root_object="",
    behaviors=(Behavior(pattern="*", origin="both", methods=METHODS),),
    origins={},
    groups={"both": BOTH},
)


class Answering(Edge):
    """An edge whose origins answer with a status each."""

    def __init__(self, **statuses):
        super().__init__(TABLE)
        self.statuses = statuses

    async def _ask(self, exchange, behavior, name):
        del behavior  # whichever it is
        await exchange.answer(self.statuses[name], body=name)


def seen(edge, method):
    """What a viewer gets."""
    events = []

    async def send(event):
        events.append(event)

    scope = {"method": method, "raw_path": b"/", "query_string": b"", "headers": []}
    asyncio.run(edge(scope, send, send))
    return [(start["status"], body["body"].decode()) for start, body in zip(events[::2], events[1::2], strict=True)]


@pytest.mark.parametrize(
    ("first", "method", "found"),
    [
        (500, "GET", (200, "second")),
        (504, "OPTIONS", (200, "second")),
        (404, "GET", (404, "first")),
        (200, "GET", (200, "first")),
        (500, "POST", (500, "first")),
    ],
)
def test_a_viewer_has_the_second_origins_answer_where_the_first_fails(first, method, found):
    assert seen(Answering(first=first, second=200), method) == [found]


def test_where_both_fail_a_viewer_has_the_second_ones_error():
    assert seen(Answering(first=500, second=503), "GET") == [(503, "second")]
