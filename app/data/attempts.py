"""How often somebody has tried: a counter in Valkey that starts anew after a while."""

import hashlib
from typing import Protocol

from app.data.valkey import Cache

WINDOW_S = 15 * 60
LIMIT = 10
"""Wrong passwords for one e-mail address within WINDOW_S: guessing one of a thousand common ones takes a day."""

_COUNT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {count, redis.call('TTL', KEYS[1])}
"""


class Attempts(Protocol):
    """Counts attempts by name, for all servers together."""

    async def another(self, name: str) -> int:
        """Count one more, and say how many seconds it has to wait."""
        ...

    async def clear(self, name: str) -> None:
        """Start anew."""
        ...


class ValkeyAttempts:
    """Attempts in the cluster."""

    def __init__(self, cache: Cache) -> None:
        """Count in *cache*."""
        self._cache = cache

    async def another(self, name: str) -> int:
        """Count one more; returns 0, or the seconds until the next attempt when there were more than LIMIT.

        Consistent: Unavailable rather than attempts that nobody counts.
        """
        count, left_s = await self._cache.run(_COUNT, _key(name), str(WINDOW_S))
        return max(1, left_s) if count > LIMIT else 0

    async def clear(self, name: str) -> None:
        """Start anew: the right password was given. Consistent, as `another` is."""
        async with self._cache.client() as valkey:
            await valkey.delete(_key(name))


def _key(name: str) -> str:
    return f"attempts:{hashlib.sha256(name.encode()).hexdigest()}"
