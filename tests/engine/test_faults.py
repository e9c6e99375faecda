"""What goes wrong under Pulumi's engine is said in one line, leaves a true state, and is mended by the next run."""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from engines.adoption import Place, command, import_ids
from engines.binary import require
from engines.refusals import EngineError
from stacks.knobs import SettingsError
from tests.engine import small as small_project
from tests.engine.language_host import put_on_path
from tests.engine.small import QUEUES, small

COUNT = 14
"""More than the engine makes at a time, so that some stand and some are yet to come when it is stopped."""


@pytest.fixture
def project(tmp_path):
    with small(tmp_path, COUNT) as made:
        yield made


@pytest.fixture
def failed(project):
    """A project whose last queue but one the account refused."""
    project.gate.refuse_at = COUNT - 1
    with pytest.raises(EngineError):
        project.engine.up()
    return project


def test_a_refused_resource_is_named_with_the_reason(project):
    project.gate.refuse_at = 1
    with pytest.raises(EngineError, match=r"queue-\d\d\d was refused by the offline account: .*one queue too many"):
        project.engine.up()


def test_a_deploy_that_failed_leaves_a_state_of_just_what_stands(failed):
    assert failed.known() == set(failed.queues())


def test_the_next_up_makes_only_what_is_missing(failed):
    stood = len(failed.queues())
    assert failed.engine.up().changes["create"] == COUNT - stood


def test_a_resumed_deploy_makes_nothing_twice(failed):
    failed.engine.up()
    assert len(failed.queues()) == COUNT


def test_a_proxy_that_is_dead_is_not_asked_for_what_is_on_this_machine(project, monkeypatch):
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "")
    assert project.engine.up().changes["create"] == COUNT


def test_a_refusal_of_the_program_comes_through_as_it_is(project):
    project.write("from stacks.knobs import SettingsError\nraise SettingsError(['size is 9; allowed: 1'])\n")
    with pytest.raises(SettingsError, match="size is 9; allowed: 1"):
        project.engine.up()


def test_a_defect_of_the_program_is_said_in_one_line(project):
    project.write("1 / 0\n")
    with pytest.raises(EngineError) as refused:
        project.engine.up()
    assert str(refused.value) == "the program failed: ZeroDivisionError: division by zero"


def test_another_passphrase_is_refused_with_the_fix(project, tmp_path):
    engine, backend = project.engine, project.backend
    other = tmp_path / "passphrase"
    other.write_text("another")
    variables = {**backend.variables, "PULUMI_CONFIG_PASSPHRASE_FILE": str(other)}
    with pytest.raises(EngineError, match=r"the passphrase is not the one .* Fix: put it back"):
        type(engine)(small_project.STACK, msgspec.structs.replace(backend, variables=variables), root=project.root).up()


@pytest.fixture
def deployed(project):
    project.engine.up()
    return project


def test_every_file_of_the_state_is_written_whole(deployed):
    assert list(deployed.running.path("state").rglob("*.attrs")) == []  # the one kind that is not


def test_a_state_with_a_file_left_empty_is_refused_with_the_fix(deployed):
    state = next(deployed.running.path("state").rglob("offline.json"))
    state.with_name("offline.json.attrs").touch()
    with pytest.raises(EngineError, match=r"left a file of it empty; .* Fix: delete each empty \.attrs file"):
        deployed.engine.up()


def test_what_was_deleted_by_hand_is_found_by_a_refresh(deployed):
    deployed.sqs.delete_queue(QueueUrl=deployed.queues()[0])
    assert deployed.engine.refresh().changes["delete"] == 1


def test_what_was_deleted_by_hand_is_made_again_by_the_next_up(deployed):
    deployed.sqs.delete_queue(QueueUrl=deployed.queues()[0])
    deployed.engine.refresh()
    deployed.engine.up()
    assert len(deployed.queues()) == COUNT


def change_by_hand(project):
    url = project.queues()[0]
    project.sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "77"})
    return url


def test_what_was_changed_by_hand_is_found_by_a_refresh(deployed):
    change_by_hand(deployed)
    assert deployed.engine.refresh().changes["update"] == 1


def test_what_was_changed_by_hand_is_set_right_by_the_next_up(deployed):
    url = change_by_hand(deployed)
    deployed.engine.refresh()
    deployed.engine.up()
    held = deployed.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
    assert held == {"VisibilityTimeout": "30"}


def started(project):
    """Another process that deploys the project slowly, at work on it."""
    project.gate.pause = 0.4
    assert project.engine.preview().changes["create"] == COUNT  # writes what the other process needs
    up = subprocess.Popen(
        [sys.executable, "-m", "tests.engine.small", project.order()],
        cwd=Path(__file__).parents[2], stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    while not project.known():
        assert up.poll() is None
        time.sleep(0.05)
    return up


def ended(project, up):
    """What the other process said at its end; the account is quick again."""
    said = up.communicate()[1]
    project.gate.pause = 0.0
    return said


@pytest.fixture
def killed(project):
    """A project whose engine was killed, and all that belonged to it, in the middle of a deploy."""
    up = started(project)
    os.killpg(up.pid, signal.SIGKILL)
    ended(project, up)
    return project


def test_a_killed_engine_leaves_a_lock_and_the_next_run_names_the_way_out(killed):
    with pytest.raises(EngineError, match=r"the state is locked: .* Fix: .*\./bigpicture engine unlock"):
        killed.engine.up()


def test_unlocking_names_what_was_being_made(killed):
    assert all(re.fullmatch(r"queue-\d\d\d", each.name) for each in killed.engine.unlock())


def test_what_a_killed_engine_made_is_taken_over_by_the_line_that_is_told(killed, tmp_path):
    place = Place(killed.gate.account_id, killed.gate.region)
    for each in killed.engine.unlock():
        [id_] = import_ids(each, place)
        if id_ in killed.queues():
            pulumi(killed, shlex.split(command(each, small_project.STACK, id_))[1:], tmp_path)
    assert killed.known() == set(killed.queues())


def pulumi(project, arguments, folder):
    """Run Pulumi itself, with a stand-in for its language host on PATH."""
    put_on_path(folder)
    variables = {"PATH": f"{folder}:{os.environ['PATH']}", "PYTHONPATH": str(Path(__file__).parents[2])}
    environment = {**os.environ, **project.backend.variables, **variables}
    line = [require().path, *arguments, "--yes", "--skip-preview"]
    subprocess.run(line, cwd=project.backend.work_dir, env=environment, capture_output=True, check=True)


def test_an_unlocked_state_is_deployed_to_its_end(killed):
    killed.engine.unlock()
    killed.engine.up()
    assert killed.known() == set(killed.queues())


def test_ctrl_c_lets_what_runs_come_to_its_end(project):
    up = started(project)
    os.killpg(up.pid, signal.SIGINT)
    assert "stopped by Ctrl-C; the state says what stands." in ended(project, up)
    assert project.known() == set(project.queues())


def test_the_next_up_goes_on_after_ctrl_c(project):
    up = started(project)
    os.killpg(up.pid, signal.SIGINT)
    ended(project, up)
    project.engine.up()
    assert len(project.queues()) == COUNT


def test_a_second_ctrl_c_stops_at_once_and_says_what_may_be_pending(project):
    up = started(project)
    for _ in range(2):
        os.killpg(up.pid, signal.SIGINT)
        time.sleep(0.1)  # two at the same moment are one
    assert "stopped at once by Ctrl-C; what was being made may stand in the account" in ended(project, up)


def test_a_program_that_shrinks_deletes_the_rest(deployed):
    deployed.write(QUEUES.format(count=COUNT - 1))
    deployed.engine.up()
    assert len(deployed.queues()) == COUNT - 1
