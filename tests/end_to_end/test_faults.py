"""Killed, doubled, and full: what goes wrong around `up` leaves nothing half done behind."""

import json
import os
import shutil
import signal
import socket
import subprocess

import pytest

from tests.end_to_end.checkouts import make_checkout
from tests.waiting import eventually

SMALL = ("--scaling", "vertical", "--no-serve")


ENDED = {"running": False}
BEGINS_EMPTY = "note: this up begins with an empty account."


@pytest.fixture
def fresh(tmp_path):
    checkout = make_checkout(tmp_path / "checkout")
    yield checkout
    checkout.run("down")


def wait_for(condition):
    assert eventually(lambda: bool(condition()), wanted=True), "it did not happen in time"


def hosts_of(checkout):
    """Pids of background processes whose working folder is this checkout."""
    listed = subprocess.run(["ps", "-ewwo", "pid,args"], capture_output=True, text=True, check=True).stdout
    return [
        int(line.split()[0]) for line in listed.splitlines() if "engines.host" in line and str(checkout.folder) in line
    ]


def test_down_with_nothing_running_says_so(fresh):
    assert fresh.run("down").stdout == "nothing is running\n"


def test_outputs_with_nothing_running_name_the_fix(fresh):
    said = fresh.run("outputs", expect=1).stderr
    assert said == "Error: nothing is running; allowed: after `up`. Fix: ./bigpicture up\n"


def test_nothing_of_the_account_runs_when_down_has_answered(fresh):
    fresh.run("env", "--start")
    assert hosts_of(fresh)
    fresh.run("down")
    assert hosts_of(fresh) == []


def test_an_account_ends_when_its_checkout_is_deleted(tmp_path):
    checkout = make_checkout(tmp_path / "checkout")
    checkout.run("env", "--start")
    assert hosts_of(checkout)
    shutil.rmtree(checkout.folder)
    wait_for(lambda: not hosts_of(checkout))


def test_a_second_up_is_refused_and_names_the_first(fresh):
    first = fresh.start("up", *SMALL)
    wait_for(lambda: hosts_of(fresh))
    refused = fresh.run("up", *SMALL, expect=1).stderr
    assert f"another up is running as pid {first.pid}" in refused
    first.communicate()
    assert first.returncode == 0


def test_a_killed_up_leaves_no_process_and_the_next_one_works(fresh):
    first = fresh.start("up", *SMALL)
    wait_for(lambda: hosts_of(fresh))
    first.send_signal(signal.SIGKILL)
    first.communicate()
    wait_for(lambda: not hosts_of(fresh))
    assert eventually(lambda: fresh.json("status"), ENDED) == ENDED
    assert fresh.json("up", *SMALL)["changes"]["create"] > 0


def test_a_killed_account_is_not_running_and_the_next_up_works(fresh):
    fresh.run("up", *SMALL)
    os.kill(fresh.json("status")["pid"], signal.SIGKILL)
    assert eventually(lambda: fresh.json("status"), ENDED) == ENDED
    fresh.run("up", *SMALL)


def test_up_again_says_first_that_the_account_before_ends_and_takes_its_place_at_the_same_port(fresh):
    with socket.create_server(("127.0.0.1", 0)) as probe:  # not the default, which other checkouts try as well
        port = probe.getsockname()[1]
    fresh.run("up", *SMALL, "--port", str(port))
    again = fresh.run("up", *SMALL, "--json")
    at = f"http://127.0.0.1:{port}"
    assert json.loads(again.stdout)["endpoint"] == at
    assert again.stderr.partition(", with")[0] == f"{BEGINS_EMPTY} Once it stands, the account at {at} ends"
    wait_for(lambda: len(hosts_of(fresh)) == 1)


def test_a_state_folder_that_cannot_be_written_is_refused(fresh):
    (fresh.folder / ".bigpicture").write_text("a file stands where the folder should be")
    refused = fresh.run("up", *SMALL, expect=1).stderr
    assert "cannot be written" in refused
    assert "Traceback" not in refused
    (fresh.folder / ".bigpicture").unlink()


def test_a_full_disk_is_refused(fresh):
    state = fresh.folder / ".bigpicture" / "offline"
    state.mkdir(parents=True)
    state.joinpath(".probe").symlink_to("/dev/full")
    assert "cannot be written: No space left on device" in fresh.run("up", *SMALL, expect=1).stderr


def test_a_stack_file_that_is_no_yaml_is_refused(fresh):
    fresh.folder.joinpath("stacks", "Pulumi.offline.yaml").write_text("config: [")
    assert "stacks/Pulumi.offline.yaml is not YAML" in fresh.run("up", expect=1).stderr


def test_a_stack_file_without_a_region_is_refused(fresh):
    fresh.folder.joinpath("stacks", "Pulumi.offline.yaml").write_text("config: {}")
    assert "aws:region is not set" in fresh.run("up", expect=1).stderr


def test_a_port_in_use_is_passed_over_and_another_shown(fresh):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not fresh.json("up", *SMALL, "--port", str(port))["endpoint"].endswith(f":{port}")
