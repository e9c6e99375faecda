"""`check --program` accepts what the program's own file of exceptions says, and fails where that file is wrong."""

import pytest
from click.testing import CliRunner

from cli import main
from policies.rules import all_rules

PROGRAM = 'import pulumi_aws as aws\naws.sqs.Queue("q", delay_seconds=901, redrive_policy="{}")\n'
ENTRY = """
[[exception]]
rule = "queue-delay"
resource = "q"
reason = "it waits"
expires = 2999-01-31
"""


@pytest.fixture
def project(tmp_path):
    tmp_path.joinpath("__main__.py").write_text(PROGRAM, encoding="utf-8")
    tmp_path.joinpath("Pulumi.dev.yaml").touch()
    return tmp_path


def checked(project, text, *arguments):
    """Exit code, and the lines about exceptions or the refusal."""
    project.joinpath("exceptions.toml").write_text(text, encoding="utf-8")
    done = CliRunner().invoke(main, ["check", "--program", str(project), *arguments])
    lines = [each.strip() for each in done.output.replace(str(project), "DIR").splitlines()]
    return done.exit_code, [each for each in lines if "exception" in each or "accepted" in each]


def counted(mandatory, accepted):
    return f"{len(all_rules())} rules: {mandatory} mandatory and 0 advisory findings, {accepted} accepted."


def test_a_finding_that_the_programs_own_file_accepts_is_no_failure(project):
    assert checked(project, ENTRY) == (0, [counted(0, 1)])


def test_findings_stand_under_the_box_of_their_resource(project):
    queue, topic = 'aws.sqs.Queue("q", delay_seconds=901, redrive_policy="{}")', 'aws.sns.Topic("t", name="a b")'
    template = 'aws.ec2.LaunchTemplate("l", name="a b")'
    project.joinpath("__main__.py").write_text(f"import pulumi_aws as aws\n{queue}\n{topic}\n{template}\n")
    said = CliRunner().invoke(main, ["check", "--program", str(project)]).output.splitlines()
    assert [each for each in said if each[:1] != " "][:-1] == ["fleet", "event bus", "work queue"]


def test_without_a_file_nothing_is_accepted(project):
    assert checked(project, "") == (1, [counted(1, 0)])


@pytest.mark.parametrize(("stack", "code", "accepted"), [("dev", 0, 1), ("offline", 1, 0)])
def test_an_entry_for_one_stack_is_of_that_stack_alone(project, stack, code, accepted):
    said = checked(project, f'{ENTRY}stack = "dev"', "--stack", stack)
    assert said == (code, [counted(1 - accepted, accepted)])


def test_an_entry_that_covers_nothing_fails_the_check(project):
    said = "exception of queue-delay for 'p' (it waits) covers no finding. Fix: delete it"
    assert checked(project, ENTRY + ENTRY.replace('"q"', '"p"')) == (1, ["exceptions", said, counted(0, 1)])


def test_an_entry_that_is_over_fails_the_check(project):
    over = "exception of queue-delay for 'q' (it waits) ended on 2019-01-31."
    said = f"{over} Fix: mend the resource, or argue for another date"
    assert checked(project, ENTRY + ENTRY.replace("2999", "2019")) == (1, ["exceptions", said, counted(0, 1)])


def test_an_entry_of_an_unknown_rule_is_refused(project):
    said = "Error: an exception's rule is 'queue-dealy'; allowed: an id that `bigpicture rules` lists."
    assert checked(project, ENTRY.replace("delay", "dealy")) == (1, [f"{said} Fix: DIR/exceptions.toml"])
