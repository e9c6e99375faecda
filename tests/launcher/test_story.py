"""Progress on stderr: finished steps in a file, the running step too on a terminal."""

import io

from launcher.story import Story


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def told(stream: io.StringIO) -> str:
    """What two steps write to *stream*."""
    story = Story(stream)
    story.begin("fetching")
    story.update("2 of 3 packages")
    story.begin("unpacking")
    story.finish()
    return stream.getvalue()


def test_a_file_gets_the_finished_steps_alone():
    assert told(io.StringIO()) == "  fetching, 2 of 3 packages, 0 s\n  unpacking, 0 s\n"


def test_a_terminal_sees_the_running_step_rewritten_in_place():
    assert told(Terminal()).split("\r\x1b[K") == [
        "",
        "  fetching, 0 s",
        "  fetching, 2 of 3 packages, 0 s",
        "  fetching, 2 of 3 packages, 0 s\n",
        "  unpacking, 0 s",
        "  unpacking, 0 s\n",
    ]


def test_a_line_of_its_own_does_not_end_the_running_step():
    stream = io.StringIO()
    story = Story(stream)
    story.begin("fetching")
    story.say("waiting")
    story.finish()
    assert stream.getvalue() == "bigpicture: waiting\n  fetching, 0 s\n"
