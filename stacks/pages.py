"""Give what the pages refer to new names for new content, so that a browser may keep it for a year."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

NAME_DIGITS = 12
REFERENCE = re.compile(r'(?P<attribute>\b(?:href|src)=")/(?P<key>[^"#?]+)"')
"""A link to a file of the store itself; pages refer to everything from the root."""


def pack_pages(source: Path, out_dir: Path) -> dict[str, Path]:
    """Map each key of the pages' bucket to the file that belongs there.

    A page keeps its name, which people know, and so does what no page refers to (robots.txt). Everything that a page
    refers to is put under a name with its hash, and the page, written to *out_dir*, says that name. Raises ValueError
    for a reference to a file that is not there; a link without a suffix leads to a service and is left alone.
    """
    files = {path.relative_to(source).as_posix(): path for path in sorted(source.rglob("*")) if path.is_file()}
    named: dict[str, str] = {}
    pages = {key: _page(key, files, named, out_dir) for key in files if _is_page(key)}
    return pages | {named.get(key, key): path for key, path in files.items() if not _is_page(key)}


def _is_page(key: str) -> bool:
    return key.endswith(".html")


def _page(page: str, files: dict[str, Path], named: dict[str, str], out_dir: Path) -> Path:
    """Write *page* with every reference renamed, and note each new name in *named*."""

    def renamed(reference: re.Match[str]) -> str:
        key = reference["key"]
        if key not in files and not Path(key).suffix:
            return reference[0]
        if key not in files:
            raise ValueError(f"{page} refers to /{key}; allowed: {', '.join(files)}. Fix: {files[page]}")
        if not _is_page(key):
            named[key] = _hashed(key, files[key])
        return f'{reference["attribute"]}/{named.get(key, key)}"'

    packed = REFERENCE.sub(renamed, files[page].read_text(encoding="utf-8"))
    return _written(out_dir / page, packed)


def _hashed(key: str, path: Path) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:NAME_DIGITS]
    return str(Path(key).with_suffix(f".{digest}{path.suffix}"))


def _written(path: Path, text: str) -> Path:
    """Put the file there whole or not at all: a second `up` may read it while this one writes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(f".{os.getpid()}")
    half.write_text(text, encoding="utf-8")
    return half.replace(path)
