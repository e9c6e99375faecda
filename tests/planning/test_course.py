"""The order of an update, and its longest chain, follow what waits for what."""

from engines.work import Work
from planning.course import course

DATABASE, FLEET, QUEUE = "aws:rds/instance:Instance", "aws:autoscaling/group:Group", "aws:sqs/queue:Queue"
CDN = "aws:cloudfront/distribution:Distribution"


def work(name, kind, type_=QUEUE, *, box="", needs=(), **inputs):
    needed = tuple(f"urn::{need}" for need in needs)
    return Work(urn=f"urn::{name}", type=type_, box=box or name, kind=kind, needs=needed, inputs=inputs)


SWITCH = [
    work("letters", "create"),
    work("primary", "update", DATABASE, box="database"),
    work("replica", "create", DATABASE, box="database", needs=["primary"]),
    work("template", "create", box="app-new", needs=["replica", "letters"]),
    work("fleet", "create", FLEET, box="app-new", needs=["template"]),
    work("old-role", "delete", box="app-old"),
    work("old-fleet", "delete", FLEET, box="app-old", needs=["old-role"]),
]


def test_new_servers_are_healthy_before_the_old_ones_go():
    assert course(SWITCH).order == [
        "letters: create 1",
        "database: create 1, update 1",
        "app-new: create 2, and wait until its servers are healthy",
        "app-old: delete 2",
    ]


def test_an_update_takes_as_long_as_its_longest_chain_and_then_that_of_the_deletions():
    found = course(SWITCH)
    assert (found.minutes, found.longest) == (
        30,
        ["update primary 10", "create replica 10", "create fleet 5", "delete old-fleet 5"],
    )


def test_what_does_not_wait_for_each_other_takes_its_time_at_once():
    assert course([work("a", "create", DATABASE), work("b", "create", DATABASE)]).minutes == 10


def test_what_does_not_change_takes_no_time_and_is_still_waited_through():
    chain = [work("a", "create", DATABASE), work("b", "same", needs=["a"]), work("c", "create", FLEET, needs=["b"])]
    assert course(chain).longest == ["create a 10", "create c 5"]


def test_what_stands_on_others_is_deleted_before_them():
    gone = [work("vpc", "delete"), work("subnet", "delete", needs=["vpc"]), work("server", "delete", needs=["subnet"])]
    assert course(gone).order == ["server: delete 1", "subnet: delete 1", "vpc: delete 1"]


def test_a_distribution_that_nobody_waits_for_takes_no_time():
    assert course([work("cdn", "create", CDN, waitForDeployment=False)]).minutes == 0


def test_an_update_after_a_rollout_begins_when_all_servers_are_new():
    found = course([work("replica", "delete", DATABASE)], after_rollout=True)
    assert (found.order[0], found.minutes) == ("wait until all servers are new", 25)


def test_no_change_has_no_course():
    found = course([work("a", "same")])
    assert (found.order, found.minutes, found.longest) == ([], 0, [])
