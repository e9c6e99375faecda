"""Run a stack's program against a throw-away account, so that what it would make is known before anything is made."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path

from botocore.loaders import Loader
from botocore.regions import EndpointResolver

from engines.embedded import Deployment, deploy, project_program
from engines.monitor import Progress
from engines.refusals import StackFileError
from engines.stack_file import PROJECT_NAMESPACE, ROOT, config_of
from offline.account import Account, open_account


def rehearse(
    stack: str, overrides: Mapping[str, str] | None = None, progress: Progress | None = None, root: Path = ROOT
) -> tuple[Deployment, Account]:
    """Deploy *stack* into an account that ends with this process; the account comes along for reading back."""
    config = config_of(stack, overrides, root)
    region = known_region(config["aws:region"], stack)
    account = open_account(region, seed_of(stack))
    deployment = deploy(
        project_program(root),
        account,
        project=PROJECT_NAMESPACE,
        stack=stack,
        config=config,
        folder=root,
        progress=progress,
    )
    return deployment, account


def seed_of(stack: str) -> str:
    """What ids in the account grow from: the same stack has the same ids in every run."""
    return f"{PROJECT_NAMESPACE}/{stack}"


def known_region(region: str, stack: str) -> str:
    """Return *region*, or refuse one that AWS does not have, with the nearest real names."""
    regions = EndpointResolver(Loader().load_data("endpoints")).get_available_endpoints("ec2")
    if region not in regions:
        near = ", ".join(difflib.get_close_matches(region, regions, n=3))
        raise StackFileError(
            f"aws:region is {region!r}; allowed: an AWS region. Nearest: {near or 'us-east-1'}."
            f" Fix: aws:region in stacks/Pulumi.{stack}.yaml"
        )
    return region
