"""What holds for every rule: the unknown is no finding, references are followed, secrets are not shown."""

import json
import operator
from functools import partial

import msgspec
import pulumi
import pulumi_aws as aws
import pytest

from policies.checker import check
from policies.resource import Origin, Resource
from policies.rule import RuleError, resource_rule
from policies.rules import all_rules
from policies.sarif import sarif
from policies.stack import Stack
from policies.values import UNKNOWN, UnknownValueError
from tests.policies import parts
from tests.policies.fragments import findings, recorded

QUEUE = "aws:sqs/queue:Queue"


def resource(**inputs):
    return Resource(Origin(type=QUEUE, name="q", urn="urn:q", source="app.py:7"), inputs)


@pytest.mark.parametrize("ask", [bool, str, len, list, hash, partial(operator.eq, 1), partial(operator.gt, 1)], ids=str)
def test_whoever_asks_the_unknown_anything_leaves(ask):
    with pytest.raises(UnknownValueError):
        ask(UNKNOWN)


@pytest.mark.parametrize("type_", sorted({type_ for rule in all_rules() for type_ in rule.types}))
def test_a_resource_of_which_nothing_is_known_breaks_no_rule_about_a_value(type_):
    names = ["name", "policy", "visibilityTimeoutSeconds", "subnets", "rules", "origins"]
    values = dict.fromkeys(names, UNKNOWN)
    unknown = Resource(Origin(type=type_, name="x", urn="urn:x"), values)
    assert [each for each in check(Stack([unknown])) if each.property in values] == []


def test_a_secret_is_held_to_its_limits_and_never_shown():
    told = [str(each) for each in findings(lambda: aws.rds.Instance("db", instance_class="x", password="sh/rt"))]
    assert [each for each in told if "sh/rt" in each] == []
    assert any("password is [secret]" in each for each in told)


def test_a_reference_is_followed_by_value_and_by_where_it_came_from():
    def program():
        queue = aws.sqs.Queue("q")
        aws.sqs.QueuePolicy("known", queue_url=queue.id, policy="{}")
        aws.sqs.QueuePolicy("unknown", queue_url=queue.url, policy="{}")

    stack = recorded(program)
    [queue] = stack.of(QUEUE)
    assert [each.name for each in stack.referring("aws:sqs/queuePolicy:QueuePolicy", "queueUrl", queue)] == [
        "known",
        "unknown",
    ]


def test_a_reference_out_of_the_program_leads_nowhere():
    stack = recorded(lambda: aws.sqs.QueuePolicy("p", queue_url="https://sqs/elsewhere", policy="{}"))
    assert stack.referred(stack.resources[0], "queueUrl", QUEUE) == []


def test_a_rule_that_fails_says_which_and_on_what():
    @resource_rule(QUEUE, source="https://x", fix="none")
    def broken(_queue):
        """It fails."""
        raise KeyError("oops")

    with pytest.raises(
        RuleError, match=r"rule broken failed on aws:sqs/queue:Queue q \(app.py:7\): KeyError\('oops'\)"
    ):
        check(Stack([resource()]), [broken])


def test_what_a_rule_says_in_its_own_words_the_model_does_not_say_again():
    found = findings(lambda: aws.cloudwatch.LogGroup("log", name="a" * 513))
    assert [each.rule.id for each in found if each.property == "name"] == ["log-name"]


def test_a_password_of_a_replica_is_one_finding():
    found = findings(lambda: parts.replica(parts.database(identifier="db"), password="long-enough"))
    assert [each.rule.id for each in found if each.property == "password"] == ["database-replica-inherits"]


def test_sarif_names_rule_level_and_line():
    found = [each for each in check(Stack([resource(delaySeconds=901)])) if each.rule.id == "queue-delay"]
    [result] = sarif(found, all_rules())["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert (result["ruleId"], result["level"], place["artifactLocation"]["uri"], place["region"]["startLine"]) == (
        "queue-delay", "error", "app.py", 7,
    )  # fmt: skip


def test_sarif_is_json_all_through():
    found = findings(lambda: aws.sqs.Queue("q", delay_seconds=901))
    assert json.loads(msgspec.json.encode(sarif(found, all_rules())))["version"] == "2.1.0"


def test_what_only_the_deployment_knows_is_no_finding():
    made = findings(lambda: aws.sqs.Queue("q", name=pulumi.Output.from_input(aws.sqs.Queue("o").url)))
    assert [each for each in made if each.property == "name"] == []
