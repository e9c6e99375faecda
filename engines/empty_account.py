"""Open an empty account with its provider inside this process, for Pulumi's engine to try something out on."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from engines.rehearsal import known_region, seed_of
from engines.running import PULUMI, Running, providers_at
from engines.stack_file import ROOT, config_of
from offline.account import Account, open_account
from offline.provider import ServedAccount, serve

UNSERVED = "http://127.0.0.1:9"
"""The discard port: the account answers the provider alone, and no client is to find another by accident."""


@contextmanager
def empty_account(stack: str, overrides: Mapping[str, str] | None = None) -> Iterator[tuple[Running, Account]]:
    """Hand out an account that ends with the block, together with the engine's state of it."""
    region = known_region(config_of(stack, overrides)["aws:region"], stack)
    account = open_account(region, seed_of(stack))
    try:
        with reachable(stack, account) as running:
            yield running, account
    finally:
        account.close()


@contextmanager
def reachable(stack: str, account: ServedAccount) -> Iterator[Running]:
    """Serve the provider over *account* for as long as the block lasts, with an empty state of *stack*."""
    server = serve(account, project=ROOT)
    try:
        with tempfile.TemporaryDirectory(prefix="bigpicture-") as folder:
            yield Running(
                pid=os.getpid(),
                stack=stack,
                region=account.region,
                endpoint=UNSERVED,
                folder=folder,
                resources=0,
                seconds=0.0,
                engine=PULUMI,
                providers=providers_at(server.port),
            )
    finally:
        server.close()
