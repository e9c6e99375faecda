"""Holds every test to this checkout: no AWS variables, no state that is the user's (sockets: pyproject.toml)."""

import atexit
import gc
import os
import signal
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

pytest_plugins = ["tests.data_servers"]
KEPT = tempfile.TemporaryDirectory(prefix="bigpicture-state-")
"""In place of the user's own folder of states, where a stack on AWS may be known."""
LONG = ("engine", "end_to_end", "stacks", "policies", "engines")
"""Folders with files of minutes, the longest first: the last of them alone would leave every core but one idle."""


def pytest_configure() -> None:
    """Drop the AWS variables of the shell (a test that needs one sets it), and keep hypothesis with the other state.

    The collector goes through a million objects of the modules each time: with its usual thresholds a sixth of the
    tests' time, and no less memory is kept for it.

    A shell without job control starts what runs in its background deaf to Ctrl-C, and children inherit that.
    """
    gc.set_threshold(50_000, 5, 5)
    atexit.register(gc.freeze)  # as in cli.py
    signal.signal(signal.SIGINT, signal.default_int_handler)
    set_hypothesis_home_dir(Path(__file__).parents[1] / ".bigpicture" / "hypothesis")
    settings.register_profile("busy", deadline=None)  # of a machine that does other things too: 200 ms are no defect
    settings.load_profile("busy")
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ["XDG_STATE_HOME"] = KEPT.name


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the folders of LONG begin, in the random order that the files have otherwise."""
    rank = {(Path(__file__).parent / folder).resolve(strict=True): place for place, folder in enumerate(LONG)}
    items.sort(key=lambda item: rank.get(item.path.parent, len(LONG)))
