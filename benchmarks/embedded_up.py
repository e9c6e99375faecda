"""Measure an embedded `up` against its floor: the same boto3 calls, replayed straight at moto in the same process."""

from __future__ import annotations

import time
from typing import Any

from moto.moto_api._internal import mock_random

from benchmarks.measure import Result, computed
from engines.embedded import deploy, project_program
from engines.rehearsal import seed_of
from engines.stack_file import PROJECT_NAMESPACE, ROOT, config_of
from offline.account import Account, open_account

STACK = "offline"
BOUND = 1.3
ROUNDS = 3

Call = tuple[str, str, str, dict[str, Any], Any]
"""Service, region, operation, parameters, and the state of moto's random source before it: ids are drawn from that."""


class Recorder:
    """An account's clients, each noting what is asked of it: service, region, operation, parameters."""

    def __init__(self, account: Account) -> None:
        self.account_id = account.account_id
        self.calls: list[Call] = []
        self._account = account
        self._hooked: set[tuple[str, str]] = set()

    def client(self, service: str, region: str | None = None) -> Any:
        """The account's own client, with a listener on it."""
        region = region or self._account.region
        client = self._account.client(service, region)
        if (service, region) not in self._hooked:
            self._hooked.add((service, region))
            client.meta.events.register(
                "provide-client-params", self._listener(service, region), self._key(service, region)
            )
        return client

    def forget(self) -> None:
        """Take every listener off again."""
        for service, region in self._hooked:
            self._account.client(service, region).meta.events.unregister(
                "provide-client-params", unique_id=self._key(service, region)
            )

    def _key(self, service: str, region: str) -> str:
        return f"recorder-{service}-{region}"

    def _listener(self, service: str, region: str) -> Any:
        def listen(params: dict[str, Any], model: Any, **_: Any) -> None:
            self.calls.append((service, region, model.name, dict(params), mock_random.getstate()))

        return listen


def measure() -> list[Result]:
    """Alternate recording, deploying and replaying; the best of each counts."""
    calls = _recorded()
    deploys, replays = [], []
    for _ in range(ROUNDS):
        deploys.append(_deploy(_account()))
        replays.append(_replay(_account(), calls))
    ratio = min(deploys) / min(replays)
    detail = f"{min(deploys):.2f} s for {len(calls)} calls that take {min(replays):.2f} s alone"
    return [Result("embedded up / its own calls to moto", ratio, BOUND, "x", detail)]


def _account() -> Account:
    return open_account(config_of(STACK)["aws:region"], seed_of(STACK))


def _run(source: Any) -> None:
    deploy(project_program(ROOT), source, project=PROJECT_NAMESPACE, stack=STACK, config=config_of(STACK), folder=ROOT)


def _recorded() -> list[Call]:
    """The calls of one deployment, which also warms every import and client up."""
    recorder = Recorder(_account())
    _run(recorder)
    recorder.forget()
    return recorder.calls


def _deploy(account: Account) -> float:
    return computed(lambda: _run(account))


def _replay(account: Account, calls: list[Call]) -> float:
    clients = {(service, region): account.client(service, region) for service, region, *_ in calls}

    seconds = 0.0
    for service, region, operation, params, random_state in calls:
        mock_random.setstate(random_state)
        started = time.process_time()
        clients[service, region]._make_api_call(operation, params)  # noqa: SLF001  boto3's one door for any operation
        seconds += time.process_time() - started
    return seconds
