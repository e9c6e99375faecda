"""Programs in other languages deploy the boxes through Pulumi's engine, which starts `components/` as a package."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from engines import state
from engines.binary import require
from engines.graph import Graph
from engines.outcome import Outcome
from engines.refusals import EngineError
from tests.engine.foreign import PACKAGE, foreign
from tests.engine.language_host import put_on_path
from tests.guards.documentation import FENCE, text_of

PAGE = "docs/package.md"
EXAMPLE = next(block[2] for block in FENCE.finditer(text_of(PAGE)) if block[1] == "yaml")
IN_PYTHON = """from components.work_queue import WorkQueue, WorkQueueArgs

WorkQueue("mail", WorkQueueArgs(max_job_s=60))
"""
IN_YAML = """resources:
  mail:
    type: bigpicture:index:WorkQueue
    properties: {maxJobS: 60}
"""
TOO_SLOW = """resources:
  mail:
    type: bigpicture:index:WorkQueue
    properties: {maxJobS: 90000}
"""


@dataclass(frozen=True, slots=True)
class Example:
    """The page's program, deployed twice, and what then stood in the account: it has ended when the tests run."""

    up: Outcome
    again: Outcome
    graph: Graph
    queue: dict[str, str]
    subscriptions: list[dict[str, str]]
    tables: list[str]


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    with foreign(tmp_path_factory.mktemp("foreign")) as project:
        project.write(EXAMPLE)
        up, again, client = project.engine.up(), project.engine.up(), project.small.gate.client
        queue = client("sqs").get_queue_attributes(QueueUrl=up.outputs["queueUrl"], AttributeNames=["All"])
        return Example(
            up,
            again,
            state.read_graph(project.small.running),
            queue["Attributes"],
            client("sns").list_subscriptions()["Subscriptions"],
            client("dynamodb").list_tables()["TableNames"],
        )


@pytest.fixture
def empty(tmp_path):
    with foreign(tmp_path) as project:
        yield project


def inputs(schema):
    """Box -> its inputs: the command drops what it takes for a default from the rest."""
    return {token: sorted(box["inputProperties"]) for token, box in json.loads(schema)["resources"].items()}


def test_a_number_of_the_program_arrives_in_the_account(example):
    assert example.queue["VisibilityTimeout"] == "120"


def test_a_reference_between_boxes_arrives_in_the_account(example):
    queues = [each["Endpoint"] for each in example.subscriptions if ":events-" in each["TopicArn"]]
    assert queues == [example.queue["QueueArn"]]


def test_a_mapping_of_outputs_comes_back(example):
    assert sorted(example.up.outputs["jobTables"].values()) == sorted(example.tables)


def test_a_box_of_another_language_has_the_type_of_a_python_programs_box(example):
    types = {each.type for each in example.graph.resources if each.name == "mail" and not each.custom}
    assert types == {"bigpicture:messaging:WorkQueue"}


def test_a_second_up_changes_nothing(example):
    assert example.again.changes == {**dict.fromkeys(example.up.changes, 0), "same": example.up.changes["create"]}


def test_a_refusal_of_a_box_reaches_the_program_of_another_language(empty):
    empty.write(TOO_SLOW)
    with pytest.raises(EngineError, match=r"max_job_s is 90000; allowed: 1 to 21600. Fix: max_job_s"):
        empty.engine.up()


def test_a_stack_moves_to_another_language_and_its_resources_stay(empty):
    empty.small.write(IN_PYTHON)
    stood = empty.engine.up().changes["create"]
    empty.write(IN_YAML)
    assert empty.engine.up().changes == {"create": 0, "update": 0, "replace": 0, "delete": 0, "same": stood}


def test_pulumis_own_command_reads_the_schema_that_is_checked_in(tmp_path):
    put_on_path(tmp_path)
    environment = {
        **os.environ,
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
    command = [require().path, "package", "get-schema", str(PACKAGE)]
    printed = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, check=True).stdout
    assert inputs(printed) == inputs(Path(PACKAGE, "schema.json").read_bytes())
