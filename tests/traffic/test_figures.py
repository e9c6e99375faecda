"""The figures of a load run add up."""

from collections import Counter

import pytest

from traffic.figures import Figures, Report


@pytest.mark.parametrize(
    ("percent", "latency"), [(1, 10.0), (50, 20.0), (51, 30.0), (75, 30.0), (76, 40.0), (100, 40.0)]
)
def test_a_percentile_is_the_latency_that_so_many_did_not_exceed(percent, latency):
    figures = Figures()
    for each in (40.0, 10.0, 30.0, 20.0):
        figures.add(each)
    assert figures.percentile(percent) == latency


def test_of_no_request_there_is_no_latency():
    assert Figures().percentile(99) == 0.0


def test_what_went_wrong_is_counted_over_all_kinds_and_a_shops_refusals_beside_it():
    report = Report()
    for kind, status in (("page", 200), ("page", 502), ("item", 502), ("item", 404), ("checkout", 402)):
        report.of(kind).answered(1.0, status)
    report.of("item").add(1.0, "ReadTimeout")
    assert (report.requests, report.faults) == (6, Counter({"502": 2, "ReadTimeout": 1}))
    assert {kind: each.refusals for kind, each in report.by_kind.items() if each.refusals} == {
        "item": Counter({"404": 1}),
        "checkout": Counter({"402": 1}),
    }


def test_who_is_waited_for_after_the_last_has_come_does_not_change_the_rate():
    report = Report(seconds=2.0)
    for _ in range(10):
        report.of("page").answered(1.0, 200)
    report.end()
    report.seconds = 8.0
    report.of("order history").answered(1.0, 200)
    report.waited("until delivered", 6000.0)
    assert (report.rps, report.requests, report.as_json()["waits"]["until delivered"]["p50_ms"]) == (5.0, 11, 6000.0)
