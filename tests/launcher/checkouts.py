"""A small checkout to start: the launcher itself, one package in a folder of wheels, a lock, a command line."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CLI = '''"""Answer with what the launcher gave: arguments, folder, environment, standard input."""
import json, os, sys, tiny
print(json.dumps({"arguments": sys.argv[1:], "folder": os.getcwd(), "prefix": sys.prefix, "root": sys.path[0],
                  "tiny": tiny.VERSION, "input": sys.stdin.read()}))
sys.exit(7 if "fail" in sys.argv else 0)
'''
MODULE = """VERSION = {version!r}
PATTERN = '\\w'  # a warning from Python 3.12 on


def main():
    print(VERSION, __file__)
"""


def make_wheel(folder: Path, version: str) -> str:
    """Write tiny-VERSION, a package with a console script; answer with its line in a lock."""
    wheel = folder / f"tiny-{version}-py3-none-any.whl"
    meta = f"tiny-{version}.dist-info"
    files = {
        "tiny.py": MODULE.format(version=version),
        f"{meta}/METADATA": f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n",
        f"{meta}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{meta}/entry_points.txt": "[console_scripts]\ntiny = tiny:main\n",
        f"{meta}/RECORD": "",
    }
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text)  # dated 1980: the same hash each time
    return f"tiny=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


@dataclass
class Checkout:
    """A folder with the launcher copied, a lock of one package, and a `cli.py` that answers with what it was given."""

    root: Path
    wheels: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def venv(self) -> Path:
        """Where the environment belongs."""
        return self.root / ".bigpicture" / "venv"

    @property
    def lock(self) -> Path:
        """The lock file."""
        return self.root / "requirements.lock"

    def command(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the launcher and do not wait for it."""
        command = [self.root / "bigpicture", *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=self.environment, text=True, stdin=pipe, stdout=pipe, stderr=pipe)

    def run(self, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """Start the launcher and wait for its end; `program` names another path to it."""
        command = [options.pop("program", self.root / "bigpicture"), *arguments]
        defaults = {"env": self.environment, "cwd": self.root, "input": "", "timeout": 120}
        return subprocess.run(command, capture_output=True, text=True, check=False, **(defaults | options))


def make_checkout(folder: Path) -> Checkout:
    """Make a checkout that was never started, and whose pip finds nothing but one folder of wheels."""
    checkout = Checkout(folder / "check out", folder / "wheels")  # a space, because people have them in their paths
    checkout.root.mkdir()
    checkout.wheels.mkdir()
    shutil.copy(ROOT / "bigpicture", checkout.root)
    shutil.copytree(ROOT / "launcher", checkout.root / "launcher", ignore=shutil.ignore_patterns("__pycache__"))
    (checkout.root / "cli.py").write_text(CLI)
    elsewhere = f"other==1.0 ; sys_platform == 'win32' --hash=sha256:{'0' * 64}\n"
    checkout.lock.write_text(elsewhere + make_wheel(checkout.wheels, "1.0"))
    pip = {"PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": checkout.wheels.as_uri(), "PIP_NO_INDEX": "1"}
    checkout.environment = os.environ | pip | {"BIGPICTURE_PYTHON": sys.executable}
    return checkout
