"""Name each setting that does something on AWS and nothing in the region, of all that runs there and is heard there."""

from __future__ import annotations

from offline.account import Account
from offline.region.left_out import servers, signals, stores


def left_out(account: Account) -> list[str]:
    """What is set and not carried through, each as `name: what becomes of it here`, sorted."""
    return sorted({*servers.named(account), *stores.named(account), *signals.named(account)})
