"""Each service and each kind of work is granted what its own code takes of its stores, and nothing beside it."""

import importlib
from typing import Any

import pytest

from app.contract import QUEUES, SERVICES, Contract
from app.stores import Stores
from app.web import ROUTERS, works_of
from stacks.grants import SERVICE_NEEDS, WORKER_NEEDS
from tests.app.processes import ENVIRONMENT

CONTRACT = Contract.from_environment(ENVIRONMENT)
WORDS = {
    "database": {"database"},
    "customers": {"tables"},
    "calls": {"calls"},
    "gate": {"calls"},
    "gateway_key": {"gateway"},
    "sessions": {"sessions"},
    "progress": {"sessions"},
    "cache": {"sessions"},
    "pictures": {"pictures"},
    "documents": {"documents"},
    "hints": {"send-statistics"},
    "topic_arn": {"publish"},
    **{name: set() for name in ("aws", "on_one_machine", "takes_payments", "public_url")},
}
"""What is taken of a process's stores, or of its contract -> what it is granted for that."""


class Noted:
    """Stores or a contract, and the grants that what was taken of them needs."""

    def __init__(self, whole, needs):
        self.whole, self.needs = whole, needs

    def __getattr__(self, name):
        taken = getattr(self.whole, name)
        if name in ("queues", "queue_urls"):
            return Queues(taken, self.needs)
        self.needs |= WORDS[name]
        return taken


class Queues:
    """Queues by kind of work."""

    def __init__(self, by_kind, needs):
        self.by_kind, self.needs = by_kind, needs

    def __getitem__(self, kind):
        self.needs.add(f"send-{kind}")
        return self.by_kind[kind]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_granted_what_it_takes(service):
    needs = {"sessions"}  # every service sees who is logged in
    stores: Any = Noted(Stores(CONTRACT, [service]), needs)
    contract: Any = Noted(CONTRACT, needs)
    ROUTERS[service](stores)
    works_of(contract, stores, [service])
    assert needs == SERVICE_NEEDS[service]


@pytest.mark.parametrize("kind", QUEUES)
def test_a_kind_of_work_is_granted_what_it_takes(kind):
    needs = {f"consume-{kind}"}
    stores: Any = Noted(Stores(CONTRACT, []), needs)
    importlib.import_module(f"app.work.{kind}").KIND.work(stores)
    assert needs == WORKER_NEEDS[kind]
