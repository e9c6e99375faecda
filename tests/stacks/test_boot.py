"""A server booted from its user data on this machine: the real install script, unit, environment file and artifact.

What it does not prove: cloud-init, systemd and AL2023's own packages. `aws`, `useradd`, `chown`, `curl` and `systemctl`
are small scripts that log their arguments, the disk is a temporary folder, and this Python stands for
/usr/bin/python3.12.
"""

import contextlib
import http.client
import os
import shlex
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

from stacks.artifact import pack
from stacks.user_data import cloud_config
from tests.app.processes import ENVIRONMENT, NOWHERE, ROOT, free_port
from tests.waiting import eventually

STAND_INS = {
    "aws": 'cp "$FETCHED" "${@: -1}"',
    "sleep": "",
    "useradd": "",
    "chown": "",
    "systemctl": "[[ $1 != show ]] || echo $(( ${RESTARTS:-0} * $$ ))",
    "curl": "exit ${REFUSED:-0}",
    "python3.12": f'exec {sys.executable} "$@"',
}


class Machine:
    """A folder that stands for a server's disk, with the user data's files on it."""

    def __init__(self, disk: Path) -> None:
        """Write what cloud-init writes, under *disk*."""
        self.disk = disk
        self.port = free_port()
        wheel = disk / "library-1-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as packed:
            packed.writestr("library/__init__.py", "")
        self.artifact = pack(ROOT / "app", disk / "bucket", [wheel])
        environment = ENVIRONMENT | {"BIGPICTURE_PORT": str(self.port), "BIGPICTURE_VERSION": self.artifact.sha256[:12]}
        text = cloud_config("web --services accounts", environment, "artifacts-1", self.artifact.key, "eu-west-1")
        for each in yaml.safe_load(text)["write_files"]:
            path = disk / each["path"].lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(each["content"].replace("/opt/bigpicture", f"{disk}/opt/bigpicture"))
            path.chmod(int(each["permissions"], 8))
        (disk / "bin").mkdir()
        for name, body in STAND_INS.items():
            (disk / "bin" / name).write_text(f'#!/bin/bash\necho "{name} $*" >> {disk}/calls\n{body}\n')
            (disk / "bin" / name).chmod(0o755)

    def install(self, fetched: Path, **service: str) -> tuple[int, list[str]]:
        """Run the install script; *fetched* is what lies in the bucket. Returns its status and what it called.

        *service* says how the process does: `REFUSED` is curl's status, and with `RESTARTS` it is another each time.
        """
        done = subprocess.run(
            [self.disk / "usr/local/sbin/bigpicture-install"],
            env={"PATH": f"{self.disk}/bin:{os.environ['PATH']}", "FETCHED": str(fetched), **service},
            capture_output=True,
            check=False,
        )
        return done.returncode, (self.disk / "calls").read_text().splitlines()

    def unit(self, key: str) -> str:
        """Read one setting of the systemd unit."""
        lines = (self.disk / "etc/systemd/system/bigpicture.service").read_text().splitlines()
        [value] = [line.partition("=")[2] for line in lines if line.startswith(f"{key}=")]
        return value

    def start(self) -> subprocess.Popen[bytes]:
        """Start the unit's ExecStart in its folder with its environment file."""
        interpreter, *arguments = shlex.split(self.unit("ExecStart"))
        assert interpreter == "/usr/bin/python3.12"
        lines = (self.disk / self.unit("EnvironmentFile").lstrip("/")).read_text().splitlines()
        environment = NOWHERE | dict(shlex.split(line)[0].split("=", 1) for line in lines)
        return subprocess.Popen([sys.executable, *arguments], cwd=self.unit("WorkingDirectory"), env=environment)


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def status_and_page(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def wait_for_health(port):
    return eventually(lambda: health(port), 200)


def health(port):
    with contextlib.suppress(ConnectionRefusedError):
        return status_and_page(port, "/health")[0]


def test_the_install_script_makes_the_user_first_and_starts_the_unit_last(machine):
    status, calls = machine.install(machine.artifact.path)
    key, folder = machine.artifact.key, f"{machine.disk}/opt/bigpicture"
    assert (status, [call for call in calls if not call.startswith("python3.12 ")]) == (
        0,
        [
            "useradd --system --user-group --no-create-home --shell /sbin/nologin bigpicture",
            "chown root:bigpicture /etc/bigpicture/app.env",
            f"aws s3 cp --only-show-errors --region eu-west-1 s3://artifacts-1/{key} {folder}/{Path(key).name}",
            "systemctl daemon-reload",
            "systemctl enable --now bigpicture.service",
            "systemctl show --property MainPID --value bigpicture.service",
            "sleep 15",
            "systemctl show --property MainPID --value bigpicture.service",
            "curl --silent --output /dev/null --max-time 5 http://127.0.0.1:8080/health",
        ],
    )


@pytest.mark.parametrize(("service", "asked"), [({"REFUSED": "7"}, 12), ({"RESTARTS": "1"}, 0)])
def test_a_server_whose_process_does_not_answer_or_does_not_last_powers_itself_off(machine, service, asked):
    status, calls = machine.install(machine.artifact.path, **service)
    assert (status, calls[-1]) == (1, "systemctl poweroff")
    assert (calls.count("sleep 15"), len([call for call in calls if call.startswith("curl ")])) == (12, asked)


def test_the_libraries_are_unpacked_where_the_unit_looks_for_them_and_compiled(machine):
    assert machine.install(machine.artifact.path)[0] == 0
    [path] = [word for word in machine.unit("Environment").split() if word.startswith("PYTHONPATH=")]
    folder = Path(path.removeprefix("PYTHONPATH=")) / "library"
    assert sorted(each.name for each in folder.iterdir()) == ["__init__.py", "__pycache__"]


def test_with_an_artifact_that_is_not_the_one_named_a_server_starts_nothing_and_powers_itself_off(machine, tmp_path):
    (tmp_path / "tampered.tar").write_bytes(machine.artifact.path.read_bytes() + b"\0")
    status, calls = machine.install(tmp_path / "tampered.tar")
    assert (status, [call for call in calls if "systemctl" in call]) == (1, ["systemctl poweroff"])
    assert list(Path(machine.unit("WorkingDirectory")).iterdir()) == []


def test_an_artifact_that_cannot_be_fetched_is_tried_five_times_and_then_given_up(machine, tmp_path):
    status, calls = machine.install(tmp_path / "missing.tar")
    assert (status, len([call for call in calls if call.startswith("aws ")])) == (1, 5)
    assert [call for call in calls if call.startswith("sleep ")] == [f"sleep {wait_s}" for wait_s in (2, 4, 8, 16, 0)]


def test_the_booted_server_is_healthy_serves_its_version_and_leaves_on_sigterm(machine):
    assert machine.install(machine.artifact.path)[0] == 0
    process = machine.start()
    try:
        assert wait_for_health(machine.port) == 200
        version = machine.artifact.sha256[:12]
        assert status_and_page(machine.port, "/health")[1] == f'{{"status":"ok","version":"{version}"}}'
        assert status_and_page(machine.port, "/accounts/session")[0] == 401
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
    finally:
        process.kill()
        process.wait()
