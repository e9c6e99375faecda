"""Everything of a running region that may be lost without a customer's losing anything, and how it is lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from offline.patches.overlay import backend_of
from offline.region.region import Region
from offline.region.server import Server
from tests.deploying import Deployed
from tests.stores import fleets
from tests.waiting import eventually

IN_SERVICE = "InService"


@dataclass(frozen=True, slots=True)
class Running:
    """A deployed store and the region that runs it, which goes on when it is told to."""

    store: Deployed
    region: Region

    @property
    def url(self) -> str:
        """Where customers are."""
        [edge] = self.region.edges
        return edge.url

    def serving(self, fleet: str) -> list[str]:
        """The instances of a fleet that are in service."""
        return _serving(fleets(self.store)[fleet])

    def is_whole(self) -> bool:
        """Let the region go on, and say whether all that was deployed runs, is healthy, and follows its primary."""
        self.region.follow()
        return self._hosts_serve() and self._data_follows()

    def _hosts_serve(self) -> bool:
        states = {state for group in self.region.health().values() for state in group.values()}
        return states == {"healthy"} and all(
            len(self._alive(group)) == group["DesiredCapacity"] for group in fleets(self.store).values()
        )

    def _alive(self, group: Mapping[str, Any]) -> list[str]:
        known = self.region.servers
        return [name for name in _serving(group) if name in known and known[name].alive]

    def _data_follows(self) -> bool:
        [database] = self.region.databases.values()
        [cache] = self.region.caches
        roles = [cache.role(name) for name in cache.hosts]
        linked = [cache.follows(name) for name, role in zip(cache.hosts, roles, strict=True) if role == "slave"]
        return roles.count("master") == cache.args.shards and all(linked) and database.all_follow()


@dataclass(frozen=True, slots=True)
class Victim:
    """One thing that is lost: at once, or after it has taken work in hand."""

    name: str
    lose: Callable[[Running], None]
    hold: Callable[[Running], None] = lambda _: None
    """Let it take what comes, and do nothing."""
    queue: str = ""
    """The kind of work that a worker has in hand when it is lost."""


def _serving(group: Mapping[str, Any]) -> list[str]:
    return [each["InstanceId"] for each in group["Instances"] if each["LifecycleState"] == IN_SERVICE]


def host(fleet: str) -> Victim:
    """One server of a fleet, with its machine."""
    return Victim(fleet, lambda running: running.region.lose(running.serving(fleet)[0]))


def worker(kind: str) -> Victim:
    """The one server of a fleet of workers, which dies with messages in its hands."""
    fleet = f"worker-{kind}"

    def server(running: Running) -> Server:
        [instance] = running.serving(fleet)
        return running.region.servers[instance]

    def hold(running: Running) -> None:
        os.kill(server(running).pid, signal.SIGSTOP)

    def lose(running: Running) -> None:
        server(running).lose()
        give_back(running.store, kind)

    return Victim(fleet, lose, hold, kind)


def database_replica(running: Running) -> None:
    """Kill PostgreSQL where it only reads."""
    [database] = running.region.databases.values()
    next(iter(database.replicas.values())).kill()


def cache_replica(running: Running) -> None:
    """Kill Valkey where it only follows."""
    [cache] = running.region.caches
    cache.kill(next(name for name in cache.hosts if cache.role(name) == "slave"))


def in_hand(store: Deployed, kind: str) -> int:
    """How many messages of a kind of work are with its workers."""
    name = "ApproximateNumberOfMessagesNotVisible"
    told = store.client("sqs").get_queue_attributes(QueueUrl=_url(store, kind), AttributeNames=[name])
    return int(told["Attributes"][name])


def take_in_hand(store: Deployed, kind: str) -> bool:
    """Wait until a worker has a message of this kind."""
    return eventually(lambda: in_hand(store, kind) > 0, wanted=True)


def give_back(store: Deployed, kind: str) -> None:
    """Let the visibility timeout of what the dead have in hand be over: it is up to 90 s."""
    sqs, url = store.client("sqs"), _url(store, kind)
    queue: Any = backend_of("sqs", store.account.account_id, store.account.region).queues[url.rpartition("/")[2]]
    for message in [*queue.pending_messages]:
        sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=message.receipt_handle, VisibilityTimeout=0)


def _url(store: Deployed, kind: str) -> str:
    [url] = [
        each
        for each in store.client("sqs").list_queues(QueueNamePrefix=f"work-{kind}-")["QueueUrls"]
        if "dead-letters" not in each
    ]
    return url


SERVICES = ("accounts", "catalog", "orders", "payments", "shipping", "feedback")
WORK = ("pictures", "mail", "shipping", "statistics", "sagas")
VICTIMS = (
    *(host(f"app-{service}") for service in SERVICES),
    Victim("a replica of the database", database_replica),
    Victim("a replica of the cache", cache_replica),
    *(worker(kind) for kind in WORK),
)
"""Workers come last: then customers are at every step that gives them work."""
