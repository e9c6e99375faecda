"""Name each setting that does something on AWS and nothing in the region, of all that the account holds."""

from __future__ import annotations

from offline.account import Account
from offline.region.left_out import edges, keeping, servers, signals, stores


def left_out(account: Account) -> list[str]:
    """What is set and not carried through, each as `name: what becomes of it here`, sorted."""
    parts = (edges, keeping, servers, signals, stores)
    return sorted({name for part in parts for name in part.named(account)})
