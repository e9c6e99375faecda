"""`up` says what it kept and what nobody does by itself, as `preview` does."""

from engines.outcome import Outcome, step
from engines.switching import Plan
from engines.touched import Touch
from terminal.switching import _tell_step, tell_done, tell_foreseen, tell_plan

URN = "urn:pulumi:s::p::aws:sqs/queue:Queue::queue-{:02}"
EMPTY = {"changes": {"same": 1}, "replaced": [], "deleted": [], "data": [], "outputs": {}, "seconds": 1.0}


def told(capsys, *steps, **more):
    """What a preview of these updates says before its counts."""
    tell_plan(Outcome(**EMPTY, steps=list(steps), **more))
    return capsys.readouterr().out.partition("\n\n")[0].splitlines()


def test_a_preview_names_what_is_made_and_what_changes_each_once_over_all_updates(capsys):
    first, second = step({URN.format(1): "create", URN.format(2): "update"}), step({URN.format(1): "update"})
    assert told(capsys, first, second) == [
        "  would be created: aws:sqs/queue:Queue::queue-01",
        "  would be updated: aws:sqs/queue:Queue::queue-02",
    ]


def test_a_preview_of_a_first_up_folds_its_names(capsys):
    many = step({URN.format(number): "create" for number in range(31)})
    assert told(capsys, many) == ["  would be created: 31 Queue: queue-00, queue-01, queue-02, 28 more"]


def test_nothing_is_shown_before_an_up_that_changes_nothing(capsys):
    tell_foreseen(Plan([], Outcome(**EMPTY, steps=[step({URN.format(1): "same"})]), [[]], [False]))
    assert capsys.readouterr().err == ""


def test_a_preview_lists_what_holds_data_and_is_changed_in_place(capsys):
    touch = Touch(name="a", urn=URN.format(1), type="aws:sqs/queue:Queue", properties=["delaySeconds"], effects=[])
    tell_plan(Outcome(**EMPTY, steps=[step({})], touched=[touch]))
    assert "\nWhat holds data:\n  Queue a (messages) changes delaySeconds in place\n" in capsys.readouterr().out


def test_up_says_what_it_kept_and_what_waits_for_somebody(capsys):
    tell_done(Outcome(**EMPTY, kept=["Table a still holds items"], advice=["reboot b"]))
    assert capsys.readouterr().out == "\n1 unchanged in 1.0 s\nkept: Table a still holds items\nnote: reboot b\n"


def test_an_update_more_than_was_planned_is_counted_too(capsys):
    _tell_step(2, step({}), count=2, err=False)
    assert capsys.readouterr().out == "update 3 of 3: nothing to do\n"
