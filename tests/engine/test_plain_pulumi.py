"""Pulumi's own commands and ours work on one account and one state, from `env` to `down`."""

import os
import subprocess
from pathlib import Path

import pytest

from engines.binary import require
from tests.end_to_end.checkouts import clean_environment, make_checkout
from tests.engine.language_host import put_on_path

UP = "up --stack offline --yes --skip-preview --non-interactive --color never"


class Story:
    """One checkout in which Pulumi deploys by its literal command; what was said on the way is kept."""

    def __init__(self, folder: Path) -> None:
        self.checkout = make_checkout(folder / "checkout")
        self.path = folder / "bin"
        self.path.mkdir()
        put_on_path(self.path)
        self.file = self.checkout.folder / "Pulumi.yaml"
        self.written = self.file.read_text()
        self.stack_file = self.checkout.folder / "stacks" / "Pulumi.offline.yaml"
        self.stack_written = self.stack_file.read_text()
        self.variables = self.checkout.json("env", "--start")
        self.said = self.pulumi(UP)

    def pulumi(self, arguments: str) -> str:
        """Run Pulumi in the project's folder, as after `eval "$(./bigpicture env)"`."""
        place = {
            "PATH": f"{self.path}:{Path(require().path).parent}:{os.environ['PATH']}",
            "PULUMI_HOME": str(self.path / "home"),
            "PULUMI_SKIP_CHECKPOINTS": "true",
        }
        environment = {**clean_environment(), **self.variables, **place}
        done = subprocess.run(
            ["pulumi", *arguments.split()],
            cwd=self.checkout.folder, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    told = Story(tmp_path_factory.mktemp("plain"))
    yield told
    told.checkout.run("down", "--now")


def test_pulumi_needs_no_edit_of_its_project_file(story):
    assert story.file.read_text() == story.written


def test_pulumi_adds_a_salt_to_the_stack_file_and_nothing_else(story):
    found = [line.partition(" v1:")[0] for line in story.stack_file.read_text().splitlines()]
    assert found == [*story.stack_written.splitlines(), "encryptionsalt:"]


def test_our_preview_finds_what_pulumi_deployed_unchanged(story):
    changes = story.checkout.json("preview")["changes"]
    assert changes == {**dict.fromkeys(changes, 0), "same": changes["same"]}


def test_every_resource_that_pulumi_made_is_listed(story):
    resources = story.checkout.json("resources")
    assert f"+ {len(resources)} created" in story.said


def test_an_output_is_read_from_the_state(story):
    assert story.checkout.run("outputs", "url").stdout.strip() in story.said


def test_a_refresh_of_ours_finds_nothing_changed(story):
    changes = story.checkout.json("refresh")["changes"]
    assert changes == {**dict.fromkeys(changes, 0), "same": changes["same"]}
