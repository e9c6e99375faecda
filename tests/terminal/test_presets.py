"""The presets can be read on a terminal of 80 columns, in the spelling of a stack file."""

from terminal.presets import presets


def test_one_knob_is_one_table(capsys):
    presets("app_servers", json_=False)
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["app_servers", "small", "medium", "large"],
        ["sandbox", "vertical", "1..2", "2..3", "2..4"],
        ["sandbox", "horizontal", "2..4", "3..12", "6..40"],
        ["production", "vertical", "3..6", "3..6", "3..6"],
        ["production", "horizontal", "3..6", "3..12", "6..40"],
    ]


def test_all_knobs_fit_80_columns(capsys):
    presets(None, json_=False)
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_a_switch_is_spelled_as_in_a_stack_file(capsys):
    presets("waf", json_=False)
    assert set(capsys.readouterr().out.split()) >= {"true", "false"}
