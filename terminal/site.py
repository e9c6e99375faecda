"""Put a stack under its engine as a command finds it, with the settings by which a run keeps what stands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from engines.backend import Backend
from engines.stack_file import config_of

if TYPE_CHECKING:  # these import pulumi, which a deploy of the embedded engine starts later
    from engines.draining import Account
    from engines.switching import Site

BackendOf = Callable[[Mapping[str, str]], Backend]
"""The backend of a stack under settings of this run."""


def site_of(
    stack: str, overrides: Mapping[str, str], allowed: Collection[str], account: Account, backend_of: BackendOf
) -> Site:
    """The stack under its engine, and the settings by which it keeps its zones, and table shards that hold items."""
    from engines.draining import MAP_VERSION, SETTING, Shards
    from engines.pulumi import PulumiEngine
    from engines.standing_zones import pinned
    from engines.switching import Site
    from stacks import settings

    engine = PulumiEngine(stack, backend_of(overrides))
    given = settings.of_config(config_of(stack, overrides), stack)
    asked = given.table_shards_draining
    kept = {} if given.zones else pinned(engine.deployed(), given.preset.zone_count)
    engine.configure(backend_of({**overrides, **kept}))

    def drain(number: int, version: int) -> None:
        more = {SETTING: str(number)} if number != asked else {}
        more |= {MAP_VERSION: str(version)} if version > given.table_map_version else {}
        engine.configure(backend_of({**overrides, **kept, **more}))

    shards = Shards(wanted=given.preset.table_shards, asked=asked, allowed=allowed, drain=drain)
    return Site(engine, account, shards)
