"""Run one PostgreSQL server, primary or standby, and ask it as its owner."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from offline.region.binaries import postgres_folder
from offline.region.process import Process, RegionError

OWNER = "rdsadmin"
"""The superuser, which on RDS as here the customer never is."""
READY_S = 30.0

# fsync=off: a power failure is no case here. synchronous_commit stays on, as with it off standbys lag 200 ms.
_CONFIGURATION = """\
listen_addresses = '{address}'
port = {port}
unix_socket_directories = ''
fsync = off
synchronous_commit = on
shared_buffers = 32MB
wal_retrieve_retry_interval = 100ms
timezone = 'UTC'
log_timezone = 'UTC'
"""
_ACCESS = "host all all 127.0.0.0/8 scram-sha-256\nhost replication {owner} 127.0.0.0/8 scram-sha-256\n"


class PostgresNode:
    """One server in its own folder, with its own address."""

    def __init__(self, folder: Path, address: str, port: int) -> None:
        self.folder = folder
        self.host = address
        self.port = port
        self._programs = postgres_folder()
        self._process: Process | None = None

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.alive

    def make(self, password: str) -> None:
        """Make an empty cluster, whose owner has *password*."""
        self.folder.mkdir(mode=0o700)
        secret = self.folder / "password"
        secret.write_text(password)
        choices = ["--username", OWNER, "--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync", "--wal-segsize=1"]
        spelling = ["--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
        self._run("initdb", "-D", self.data, *choices, *spelling).finish()
        secret.unlink()
        (self.data / "pg_hba.conf").write_text(_ACCESS.format(owner=OWNER))

    def copy_from(self, primary: PostgresNode) -> None:
        """Begin as a copy of a primary that has not run yet."""
        shutil.copytree(primary.folder, self.folder)

    def back_up_from(self, primary: PostgresNode, slot: str) -> None:
        """Begin as a copy of a primary that runs, also where one of this name was before."""
        shutil.rmtree(self.data, ignore_errors=True)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        source = ["-h", primary.host, "-p", str(primary.port), "-U", OWNER, "--no-password"]
        self._run("pg_basebackup", *source, "-D", self.data, "-c", "fast", "-S", slot, "--no-sync").finish()

    def follow(self, primary: PostgresNode, slot: str, name: str) -> None:
        """Be a standby from the next start on."""
        source = (
            f"host={primary.host} port={primary.port} user={OWNER} passfile={self._passfile} application_name={name}"
        )
        following = f"primary_conninfo = '{source}'\nprimary_slot_name = '{slot}'\n"
        (self.folder / "following.conf").write_text(following)
        (self.data / "standby.signal").touch()

    def configure(self, parameters: Mapping[str, str]) -> None:
        """Write down what holds from the next start on, and what can at the next reload."""
        text = _CONFIGURATION.format(address=self.host, port=self.port)
        if self._version() >= 18:
            text += "io_method = sync\n"  # 18's default, three more processes a server, has nothing to win on a laptop
        text += "".join(f"{name} = {quoted(value)}\n" for name, value in parameters.items())
        text += "include_if_exists = '../following.conf'\n"
        (self.data / "postgresql.conf").write_text(text)

    def start(self, parameters: Mapping[str, str]) -> None:
        """Start with the database's *parameters*; `wait` says when it answers."""
        self.configure(parameters)
        self._process = self._run("postgres", "-D", self.data)

    def answers(self) -> bool:
        """Whether it takes connections."""
        ask = [self._programs / "pg_isready", "-q", "-h", self.host, "-p", str(self.port)]
        return subprocess.run(ask, check=False).returncode == 0

    def wait(self) -> None:
        """Wait until it takes connections; RegionError with its last words when it does not."""
        self.wait_until(self.answers)

    def wait_until(self, ready: Callable[[], bool]) -> None:
        """Wait for something else that only a living server can bring about; RegionError as in `wait`."""
        assert self._process  # noqa: S101  started
        self._process.wait_until(ready, READY_S)

    def sql(self, text: str, database: str = "postgres") -> str:
        """Carry out *text* as the owner; its rows, a line each, columns parted by `|`. RegionError with the reason."""
        command = [self._programs / "psql", "-XAtqw", "-v", "ON_ERROR_STOP=1", "-h", self.host, "-p", str(self.port)]
        done = subprocess.run(
            [*command, "-U", OWNER, "-d", database],
            input=text,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RegionError(f"PostgreSQL at {self.host} refused: {done.stderr.strip()}. Fix: read {self.folder}")
        return done.stdout.strip()

    def stop(self) -> None:
        """End it as a planned restart does: open transactions are rolled back."""
        if self._process:
            self._process.stop(signal.SIGINT)

    def kill(self) -> None:
        """End it as the loss of its machine would."""
        if self._process:
            self._process.kill()

    @property
    def data(self) -> Path:
        """PostgreSQL's own folder."""
        return self.folder / "data"

    @property
    def _passfile(self) -> Path:
        return self.folder.parent / "passfile"

    @property
    def _environment(self) -> dict[str, str]:
        return {"PGPASSFILE": str(self._passfile), "LC_ALL": "C"}

    def _run(self, program: str, *arguments: str | Path) -> Process:
        command = [self._programs / program, *arguments]
        return Process(command, self.folder, root=False, last_signal=signal.SIGQUIT, environment=self._environment)

    def _version(self) -> int:
        said = subprocess.run([self._programs / "postgres", "--version"], check=True, capture_output=True, text=True)
        return int(re.findall(r"\d+", said.stdout)[0])


def quoted(text: str) -> str:
    """A string of SQL, or of postgresql.conf."""
    return "'" + text.replace("'", "''") + "'"
