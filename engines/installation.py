"""Get the Pulumi CLI into the project's cache: downloaded where the network allows, else built from Go modules."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from pulumi.automation import PulumiCommand
from semver import VersionInfo

from engines.binary import VERSION, Binary, cache_folder, require
from engines.refusals import BinaryError
from engines.stack_file import ROOT

SOURCES = ROOT / "engines" / "build"
"""go.mod and go.sum: which modules the CLI is built from, and the sum that each must have."""
PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
DOWNLOAD_URL = "https://get.pulumi.com/install.sh"
PROBE_WAIT_S = 10.0

Tell = Callable[[str, int, int], None]
"""Told of each step: its name, how much of it is done, and of how much; 0 of 0 where nobody knows."""


def install(tell: Tell, *, build: bool = False) -> Binary:
    """Put the CLI into the cache unless it is there, and answer with the one that is used from now on.

    *build* leaves the download out. One process at a time: a second one waits and finds the work done. Raises
    BinaryError when neither way works, with what each of them lacked.
    """
    target = cache_folder()
    with _one_at_a_time(target, tell):
        if not (target / "bin" / "pulumi").exists():
            _get(target, tell, build=build)
    return require()


def _get(target: Path, tell: Tell, *, build: bool) -> None:
    why_not = "not tried" if build else _why_no_download() or _download(target, tell)
    if why_not is None:
        return
    if not shutil.which("go"):
        raise BinaryError(
            f"the Pulumi CLI can neither be downloaded ({DOWNLOAD_URL}: {why_not}) nor built (there is no go on PATH);"
            " allowed: one of the two. Fix: connect to the network, or install Go 1.25 or newer (https://go.dev/dl),"
            " or Pulumi itself (https://www.pulumi.com/docs/iac/download-install)"
        )
    _build(target, tell)


def _why_no_download() -> str | None:
    """None when Pulumi's own installer can be had; else the reason, within PROBE_WAIT_S."""
    try:
        # an opener of its own: the one that urlopen keeps has the proxies of its first use
        with urllib.request.build_opener().open(DOWNLOAD_URL, timeout=PROBE_WAIT_S):
            return None
    except (OSError, urllib.error.URLError) as error:
        return str(getattr(error, "reason", error))


def _download(target: Path, tell: Tell) -> str | None:
    """Let Pulumi's SDK run its installer, which brings the language hosts as well; the reason when it fails."""
    tell(f"downloading Pulumi {VERSION}", 0, 0)
    with tempfile.TemporaryDirectory(dir=target) as new:
        try:
            PulumiCommand.install(root=new, version=VersionInfo.parse(VERSION))
        except subprocess.CalledProcessError as error:
            return _last_line(error.output.decode())
        Path(new, "bin").replace(target / "bin")
    return None


def _build(target: Path, tell: Tell) -> None:
    """Compile it from the modules that engines/build names; about 3 minutes on two cores, and 75 MB at the end."""
    listed = _go(["list", "-deps", PACKAGE], "fetching modules", tell, total=0).splitlines()
    packages = sum(not line.startswith("go: ") for line in listed)
    made = target / "bin" / f"pulumi.{os.getpid()}"
    made.parent.mkdir(parents=True, exist_ok=True)
    version = f"-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{VERSION}"
    flags = ["-v", "-trimpath", "-buildvcs=false", "-ldflags", f"-s -w {version}", "-o", str(made)]
    try:
        _go(["build", *flags, PACKAGE], "compiling packages", tell, total=packages)
        made.replace(target / "bin" / "pulumi")
    finally:
        made.unlink(missing_ok=True)


def _go(arguments: list[str], step: str, tell: Tell, *, total: int) -> str:
    """Run go in the folder of the module; each line on stderr is one thing done. Answers with what it printed."""
    tell(step, 0, total)
    with subprocess.Popen(
        ["go", *arguments],  # noqa: S607  the user's own, found as the user finds it
        cwd=SOURCES,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as go:
        lines = []
        for line in go.stdout or ():
            lines.append(line)
            tell(step, len(lines), total)
    output = "".join(lines)
    if go.returncode:
        raise BinaryError(
            f"go {arguments[0]} failed while the Pulumi CLI was built: {_last_line(output)};"
            " allowed: Go 1.25 or newer and a module proxy that answers. Fix: go version; go env GOPROXY"
        )
    return output


def _last_line(output: str) -> str:
    lines = [line for line in output.splitlines() if not re.match(r"\s*$|go: downloading", line)]
    return lines[-1].strip() if lines else "it said nothing"


@contextlib.contextmanager
def _one_at_a_time(target: Path, tell: Tell) -> Iterator[None]:
    try:
        target.mkdir(parents=True, exist_ok=True)
        lock = (target / "install.lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise BinaryError(
            f"the cache {target} cannot be written: {error.strerror}; allowed: a writable folder."
            " Fix: its permissions, or another place with XDG_CACHE_HOME"
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell("waiting for another installation", 0, 0)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
