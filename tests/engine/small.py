"""A program of a few queues, for what has nothing to do with the store: faults, drift, and whoever is killed."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from botocore.exceptions import ClientError

from engines import state
from engines.backend import Backend, offline
from engines.empty_account import reachable
from engines.pulumi import PulumiEngine
from engines.running import Running
from offline.account import Account, open_account

STACK = "offline"
QUEUES = """import pulumi_aws as aws

for number in range({count}):
    aws.sqs.Queue(f"queue-{{number:03}}", visibility_timeout_seconds=30)
"""
SERVERS = """
vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
subnet = aws.ec2.Subnet("a", vpc_id=vpc.id, cidr_block="10.0.0.0/24", availability_zone="us-east-1a")
ami = aws.ssm.get_parameter(name="/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64")
template = aws.ec2.LaunchTemplate(
    "server", image_id=ami.insecure_value, instance_type="t4g.small",
    user_data=told.apply(lambda text: base64.b64encode(text.encode()).decode()),
)
aws.autoscaling.Group(
    "servers", min_size=1, max_size=2, vpc_zone_identifiers=[subnet.id], instance_refresh={{"strategy": "Rolling"}},
    launch_template={{"id": template.id, "version": template.latest_version.apply(lambda number: str(int(number)))}},
)
"""
"""The end of a program: a fleet whose servers are `told` something, and replaced when that changes."""


@dataclass(slots=True)
class Gate:
    """The account as the provider sees it; closed for one call, or slow, when a test says so."""

    account: Account
    refuse_at: int = 0
    """The how-manieth `create_queue` is refused; 0 for none."""
    refused: str = ""
    """The call that is refused each time, as boto3 spells it."""
    pause: float = 0.0
    """Seconds that each `create_queue` takes longer."""
    calls: int = 0
    account_id: str = field(init=False)
    region: str = field(init=False)

    def __post_init__(self) -> None:
        self.account_id, self.region = self.account.account_id, self.account.region

    def client(self, service: str, region: str | None = None) -> Any:
        """The account's client, with this gate before its `create_queue`."""
        return _Client(service, region, self)


class _Client:
    def __init__(self, service: str, region: str | None, gate: Gate) -> None:
        self._of, self._gate = (service, region), gate

    def __getattr__(self, name: str) -> Any:
        if name == "create_queue":
            self._gate.calls += 1
            time.sleep(self._gate.pause)
            if self._gate.calls == self._gate.refuse_at:
                raise ClientError({"Error": {"Code": "OverLimit", "Message": "one queue too many"}}, "CreateQueue")
        if name == self._gate.refused:
            raise ClientError({"Error": {"Code": "Refused", "Message": "the gate is closed"}}, name)
        return getattr(self._gate.account.client(*self._of), name)  # refused where the account closed meanwhile


@dataclass(frozen=True, slots=True)
class Small:
    """One small project in an account of its own."""

    root: Path
    running: Running
    gate: Gate

    def write(self, program: str) -> None:
        """Make *program* the project's."""
        (self.root / "__main__.py").write_text(program)

    @property
    def backend(self) -> Backend:
        """Where the engine works."""
        return offline(self.running, STACK, {}, self.root)

    @property
    def engine(self) -> PulumiEngine:
        """The engine, as a new command would start it."""
        return PulumiEngine(STACK, self.backend, root=self.root)

    @property
    def sqs(self) -> Any:
        """The account's own client, past the gate."""
        return self.gate.account.client("sqs")

    def queues(self) -> list[str]:
        """The URLs of all that stand in the account."""
        return self.sqs.list_queues().get("QueueUrls", [])

    def known(self) -> set[str]:
        """The ids of all that the state knows of."""
        return {resource.id for resource in state.read_graph(self.running).resources if resource.custom}

    def order(self) -> str:
        """What another process needs to know to work on the same."""
        return msgspec.json.encode([str(self.root), msgspec.to_builtins(self.running)]).decode()


@contextmanager
def small(folder: Path, count: int) -> Iterator[Small]:
    """A project of *count* queues, and nothing deployed yet."""
    root = folder / "project"
    (root / "stacks").mkdir(parents=True)
    (root / "stacks" / f"Pulumi.{STACK}.yaml").write_text("config:\n  aws:region: us-east-1\n")
    account = open_account("us-east-1", "small")
    gate = Gate(account)
    try:
        with reachable(STACK, gate) as running:
            made = Small(root, running, gate)
            made.write(QUEUES.format(count=count))
            yield made
    finally:
        account.close()


if __name__ == "__main__":
    project, place = msgspec.json.decode(sys.argv[1])
    deployed = msgspec.convert(place, Running)
    PulumiEngine(STACK, offline(deployed, STACK, {}, Path(project)), root=Path(project)).up()
