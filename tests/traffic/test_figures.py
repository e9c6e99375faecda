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
        figures.add(each, None)
    assert figures.percentile(percent) == latency


def test_of_no_request_there_is_no_latency():
    assert Figures().percentile(99) == 0.0


def test_what_went_wrong_is_counted_over_all_kinds():
    report = Report()
    for kind, fault in (("page", None), ("page", "502"), ("item", "502"), ("item", "ReadTimeout")):
        report.add(kind, 1.0, fault)
    assert (report.requests, report.faults) == (4, Counter({"502": 2, "ReadTimeout": 1}))
