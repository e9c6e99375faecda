"""Say how many connections a PostgreSQL instance of RDS takes, before its fleets take them all."""

import re

MEMORY_PER_CONNECTION = 9_531_392
"""Bytes; max_connections is LEAST(DBInstanceClassMemory/9531392, 5000) (RDS User Guide, "Quotas and constraints")."""
MOST = 5_000
USABLE = 0.9
"""Part of a class's memory that DBInstanceClassMemory counts, at least: RDS keeps the rest (same page)."""
GIB_OF_LARGE = {"t": 8, "m": 8, "r": 16, "x": 32, "c": 4}
"""Family -> memory of its `large` in GiB; others are multiples of it (RDS User Guide, "Hardware specifications")."""
PART_OF_LARGE = {"micro": 1 / 8, "small": 1 / 4, "medium": 1 / 2, "large": 1, "xlarge": 2}


def connection_limit(instance_class: str) -> int:
    """Give the connections that *instance_class*, such as `db.m7g.large`, takes; ValueError when it is none."""
    parts = re.fullmatch(r"db\.([a-z])[a-z0-9]*\.(\d*)([a-z]+)", instance_class)
    if not parts or parts[1] not in GIB_OF_LARGE or parts[3] not in PART_OF_LARGE:
        raise ValueError(
            f"instance_class is {instance_class!r}; allowed: db.<family>.<size>, families"
            f" {', '.join(GIB_OF_LARGE)}. Fix: a class such as db.t4g.small"
        )
    gib = GIB_OF_LARGE[parts[1]] * PART_OF_LARGE[parts[3]] * int(parts[2] or 1)
    return min(MOST, int(gib * 2**30 * USABLE / MEMORY_PER_CONNECTION))
