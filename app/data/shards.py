"""Which shard owns a customer: a pure function of the customer and the shards' names, the same everywhere.

Standard library only, as `planning/` computes with it too.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping


def shard_for(customer_id: str, shards: Iterable[str]) -> str:
    """Name the shard that owns *customer_id*: the same answer in every process and release.

    Growing from N to N+1 shards moves about 1/(N+1) of the customers, all of them to the new shard.
    Source: Thaler & Ravishankar 1998 (rendezvous hashing). sha256 because hash() is salted per process.
    """
    return max(shards, key=lambda shard: (_weight(shard, customer_id), shard))


def former_owners(customer_id: str, tables: Mapping[str, str], draining: Collection[str] = ()) -> list[str]:
    """Name the shards that owned *customer_id* while there were fewer, or before some began to drain, without today's.

    Shards come and go at the end of the names' order only: so every former map is known from today's. The owner of the
    most shards comes first.
    """
    shards = sorted(tables)
    today = shard_for(customer_id, [shard for shard in shards if shard not in draining])
    owners = dict.fromkeys(shard_for(customer_id, shards[:count]) for count in range(len(shards), 0, -1))
    return [owner for owner in owners if owner != today]


def _weight(shard: str, customer_id: str) -> bytes:
    return hashlib.sha256(f"{shard}\0{customer_id}".encode()).digest()
