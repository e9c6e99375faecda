"""`up` says what it kept and what nobody does by itself, as `preview` does."""

from engines.outcome import Outcome, step
from terminal.switching import _tell_step, tell_done


def test_up_says_what_it_kept_and_what_waits_for_somebody(capsys):
    done = {"changes": {"same": 1}, "replaced": [], "deleted": [], "data": [], "outputs": {}, "seconds": 1.0}
    tell_done(Outcome(**done, kept=["Table a still holds items"], advice=["reboot b"]))
    assert capsys.readouterr().out == "\n1 unchanged in 1.0 s\nkept: Table a still holds items\nnote: reboot b\n"


def test_an_update_more_than_was_planned_is_counted_too(capsys):
    _tell_step(2, step({}), count=2, err=False)
    assert capsys.readouterr().out == "update 3 of 3: nothing to do\n"
