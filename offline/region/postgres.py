"""Run a PostgreSQL primary and its streaming replicas, with lag and loss on demand."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from offline.region.addresses import Addresses, port_on
from offline.region.postgres_node import OWNER, PostgresNode, quoted

FOLLOWING = (
    "select count(*) from pg_stat_replication where state = 'streaming' and replay_lsn >= pg_current_wal_flush_lsn()"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PostgresArgs:
    """One database as RDS describes it."""

    database: str
    user: str
    """The master user: makes databases and roles, but is no superuser, as on RDS."""
    password: str = field(repr=False)
    name: str = "primary"
    """The primary's identifier."""
    replicas: tuple[str, ...] = ()
    """The read replicas' identifiers: lower-case letters, digits and '-'."""
    port: int = 5432
    """Another is taken where a server of this machine has it on every address; `Postgres.port` says which."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Settings of the parameter group, by PostgreSQL's names."""


class Postgres:
    """One primary and the replicas that follow it, all on the same port, each on its own address."""

    def __init__(self, args: PostgresArgs, folder: Path, addresses: Addresses) -> None:
        """Start them all, in *folder*, and wait until every replica streams. RegionError with the fix."""
        self.args = args
        hosts = addresses.take(1 + len(args.replicas))
        self.port = port_on(hosts, args.port)
        self._addresses = addresses
        folder.mkdir(parents=True)
        self.primary = PostgresNode(folder / args.name, hosts[0], self.port)
        self.replicas = {
            name: PostgresNode(folder / name, host, self.port)
            for name, host in zip(args.replicas, hosts[1:], strict=True)
        }
        self._make(folder)
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    @property
    def nodes(self) -> dict[str, PostgresNode]:
        """Identifier -> its server, the primary's first."""
        return {self.args.name: self.primary, **self.replicas}

    @property
    def hosts(self) -> dict[str, str]:
        """Identifier -> its address."""
        return {name: node.host for name, node in self.nodes.items()}

    def kill(self, name: str) -> None:
        """End a server as the loss of its machine would; what was committed is on its storage."""
        self.nodes[name].kill()

    def change(self, args: PostgresArgs) -> None:
        """Become what *args* says while clients go on: its replicas, parameters, and the master user's password.

        As on RDS, static parameters wait for the next `restart`. RegionError with the reason.
        """
        for name in self.replicas.keys() - {*args.replicas}:
            self.drop(name)
        for node in self.nodes.values() if args.parameters != self.args.parameters else ():
            node.configure(args.parameters)
            if node.alive:
                node.sql("select pg_reload_conf()")
        if args.password != self.args.password:
            self.primary.sql(f"alter role {_identifier(args.user)} password {quoted(args.password)}")
        self.args = args
        for name in args.replicas:
            if name not in self.replicas:
                self.add(name)

    def add(self, name: str) -> PostgresNode:
        """Add a replica to the running primary, from a backup."""
        [host] = self._addresses.take(1)
        replica = PostgresNode(self.primary.folder.with_name(name), host, self.port)
        self._make_slot(name)
        replica.back_up_from(self.primary, _slot(name))
        replica.follow(self.primary, _slot(name), name)
        replica.start(self.args.parameters)
        replica.wait()
        self.replicas[name] = replica
        return replica

    def drop(self, name: str) -> None:
        """End a replica for good, and its slot with it: a slot without a reader keeps the primary's log for ever."""
        self.replicas.pop(name).stop()
        slot = _slot(name)
        self.primary.sql(
            f"select pg_terminate_backend(active_pid, 5000) from pg_replication_slots"  # noqa: S608  the region's own name
            f" where slot_name = '{slot}' and active; select pg_drop_replication_slot('{slot}')"
        )

    def delay(self, name: str, seconds: float) -> None:
        """Let a replica replay each commit *seconds* after the primary made it; 0 ends that."""
        milliseconds = round(seconds * 1000)
        self.replicas[name].sql(f"alter system set recovery_min_apply_delay = {milliseconds};\nselect pg_reload_conf()")

    def pause(self, name: str) -> None:
        """Stop a replica's replay until `resume`: it answers reads, ever older."""
        self.replicas[name].sql("select pg_wal_replay_pause()")

    def resume(self, name: str) -> None:
        """Let a paused replica replay again."""
        self.replicas[name].sql("select pg_wal_replay_resume()")

    def restart(self, name: str | None = None) -> None:
        """Start the replica *name*, or the primary, again: after `kill` or `stop` of its node, or in one go."""
        node = self.replicas[name] if name else self.primary
        if node.alive:
            node.stop()
        node.start(self.args.parameters)
        node.wait()

    def all_follow(self) -> bool:
        """Whether every replica streams, and has replayed all that the primary wrote: its databases, to begin with."""
        return int(self.primary.sql(FOLLOWING)) == len(self.replicas)

    def mend(self, lost: Collection[str] = ()) -> None:
        """Start again whoever ended by itself, as RDS replaces a host that failed; it takes its time behind the call.

        One that cannot start yet, as what it left behind is still ending, is started again by the next call. The
        machines of those in *lost* are still to come.
        """
        for name, node in self.nodes.items():
            if not node.alive and name not in lost:
                node.start(self.args.parameters)

    def stop(self) -> None:
        """End all of them; what they held stays in the folder."""
        for node in [*self.replicas.values(), self.primary]:
            if node.alive:
                node.stop()

    def _make(self, folder: Path) -> None:
        password = secrets.token_urlsafe()
        passfile = folder / "passfile"
        passfile.touch(mode=0o600)
        passfile.write_text(f"*:*:*:{OWNER}:{password}\n")
        self.primary.make(password)
        for name, replica in self.replicas.items():
            replica.copy_from(self.primary)
            replica.follow(self.primary, _slot(name), name)

    def _start(self) -> None:
        """All at once: a replica asks for its slot ten times a second until the primary has it."""
        nodes = [self.primary, *self.replicas.values()]
        for node in nodes:
            node.start(self.args.parameters)
        self.primary.wait()
        for name in self.replicas:
            self._make_slot(name)
        self._make_database()
        for node in nodes:
            node.wait()
        self.primary.wait_until(self.all_follow)

    def _make_slot(self, name: str) -> None:
        self.primary.sql(f"select pg_create_physical_replication_slot('{_slot(name)}')")

    def _make_database(self) -> None:
        user = _identifier(self.args.user)
        self.primary.sql(
            f"create role {user} login createdb createrole password {quoted(self.args.password)};\n"
            f"grant pg_monitor, pg_signal_backend, pg_checkpoint to {user};\n"
            f"create database {_identifier(self.args.database)} owner {user} strategy file_copy"
        )


def _slot(name: str) -> str:
    """A slot's name takes no '-'."""
    return name.replace("-", "_")


def _identifier(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
