"""A program of the region never outlives its supervisor, and is not root where that is refused."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from offline.region.process import Process, RegionError
from tests.waiting import eventually

STARTER = """
import sys, time
from pathlib import Path
from offline.region.process import Process
print(Process(["/bin/sleep", "60"], Path(sys.argv[1]), root=sys.argv[2] == "root").pid, flush=True)
time.sleep(60)
"""


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("identity", ["root", "not-root"])
def test_a_program_ends_when_its_supervisor_is_killed(tmp_path, identity):
    with subprocess.Popen([sys.executable, "-c", STARTER, tmp_path, identity], stdout=subprocess.PIPE) as starter:
        pid = int(next(iter(starter.stdout or [])))
        while Path(f"/proc/{pid}/comm").read_text() != "sleep\n":
            time.sleep(0.01)
        starter.kill()
    assert eventually(lambda: is_running(pid), wanted=False) is False


def test_a_program_that_refuses_root_does_not_see_it(tmp_path):
    Process(["/usr/bin/id", "-u"], tmp_path, root=False).finish()
    assert (tmp_path / "id.log").read_text() == f"{os.geteuid() or 65534}\n"


def test_what_such_a_program_writes_belongs_to_the_supervisor(tmp_path):
    Process(["/usr/bin/touch", "written"], tmp_path, root=False).finish()
    assert (tmp_path / "written").stat().st_uid == os.geteuid()


def test_a_failed_program_is_told_with_its_last_words_and_its_log(tmp_path):
    with pytest.raises(RegionError) as refusal:
        Process(["/bin/ls", "/no/such/folder"], tmp_path).finish()
    assert str(refusal.value) == (
        "ls ended with 2: /bin/ls: cannot access '/no/such/folder': No such file or directory;"
        f" allowed: a server that runs. Fix: read {tmp_path}/ls.log"
    )


def test_a_stopped_program_gets_the_signal_that_it_is_stopped_with(tmp_path):
    program = Process(["/bin/sleep", "60"], tmp_path)
    while Path(f"/proc/{program.pid}/comm").read_text() != "sleep\n":
        time.sleep(0.01)
    program.stop(signal.SIGINT)
    assert program._child.returncode == -signal.SIGINT
