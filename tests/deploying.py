"""Deploy a piece of program into an empty offline account, for tests to read the truth back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engines import embedded
from engines.graph import Graph, Resource
from offline.account import Account, open_account

REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class Deployed:
    """One finished deployment: its graph, and the account that holds what it made."""

    graph: Graph
    account: Account
    outputs: dict[str, Any]
    monitor: embedded.OfflineMonitor

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client of the account that was deployed to."""
        return self.account.client(service, region)

    def of_type(self, token: str) -> list[Resource]:
        """Every resource of one type, in the order of registration."""
        return self.graph.of_type(token)

    def inputs(self, token: str) -> list[dict[str, Any]]:
        """The wire inputs of every resource of one type, secrets masked."""
        return [resource.inputs for resource in self.of_type(token)]

    def one(self, token: str, name: str | None = None) -> Resource:
        """The one resource of a type (and logical name); AssertionError when there are none or several."""
        found = [resource for resource in self.of_type(token) if name in (None, resource.name)]
        assert len(found) == 1, f"{len(found)} resources of {token} named {name}: {[r.name for r in found]}"
        return found[0]

    def differences(self) -> dict[str, tuple[Any, Any]]:
        """Every emulated property that the account tells otherwise than it went in: URN and name -> (in, out)."""
        found = {}
        for urn, live in self.monitor.live.items():
            held = live.handler.read(live.aws, live.id, live.inputs) or {}
            for name in live.inputs.keys() & live.handler.emulates:
                if held.get(name) != live.inputs[name]:
                    found[f"{urn} {name}"] = (live.inputs[name], held.get(name))
        return found


def deploy(program: Callable[[], Any], *, region: str = REGION, config: Mapping[str, str] | None = None) -> Deployed:
    """Run *program* (it makes components) as stack `test` of project `bigpicture` in an empty account."""
    account = open_account(region, "test")

    def run() -> None:
        program()

    result = embedded.deploy(
        run, account, project="bigpicture", stack="test", config={"aws:region": region, **(config or {})}
    )
    return Deployed(result.graph, account, result.outputs, result.monitor)
