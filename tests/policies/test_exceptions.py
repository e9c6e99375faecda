"""An exception sets its one finding aside until its last day; one that is wrong, over or unused is told."""

from datetime import date

import pytest

from policies import exceptions
from policies.catalogue import documented
from policies.checker import check
from policies.exceptions import ExceptionsError, Exemption
from policies.resource import Origin, Resource
from policies.stack import Stack

TODAY = date(2026, 11, 23)
QUEUE = "aws:sqs/queue:Queue"
ENTRY = '[[exception]]\nrule="queue-delay"\nresource="q"\nreason="r"\nexpires=2027-01-31\n'
FIELDS_TOLD = (
    "allowed: rule, resource, reason as texts, expires as a date such as 2027-01-31, and stack and type as texts where"
    " one alone is meant."
)


def exemption(expires=TODAY, **more):
    return Exemption(rule="queue-delay", resource="q", reason="for a week", expires=expires, **more)


def findings(stack="dev"):
    """Of a queue that delays for too long, in that stack."""
    origin = Origin(type=QUEUE, name="q", urn=f"urn:pulumi:{stack}::shop::{QUEUE}::q")
    return check(Stack([Resource(origin, {"delaySeconds": 901, "redrivePolicy": "x"})]))


def left(written, stack="dev"):
    """Whether the finding is left by the exception."""
    return "queue-delay" in [each.rule.id for each in exceptions.sort(findings(stack), [written], TODAY).left]


def refusal(tmp_path, text, **known):
    file = tmp_path / "exceptions.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ExceptionsError) as refused:
        exceptions.read(file, rules=documented(), **known)
    return str(refused.value).replace(f"{file}", "FILE")


def test_an_exception_sets_its_finding_aside_until_the_end_of_its_last_day():
    assert not left(exemption())


@pytest.mark.parametrize(("stack", "is_left"), [("dev", False), ("production", True)])
def test_an_exception_of_one_stack_holds_in_it_alone(stack, is_left):
    assert left(exemption(stack="dev"), stack) == is_left


@pytest.mark.parametrize(("type_", "is_left"), [(QUEUE, False), ("aws:sns/topic:Topic", True)])
def test_an_exception_of_one_type_holds_for_it_alone(type_, is_left):
    assert left(exemption(type=type_)) == is_left


def test_an_exception_that_is_over_is_told_and_covers_nothing():
    sorted_ = exceptions.sort(findings(), [exemption(date(2026, 11, 22))], TODAY)
    assert "queue-delay" in [each.rule.id for each in sorted_.left]
    [complaint] = sorted_.complaints
    assert complaint == (
        "exception of queue-delay for 'q' (for a week) ended on 2026-11-22."
        " Fix: mend the resource, or argue for another date"
    )


def test_an_unused_exception_is_told_where_all_that_it_could_cover_was_seen():
    unused = exemption(stack="dev", type=QUEUE)
    [complaint] = exceptions.sort([], [unused], TODAY, all_seen=lambda each: each is unused).complaints
    assert (
        complaint == f"exception of queue-delay for {QUEUE} 'q' in dev (for a week) covers no finding. Fix: delete it"
    )


def test_an_unused_exception_is_not_told_where_something_was_not_seen():
    assert exceptions.sort([], [exemption()], TODAY).complaints == []


def test_the_projects_own_exceptions_can_be_read():
    assert exceptions.read(rules=documented()) == []


def test_a_program_without_a_file_has_no_exceptions(tmp_path):
    assert exceptions.read(tmp_path / exceptions.NAME, rules=documented()) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[[exception]]\nrule="queue-delay"\ncolour="red"',
            f"an exception has colour, rule; {FIELDS_TOLD} Fix: resource, reason, expires, colour in FILE",
        ),
        (
            ENTRY.replace("queue-delay", "x"),
            "an exception's rule is 'x'; allowed: an id that `bigpicture rules` lists. Fix: FILE",
        ),
        (
            f'{ENTRY}type="x"',
            "an exception's type is 'x'; allowed: one that `bigpicture rules queue-delay` names. Fix: FILE",
        ),
        (f'{ENTRY}stack="prod"', "an exception's stack is 'prod'; allowed: dev or production. Fix: FILE"),
        ("[[exceptions]]", "exceptions.toml has exceptions; allowed: [[exception]]. Fix: FILE"),
    ],
)
def test_an_exception_that_is_not_right_is_refused(tmp_path, text, message):
    assert refusal(tmp_path, text, stacks={"production", "dev"}) == message


def test_a_file_that_is_no_toml_is_refused(tmp_path):
    assert refusal(tmp_path, "[[exception").startswith("exceptions.toml is no TOML: ")
