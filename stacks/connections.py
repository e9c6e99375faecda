"""Refuse more servers than the database has connections for, before the first resource is made."""

from __future__ import annotations

from app.contract import DATABASE_CONNECTIONS
from components.database import connection_limit
from stacks.grants import SERVICE_NEEDS, WORKER_NEEDS, needs_of
from stacks.knobs import SettingsError
from stacks.presets import app_fleets, worker_fleets
from stacks.settings import Settings


def refuse_too_many_servers(settings: Settings) -> None:
    """Raise SettingsError when all fleets at their maxima want more connections than the database's class takes.

    A process opens its connections when its requests want them: what is too many shows on the busiest day alone.
    """
    p = settings.preset
    apps, workers = app_fleets(settings.scaling), worker_fleets(settings.scaling)
    servers = p.app_servers.max * sum("database" in needs_of(SERVICE_NEEDS, each) for each in apps.values())
    servers += p.worker_servers.max * sum("database" in needs_of(WORKER_NEEDS, each) for each in workers.values())
    limit = connection_limit(p.database_class)
    if servers * DATABASE_CONNECTIONS > limit:
        problem = (
            f"app_servers {p.app_servers} and worker_servers {p.worker_servers} allow {servers} servers of"
            f" {DATABASE_CONNECTIONS} connections each, and database_class {p.database_class} takes {limit};"
            f" allowed: at most {limit // DATABASE_CONNECTIONS} servers that use the database."
            " Fix: a larger database_class, or smaller maxima"
        )
        raise SettingsError([problem])
