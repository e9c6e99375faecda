"""Give a test a checkout of its own, so that no command of it can touch the account that a developer has running."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

ROOT = Path(__file__).resolve().parent.parent.parent
LEFT_OUT = shutil.ignore_patterns(".git", ".bigpicture", "tests", "__pycache__", "benchmarks", "node_modules")


@dataclass(frozen=True, slots=True)
class Checkout:
    """A copy of the project in a folder of its own."""

    folder: Path

    def run(self, *arguments: str, expect: int = 0, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run the command line, from *folder* if need be, and check its exit code; a failure shows all that it said."""
        done = subprocess.run(
            self.command(*arguments), capture_output=True, text=True, env=clean_environment(), check=False, cwd=folder
        )
        assert done.returncode == expect, f"{arguments}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def json(self, *arguments: str) -> Any:
        """What a command answers with --json."""
        return json.loads(self.run(*arguments, "--json").stdout)

    def json_of_any_exit(self, *arguments: str) -> Any:
        """What a command answers with --json, whether it found faults or not."""
        done = subprocess.run(
            self.command(*arguments, "--json"), capture_output=True, text=True, env=clean_environment(), check=False
        )
        return json.loads(done.stdout)

    def client(self, service: str) -> Any:
        """A boto3 client of the account that runs in this checkout."""
        variables = self.json("env")
        return boto3.client(
            service,
            endpoint_url=variables["AWS_ENDPOINT_URL"],
            region_name=variables["AWS_REGION"],
            aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
        )

    def command(self, *arguments: str) -> list[str]:
        """The command line of this checkout, in the environment that runs the tests."""
        return [sys.executable, str(self.folder / "cli.py"), *arguments]

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command and do not wait for it."""
        return subprocess.Popen(
            self.command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=clean_environment()
        )


def clean_environment() -> dict[str, str]:
    """This process's environment without any AWS variable."""
    return {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}


def make_checkout(folder: Path) -> Checkout:
    """Copy the project, without its state, its history and its tests."""
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT, dirs_exist_ok=True)
    return Checkout(folder)


def make_used_checkout(folder: Path) -> Checkout:
    """Copy the project as `./bigpicture` leaves it after its first use: doctor finds its environment made."""
    made = make_checkout(folder)
    venv = made.folder / ".bigpicture" / "venv"
    venv.mkdir(parents=True)
    shutil.copy(made.folder / "requirements.lock", venv)
    return made
