"""Make .bigpicture/venv from requirements.lock, whole or not at all, then start the command line in it."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher.installation import compile_packages, install
from launcher.refusals import LaunchError, from_os_error, from_output
from launcher.story import Story

LOCK = "requirements.lock"


def main() -> None:
    """Make the environment of the checkout in the first argument, then become `cli.py` with the others."""
    root = Path(sys.argv[1])
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # so that cleaning up runs
    story = Story(sys.stderr)
    try:
        python = ensure_environment(root, story)
    except KeyboardInterrupt:
        story.say("stopped; the next start begins anew")
        sys.exit(128 + signal.SIGINT)
    except LaunchError as refusal:
        story.say(str(refusal))
        sys.exit(1)
    os.execv(python, [str(python), str(root / "cli.py"), *sys.argv[2:]])


def ensure_environment(root: Path, story: Story) -> Path:
    """Make the environment unless it is there and fits the lock; answer with its Python.

    Raises LaunchError with the fix. The environment that was there before then still stands.
    """
    state = root / ".bigpicture"
    environment = state / "venv"
    try:
        state.mkdir(exist_ok=True)
        with _one_at_a_time(state / "venv.lock", story):
            if not _is_current(environment, root / LOCK):
                _build(environment, root / LOCK, story)
    except OSError as error:
        raise from_os_error(error) from error
    return environment / "bin" / "python"


@contextmanager
def _one_at_a_time(path: Path, story: Story) -> Iterator[None]:
    """Hold the lock file, waiting for who has it. The kernel frees it when its holder dies, so it is never stale."""
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            story.say(f"process {file.read()} is making the environment; waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _is_current(environment: Path, lock: Path) -> bool:
    """Tell whether the environment was finished and made from this very lock, and its Python still exists."""
    made_from = environment / LOCK
    python = environment / "bin" / "python"
    return os.access(python, os.X_OK) and made_from.exists() and made_from.read_bytes() == lock.read_bytes()


def _build(environment: Path, lock: Path, story: Story) -> None:
    story.say(f"{reason(environment, lock)}: making .bigpicture/venv with Python {sys.version.split()[0]}")
    new = environment.with_name(f"venv.new.{os.getpid()}")
    _sweep(environment.parent)
    try:
        _make(new, environment, lock, story)
        if os.path.lexists(environment):  # also a symlink, wherever it leads
            environment.rename(environment.with_name(f"venv.old.{os.getpid()}"))
        new.rename(environment)
    finally:
        _sweep(environment.parent)
    story.say("the environment is ready")


def reason(environment: Path, lock: Path) -> str:
    """Why *environment* is to be made; the copy of the lock in it says that it was finished once."""
    made_from = environment / LOCK
    if not made_from.exists():
        return "first use"
    return "the environment's Python is gone" if made_from.read_bytes() == lock.read_bytes() else "the lock changed"


def _sweep(state: Path) -> None:
    """Remove what is no environment any more, or not yet: ours, and that of processes that were killed."""
    for leftover in state.glob("venv.*.*"):
        if leftover.is_symlink():
            leftover.unlink()  # what it leads to is somebody else's
        else:
            shutil.rmtree(leftover, ignore_errors=True)  # a killed launcher's pip may still write: swept the next time


def _make(new: Path, home: Path, lock: Path, story: Story) -> None:
    """Make everything that will be *home* in *new*; the copy of the lock comes last and says that it is complete."""
    story.begin("preparing pip")
    try:
        venv.EnvBuilder(symlinks=True, with_pip=True).create(new)
    except subprocess.CalledProcessError as error:
        raise from_output(str(error.output)) from error
    install(new, lock, story)
    compile_packages(new, home, story)
    story.finish()
    for script in [new / "pyvenv.cfg", *(new / "bin").iterdir()]:
        text = script.read_bytes()
        if str(new).encode() in text and not script.is_symlink():
            script.write_bytes(text.replace(str(new).encode(), str(home).encode()))
    shutil.copyfile(lock, new / LOCK)
