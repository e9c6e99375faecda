"""A server is asked for by the name that `status` shows, whether it runs, is lost, or is gone."""

import pytest

from engines.asking import Report
from engines.refusals import HostError
from offline.region.report import Host
from terminal.hosts import is_lost, logs_of


def host(instance, health="healthy"):
    place = {"zone": "us-east-1a", "address": "127.0.0.2", "lifecycle": "InService", "template": "1"}
    return Host(instance=instance, fleet="app", health=health, **place)


REPORT = Report(hosts=(host("i-1"), host("i-2", "lost")))


def test_a_host_whose_machine_is_gone_already_is_lost():
    assert (is_lost(REPORT, "i-1"), is_lost(REPORT, "i-2")) == (False, True)


def test_of_a_fleet_its_hosts_are_offered():
    with pytest.raises(HostError, match=r"^host is 'app'; allowed: i-1, i-2\. Fix: \./bigpicture stop NAME$"):
        is_lost(REPORT, "app")


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
