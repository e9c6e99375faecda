"""Holds every test to this checkout: no AWS variables, no state outside .bigpicture (sockets: pyproject.toml)."""

import os
from pathlib import Path

from hypothesis.configuration import set_hypothesis_home_dir


def pytest_configure() -> None:
    """Drop the AWS variables of the shell (a test that needs one sets it), and keep hypothesis with the other state."""
    set_hypothesis_home_dir(Path(__file__).parents[1] / ".bigpicture" / "hypothesis")
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
