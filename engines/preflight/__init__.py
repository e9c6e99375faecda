"""Look, before anything is made, whether an AWS account can take a stack."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from engines.cloud import of_config
from engines.finding import Finding
from engines.preflight import account, capacity, names, offerings, permissions, versions
from engines.preflight.site import Site
from engines.stack_file import ROOT, config_of
from stacks import settings

Check = Callable[[Site], Iterable[Finding]]
CHECKS: tuple[Check, ...] = (
    account.is_the_one,
    account.region_is_enabled,
    account.plan,
    account.service_linked_roles,
    permissions.of_commands,
    account.lifetime,
    capacity.zones,
    offerings.database,
    offerings.cache,
    capacity.quotas,
    names.zone,
    names.delegation,
    versions.versions,
    versions.duration,
)


def preflight(
    stack: str, overrides: Mapping[str, str] | None = None, checks: Iterable[Check] = CHECKS
) -> list[Finding]:
    """Every finding of *checks* about *stack* and the account that the credentials at hand lead to.

    Raises the refusals of the stack's own settings, and CloudError where no account can be asked at all.
    """
    config = config_of(stack, overrides or {}, ROOT)
    wanted = settings.of_config(config, stack)
    cloud = of_config(config)
    site = Site(settings=wanted, config=config, cloud=cloud, identity=cloud.identity())
    return [finding for check in checks for finding in check(site)]
