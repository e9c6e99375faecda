"""Install the packages of the lock into a new environment: pip checks every hash, all cores byte-compile."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from launcher.refusals import from_output
from launcher.story import Story

_PIP = ("-m", "pip", "install", "--no-deps", "--require-hashes", "--only-binary", ":all:", "--no-compile", "--no-input")
_PLAIN = ("--progress-bar", "off", "--disable-pip-version-check")
_INTO_THIS_ENVIRONMENT = {"PIP_USER": "0", "PIP_TARGET": "", "PIP_PREFIX": "", "PIP_ROOT": ""}


def install(environment: Path, lock: Path, story: Story) -> None:
    """Install what *lock* pins, with the user's own pip configuration (index, proxy, certificates).

    Raises LaunchError; what pip printed is then in install.log beside *environment*.
    """
    downloads = environment / "downloads"  # inside, so that a killed installation leaves nothing in /tmp
    downloads.mkdir()
    command = [environment / "bin" / "python", *_PIP, *_PLAIN, "-r", lock]
    settings = os.environ | _INTO_THIS_ENVIRONMENT | {"TMPDIR": str(downloads)}
    with subprocess.Popen(
        command, env=settings, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        try:
            output = _follow(pip, len(re.findall(r"^\w\S*==", lock.read_text(), re.MULTILINE)), story)
        except BaseException:
            pip.terminate()
            raise
    shutil.rmtree(downloads)
    if pip.returncode:
        (environment.parent / "install.log").write_text(output)
        raise from_output(output)


def _follow(pip: subprocess.Popen[str], packages: int, story: Story) -> str:
    """Tell what pip is doing until it ends, and give back all that it printed."""
    lines, fetched = [], 0
    story.begin("fetching")
    for line in pip.stdout or ():
        lines.append(line)
        if line.startswith("Ignoring "):  # its marker names another platform
            packages -= 1
        elif found := re.match(r"Collecting (\S+)==(\S+)", line):
            fetched += 1
            story.update(f"{fetched} of {packages} packages, {found[1]} {found[2]}")
        elif line.startswith("Installing collected packages"):
            story.update(f"{packages} packages")
            story.begin(f"unpacking, {packages} packages")
        elif "Retrying" in line:
            story.update("the package index does not answer, pip tries again")
    return "".join(lines)


def compile_packages(environment: Path, home: Path, story: Story) -> None:
    """Write the .pyc files of every package, with the paths that they will have in *home*.

    In parallel this takes 17 s on two cores, where pip's own compilation takes 28 s. The exit status is not asked for:
    a file that does not compile is imported slowly or, being a template, never.
    """
    story.begin("byte-compiling")
    quiet = ("-W", "ignore", "-m", "compileall", "-qq")  # a package's odd escapes are not this user's to mend
    moved = ("-s", environment, "-p", home)
    command = [environment / "bin" / "python", *quiet, "-j", "0", *moved, environment / "lib"]
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
