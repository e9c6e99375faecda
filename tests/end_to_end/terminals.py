"""Run a command at a terminal, with somebody there who answers what it asks, and acts on what it says."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

PATIENCE_S = 600
"""For a terminal that says nothing: more than any step of a deploy takes on the busiest machine."""
Reactions = Mapping[str, Callable[[], str]]
"""What the command says -> what is done each time that it does; the answer is typed."""


@dataclass(frozen=True, slots=True)
class Said:
    """The exit code, what stood on the terminal with what was typed, and the standard output if that went elsewhere."""

    code: int
    text: str
    answer: str = ""


def at_a_terminal(
    command: Sequence[str], environment: Mapping[str, str], reactions: Reactions, *, apart: bool = False
) -> Said:
    """Run *command*; with *apart* its standard output goes to a file, as behind `>`."""
    ours, theirs = pty.openpty()
    with tempfile.TemporaryFile("w+") as file:
        out = file if apart else theirs
        with subprocess.Popen(command, stdin=theirs, stdout=out, stderr=theirs, env=dict(environment)) as process:
            os.close(theirs)
            try:
                text = _watched(ours, reactions)
            except BaseException:
                process.kill()
                raise
            finally:
                os.close(ours)
        file.seek(0)
        return Said(process.returncode, text.replace("\r\n", "\n"), file.read())


def _watched(terminal: int, reactions: Reactions) -> str:
    text, seen = "", 0
    for more in _read(terminal):
        text += more
        while found := next((each for each in reactions if each in text[seen:]), None):
            seen = text.index(found, seen) + len(found)
            typed = reactions[found]()
            os.write(terminal, f"{typed}\n".encode() if typed else b"")
    return text


def _read(terminal: int) -> Iterator[str]:
    """What is written, as it comes, until nobody has the terminal open any more."""
    while select.select([terminal], [], [], PATIENCE_S)[0]:
        try:
            yield os.read(terminal, 4096).decode(errors="replace")
        except OSError:  # EIO: Linux's end of a terminal
            return
    raise TimeoutError(f"the command said nothing for {PATIENCE_S} s")
