"""What workers and their backlog refuse before the first resource is registered."""

import pytest

from components.workers import Backlog, WorkersArgs
from tests.surroundings import NOWHERE, fleet_args

QUEUES = {f"kind-{number}": f"queue-{number}" for number in range(10)}
FLEET = fleet_args(NOWHERE)


def backlog(kinds=1, max_job_s=30, latency_s=60, **more):
    chosen = dict(list(QUEUES.items())[:kinds])
    return Backlog(queue_names=chosen, max_job_s=dict.fromkeys(chosen, max_job_s), latency_s=latency_s, **more)


def refusal_of(**change):
    with pytest.raises(ValueError, match="Fix: ") as refusal:
        backlog(**change)
    return str(refusal.value)


@pytest.mark.parametrize("kinds", [0, 10])
def test_more_queues_than_an_alarm_takes_metrics_are_refused(kinds):
    assert "allowed: 1 to 9 queues. Fix: queue_names" in refusal_of(kinds=kinds)


def test_a_job_without_a_longest_time_is_refused():
    assert refusal_of(max_job_s=0) == (
        "max_job_s is {'kind-0': 0}; allowed: 1 s and more for each of kind-0. Fix: max_job_s"
    )


def test_no_latency_is_refused():
    assert refusal_of(latency_s=0) == "latency_s is 0; allowed: 1 and more. Fix: latency_s"


@pytest.mark.parametrize("mean_job_s", [{"kind-0": 31}, {"kind-0": 0}, {"kind-1": 5}])
def test_a_mean_over_the_longest_job_or_of_an_unknown_kind_is_refused(mean_job_s):
    assert refusal_of(mean_job_s=mean_job_s) == (
        f"mean_job_s is {mean_job_s}; allowed: over 0 and up to max_job_s. Fix: mean_job_s"
    )


def test_the_longest_job_stands_in_for_an_unmeasured_mean():
    assert [backlog().job_s("kind-0"), backlog(mean_job_s={"kind-0": 2.5}).job_s("kind-0")] == [30, 2.5]


@pytest.mark.parametrize(("max_job_s", "drain_s"), [(1, 28), (7000, 201)])
def test_a_heartbeat_that_no_hook_takes_is_refused(max_job_s, drain_s):
    with pytest.raises(ValueError, match=f"make {max_job_s + drain_s} s; allowed: 30 to 7200 in all"):
        WorkersArgs(fleet=FLEET, backlog=backlog(max_job_s=max_job_s), drain_s=drain_s)
