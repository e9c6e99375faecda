"""Make a package index of one library, so that no test of what pip does needs the network."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

WHEEL = "library-1-py3-none-any.whl"
METADATA = "Metadata-Version: 2.1\nName: library\nVersion: 1\n"


def make_index(folder: Path, lock: Path) -> Path:
    """Make the index in *folder*, and *lock* the library to the wheel that is in it; answer with its page's folder."""
    page = folder / "index" / "library"
    page.mkdir(parents=True)
    with zipfile.ZipFile(page / WHEEL, "w") as packed:
        packed.writestr("library-1.dist-info/METADATA", METADATA)
        packed.writestr("library-1.dist-info/WHEEL", "Wheel-Version: 1.0\n")
        packed.writestr("library-1.dist-info/RECORD", "")
    digest = hashlib.sha256((page / WHEEL).read_bytes()).hexdigest()
    (page / "index.html").write_text(f'<a href="{WHEEL}#sha256={digest}">{WHEEL}</a>')
    lock.parent.mkdir(exist_ok=True)
    lock.write_text(f"library==1 --hash=sha256:{digest}\n")
    return page


def variables(folder: Path) -> dict[str, str]:
    """Under which pip knows no other index than that in *folder*, and what it got is cached there."""
    return {
        "PIP_INDEX_URL": (folder / "index").as_uri(),
        "PIP_CONFIG_FILE": "/dev/null",
        "PIP_FIND_LINKS": "",
        "XDG_CACHE_HOME": str(folder / "cache"),
    }
