"""What runs beside the tests is heard at the end of them: what it found, and whether that is a fault."""

from terminal import checks


def test_a_tool_beside_the_tests_says_what_it_found_and_answers_with_its_exit_code(capfd):
    with checks._beside("no_such_tool") as end:
        assert (end(), capfd.readouterr().err.endswith("No module named no_such_tool\n")) == (1, True)
