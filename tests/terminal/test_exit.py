"""A command ends at once: what is left in its memory is not gone through before."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = """
import os, runpy, sys

class Cycle:
    def __init__(self):
        self.itself = self

    def __del__(self, say=os.write):
        say(1, b"collected")

held = Cycle()
sys.argv = ["bigpicture", "--version"]
runpy.run_path("cli.py", run_name="__main__")
"""


def test_what_only_the_collector_would_find_at_the_end_of_a_command_is_left_to_the_system():
    ended = subprocess.run([sys.executable, "-c", COMMAND], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout == "bigpicture, version 0.1.0\n"
