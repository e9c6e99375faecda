"""Give what the pages refer to new names for new content, so that a browser may keep it for a year."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

NAME_DIGITS = 12
REFERENCES = {
    ".html": re.compile(r'(?P<before>\b(?:href|src)=")/(?P<key>[^"#?]+)(?=")'),
    ".js": re.compile(r'(?P<before>\b(?:from|import) ")/(?P<key>[^"]+)(?=")'),
}
"""A reference to a file of the store itself, by the suffix of what it stands in; always from the root."""


def pack_pages(source: Path, out_dir: Path) -> dict[str, Path]:
    """Map each key of the pages' bucket to the file that belongs there.

    A page keeps its name, which people know, and so does what nothing refers to (robots.txt). Everything that a page
    refers to, or a script that it needs, is put under a name with its hash, and what refers to it, written to
    *out_dir*, says that name. Raises ValueError for a reference to a file that is not there, and for scripts that
    import each other; a page's link without a suffix leads to a service and is left alone.
    """
    packing = _Packing(source, out_dir)
    pages = {key: path for key in packing.files if _is_page(key) for path in [packing.packed(key)[1]]}
    referred = {original: named for original, named in packing.done.items() if not _is_page(original)}
    left = {key: path for key, path in packing.files.items() if key not in packing.done}
    return pages | dict(sorted([*referred.values(), *left.items()]))


class _Packing:
    """One run over all files; each is packed once, after what it refers to."""

    def __init__(self, source: Path, out_dir: Path) -> None:
        self.files = {path.relative_to(source).as_posix(): path for path in sorted(source.rglob("*")) if path.is_file()}
        self.done: dict[str, tuple[str, Path]] = {}
        """File -> its key in the bucket, and what belongs there."""
        self._out_dir = out_dir
        self._waiting: list[str] = []

    def packed(self, key: str) -> tuple[str, Path]:
        if key in self._waiting:
            circle = " -> ".join([*self._waiting, key])
            raise ValueError(f"scripts import each other: {circle}; allowed: one way. Fix: {self.files[key]}")
        if key not in self.done:
            self._waiting.append(key)
            self.done[key] = self._pack(key)
            self._waiting.pop()
        return self.done[key]

    def _pack(self, key: str) -> tuple[str, Path]:
        path, reference = self.files[key], REFERENCES.get(Path(key).suffix)
        if reference:
            text = reference.sub(lambda found: self._renamed(key, found), path.read_text(encoding="utf-8"))
            path = _written(self._out_dir / key, text)
        return (key if _is_page(key) else _hashed(key, path)), path

    def _renamed(self, page: str, found: re.Match[str]) -> str:
        key = found["key"]
        if key not in self.files:
            if not Path(key).suffix:
                return found[0]
            raise ValueError(f"{page} refers to /{key}; allowed: {', '.join(self.files)}. Fix: {self.files[page]}")
        named = key if _is_page(key) else self.packed(key)[0]
        return f"{found['before']}/{named}"


def _is_page(key: str) -> bool:
    return key.endswith(".html")


def _hashed(key: str, path: Path) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:NAME_DIGITS]
    return str(Path(key).with_suffix(f".{digest}{path.suffix}"))


def _written(path: Path, text: str) -> Path:
    """Put the file there whole or not at all: a second `up` may read it while this one writes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(f".{os.getpid()}")
    half.write_text(text, encoding="utf-8")
    return half.replace(path)
