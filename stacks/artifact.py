"""Pack the app into the one file that every server runs: the same bytes for the same source, on every machine."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

CODE = frozenset({".py", ".json", ".html", ".css", ".js", ".svg", ".sql", ".pem", ".txt", ".lock"})
"""Kinds of file that the app may consist of; a stray file of another kind (a log, a cache) never reaches a server."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """One packed release of the app."""

    path: Path
    key: str
    """Where it lies in the artifacts' bucket; it holds the hash, so that an old server never finds a new release."""
    sha256: str
    """Of the packed file, in 64 hex digits."""


def pack(source: Path, out_dir: Path, wheels: Iterable[Path] = ()) -> Artifact:
    """Pack the folder *source* under its own name, and *wheels* under `wheels/`, into a .tar in *out_dir*.

    Names sorted, times zero, owner root, modes 0644, and not compressed, as two builds of zlib pack differently: every
    machine gets the same hash, so a fleet is refreshed only when the app has changed. Wheels are compressed already, by
    whoever published them. Raises ValueError without code.
    """
    files = sorted(each for each in source.rglob("*") if each.is_file() and each.suffix in CODE)
    if not files:
        raise ValueError(f"the app's folder is {source}, without a file of {', '.join(sorted(CODE))}. Fix: pack app/")
    code = {f"{source.name}/{each.relative_to(source).as_posix()}": each.read_bytes() for each in files}
    packed = _tar(code | {f"wheels/{each.name}": each.read_bytes() for each in sorted(wheels)})
    sha256 = hashlib.sha256(packed).hexdigest()
    path = out_dir / f"{sha256}.tar"
    _write(path, packed)
    return Artifact(path=path, key=f"app/{path.name}", sha256=sha256)


def _tar(contents: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in contents.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), 0o644
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def _write(path: Path, packed: bytes) -> None:
    """Put the file there whole or not at all: a second `up` may read it while this one writes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(f".{os.getpid()}")
    half.write_bytes(packed)
    half.replace(path)
