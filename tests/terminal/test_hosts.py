"""A server is asked for by the name that `status` shows, whether it runs, is lost, or is gone."""

import pytest

from engines.asking import Report
from engines.refusals import HostError
from offline.region.report import DataNode, Host
from terminal.hosts import _new, is_lost, logs_of
from terminal.status import lag_of


def host(instance, health="healthy"):
    place = {"zone": "us-east-1a", "address": "127.0.0.2", "lifecycle": "InService", "template": "1"}
    return Host(instance=instance, fleet="app", health=health, **place)


def node(name, state="running"):
    return DataNode(store="database", name=name, role="replica", address="127.0.0.3", state=state)


REPORT = Report(hosts=(host("i-1"), host("i-2", "lost")), data=(node("orders-1"), node("orders-2", "lost")))


@pytest.mark.parametrize(("name", "lost"), [("i-1", False), ("i-2", True), ("orders-1", False), ("orders-2", True)])
def test_a_server_whose_machine_is_gone_already_is_lost(name, lost):
    assert is_lost(REPORT, name) == lost


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("app", "'app', which is a fleet; allowed: one of its hosts, i-1, i-2. Fix: ./bigpicture stop i-1"),
        ("orders-3", "'orders-3'; allowed: i-1, i-2, orders-1, orders-2. Nearest: @ Fix: ./bigpicture stop orders-2"),
    ],
)
def test_what_has_no_machine_is_refused_with_those_that_have(name, said):
    with pytest.raises(HostError) as refused:
        is_lost(REPORT, name)
    assert str(refused.value) == "machine is " + said.replace("@", "orders-2, orders-1.")


@pytest.mark.parametrize(
    ("role", "behind", "shown"),
    [("replica", (16, 0.25), "16 B, 0.250 s"), ("replica", (None, None), "?"), ("primary", (None, None), "-")],
)
def test_a_lag_that_nobody_knows_is_not_shown_as_none_at_all(role, behind, shown):
    assert lag_of(role, *behind) == shown


def test_a_log_has_the_name_of_its_servers_folder_and_of_its_fleet(tmp_path):
    logs = [
        "servers/i-1/app.log",
        "servers/i-0/app.log",
        "data/postgres-0/orders/postgres.log",
        "servers/nursery-0.log",
    ]
    for path in (tmp_path / log for log in logs):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = {name: [str(each.relative_to(tmp_path)) for each in own] for name, own in logs_of(tmp_path, REPORT).items()}
    assert found == {"i-1": [logs[0]], "i-0": [logs[1]], "orders": [logs[2]], "app": [logs[0]]}


def test_a_log_that_was_begun_anew_is_read_from_its_beginning(tmp_path):
    places = {tmp_path / "access.log": 0}
    told = []
    for text in ("one\ntwo\nhal", "one\ntwo\nhalf\n", "new\n"):
        (tmp_path / "access.log").write_text(text)
        told.append([line for _, line in _new(places)])
    assert told == [["one", "two"], ["half"], ["new"]]
