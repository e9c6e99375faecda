"""Fetch and unpack what servers run, once for each artifact, as their install script does."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from pathlib import Path
from typing import Any

from offline.region.cloud_config import Boot
from offline.region.process import RegionError


def unpacked(boot: Boot, s3: Any, folder: Path) -> Path:
    """The artifact's folder under *folder*, fetched through *s3* unless it is there. RegionError for a wrong hash."""
    home = folder / boot.sha256
    if home.exists():
        return home
    packed = s3.get_object(Bucket=boot.bucket, Key=boot.key)["Body"].read()
    found = hashlib.sha256(packed).hexdigest()
    if found != boot.sha256:
        raise RegionError(
            f"s3://{boot.bucket}/{boot.key} has the hash {found}; allowed: the one of its name. Fix: deploy again"
        )
    half = folder / f"{boot.sha256}.half"
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(half, filter="data")
    for wheel in sorted(half.glob("wheels/*.whl")):
        with zipfile.ZipFile(wheel) as library:
            library.extractall(half / "lib")  # noqa: S202  its hash is checked, and zipfile keeps it within
    return half.replace(home)
