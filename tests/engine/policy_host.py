"""Stand in for `pulumi-analyzer-policy-python`, which no Go module holds, so that tests run Pulumi's policy packs."""

import sys
from pathlib import Path


def put_on_path(folder: Path) -> None:
    """Write the executable that the engine looks for: it is given the engine's address and the pack's folder."""
    executable = folder / "pulumi-analyzer-policy-python"
    executable.write_text(f'#!/bin/sh\nexec "{sys.executable}" -u -m pulumi.policy "$1" "$2"\n')
    executable.chmod(0o755)
