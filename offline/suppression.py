"""Say which differences the AWS provider passes over, though the two values are not the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DATABASE = "aws:rds/instance:Instance"


def suppressed(token: str, path: str, old: Any, news: Mapping[str, Any]) -> bool:
    """Whether the provider leaves *path* as it is; *old* is what stands, *news* what is asked for."""
    return (token, path) == (DATABASE, "allocatedStorage") and has_grown(old, news)


def has_grown(storage: Any, news: Mapping[str, Any]) -> bool:
    """Whether a database's storage of *storage* GiB has grown by itself beyond what is asked for.

    https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/rds/instance.go, the DiffSuppressFunc
    of allocated_storage.
    """
    asked, most = news.get("allocatedStorage") or 0, news.get("maxAllocatedStorage") or 0
    return 0 < asked < (storage or 0) and most > asked
