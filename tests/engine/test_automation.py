"""The engine's command line is started once for what one start can tell."""

from pathlib import Path

import pytest

from engines.binary import require
from tests.engine.small import small

PROGRAM = """import pulumi
import pulumi_aws as aws

pulumi.export("url", aws.sqs.Queue("letters").url)
pulumi.export("word", pulumi.Output.secret("hidden"))
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    with small(tmp_path_factory.mktemp("automation"), 0) as made:
        made.write(PROGRAM)
        yield made


@pytest.fixture
def starts(tmp_path, monkeypatch):
    """The first words of each start, as a program in front of Pulumi notes them."""
    log, real = tmp_path / "starts", Path(require().path)
    noting = tmp_path / "pulumi"
    noting.write_text(f'#!/bin/sh\necho "$*" >> {log}\nexec {real} "$@"\n')
    noting.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return lambda: [line.removeprefix("--non-interactive ").split()[0] for line in log.read_text().splitlines()]


def test_a_verb_starts_pulumi_once(project, starts):
    engine = project.engine
    before = len(starts())
    engine.up()
    engine.refresh()
    assert starts()[before:] == ["up", "refresh"]


def test_the_outputs_are_those_of_the_state_and_hide_what_is_secret(project):
    project.engine.up()
    assert project.engine.outputs() == {"url": project.queues()[0], "word": "[secret]"}
