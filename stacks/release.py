"""Make the artifact that a stack deploys: with every library for the servers, or the app alone where they are there."""

from __future__ import annotations

import hashlib
from pathlib import Path

from stacks.artifact import Artifact, pack
from stacks.wheels import SERVERS, Platform, fetch

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "app"
LOCK = "requirements.lock"
"""In the app's folder, and so in every artifact: it says what else a server needs."""
ARTIFACTS = ROOT / ".bigpicture" / "artifacts"

COMPLETE, CODE = "complete", "code"


def release(choice: str) -> Artifact:
    """The artifact that the setting `artifact` asks for: `complete`, `code`, or a file that was built before."""
    if choice == CODE:
        return pack(APP, ARTIFACTS)
    return complete(SERVERS) if choice == COMPLETE else built(Path(ROOT, choice))


def complete(platform: Platform, app: Path = APP, out: Path = ARTIFACTS) -> Artifact:
    """The app and the wheels of all its libraries; made once for each state of *app*, which holds their lock.

    Raises SettingsError, with the fix, when a wheel is neither cached nor to be had.
    """
    made = out / f"{platform.name}-{pack(app, out).sha256}"
    if not (made.exists() and Path(made.read_text(encoding="utf-8")).exists()):
        artifact = pack(app, out, fetch(app / LOCK, platform))
        made.write_text(str(artifact.path), encoding="utf-8")
    return built(Path(made.read_text(encoding="utf-8")))


def built(path: Path) -> Artifact:
    """An artifact by its file."""
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return Artifact(path=path, key=f"app/{sha256}.tar", sha256=sha256)
