"""A report says how far each replica is behind, and that nobody knows where it does not follow."""

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

from offline.region.report import of_cache, of_database
from offline.region.valkey_node import ValkeyNode
from tests.waiting import eventually


def lags(nodes):
    return {node.name: (node.role, node.lag_bytes, node.lag_s) for node in nodes}


def test_a_replica_that_replays_nothing_lags_by_what_was_written_meanwhile(postgres):
    eventually(postgres.all_follow, wanted=True)
    postgres.pause("replica-1")
    before = postgres.primary.sql("select pg_current_wal_lsn()")
    postgres.primary.sql("create table late (i int); drop table late", "store")
    written = int(postgres.primary.sql(f"select pg_current_wal_lsn() - '{before}'"))
    role, size, _ = lags(of_database(postgres))["replica-1"]
    postgres.resume("replica-1")
    eventually(postgres.all_follow, wanted=True)
    assert (role, (size or 0) >= written > 0) == ("replica", True)


def test_a_database_replica_that_does_not_run_has_no_lag_of_0(postgres):
    postgres.kill("replica-2")
    [primary, _, ended] = of_database(postgres, lost={"replica-2"})
    postgres.restart("replica-2")
    eventually(postgres.all_follow, wanted=True)
    assert (primary.lag_bytes, ended.state, ended.lag_bytes, ended.lag_s) == (None, "lost", None, None)


def test_a_caches_replica_that_has_acknowledged_all_is_not_behind_and_a_primary_has_no_lag(valkey_cluster):
    def seen():
        return set(lags(of_cache(valkey_cluster)).values())

    whole = {("primary", None, None), ("replica", 0, 0.0)}
    assert eventually(seen, whole) == whole


class Asked(ValkeyNode):
    """A primary that answers INFO with these rows."""

    def __init__(self, **rows):
        self.said = {"role": "master", "master_repl_offset": 500, **rows}

    def client(self) -> Any:
        return nullcontext(SimpleNamespace(info=lambda _section: self.said))


def row(host, state, offset, lag):
    return {"ip": host, "port": 6379, "state": state, "offset": offset, "lag": lag, "type": "replica"}


def test_a_caches_replica_lags_by_what_it_has_not_acknowledged_and_one_that_is_not_linked_is_left_out():
    behind, whole, new = row("a", "online", 400, 3), row("b", "online", 500, 1), row("c", "wait_bgsave", 0, 0)
    assert Asked(slave0=behind, slave1=whole, slave2=new).followers() == {"a": (100, 3.0), "b": (0, 0.0)}
