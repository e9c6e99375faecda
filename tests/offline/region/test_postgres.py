"""The primary's commits reach its replicas, late or never on demand, and nothing stays of a dropped replica."""

from itertools import count

import pytest

from offline.region.process import RegionError
from tests.waiting import eventually

_numbers = count()


@pytest.fixture
def table(postgres):
    """An empty table of the test's own."""
    name = f"t{next(_numbers)}"
    postgres.primary.sql(f"create table {name} (i int)", "store")
    yield name
    postgres.primary.sql(f"drop table {name}", "store")


def rows(node, table):
    return node.sql(f"select count(*) from {table}", "store")


def in_time(node, question, answer):
    return eventually(lambda: node.sql(question, "store"), answer)


def replayed(postgres, name):
    """Wait until the replica has all that the primary wrote so far."""
    position = postgres.primary.sql("select pg_current_wal_lsn()")
    question = f"select pg_last_wal_replay_lsn() >= '{position}'"  # of its own database: the store's may be to come
    return eventually(lambda: postgres.replicas[name].sql(question), "t")


def test_every_replica_streams_from_its_own_slot(postgres):
    question = (
        "select application_name, slot_name, state from pg_stat_replication r"
        " join pg_replication_slots on active_pid = r.pid order by 1"
    )
    assert postgres.primary.sql(question).splitlines() == [
        "replica-1|replica_1|streaming",
        "replica-2|replica_2|streaming",
    ]


def test_a_replica_refuses_writes(postgres, table):
    replayed(postgres, "replica-1")
    with pytest.raises(RegionError, match="cannot execute INSERT in a read-only transaction"):
        postgres.replicas["replica-1"].sql(f"insert into {table} values (1)", "store")


def test_the_customers_user_is_no_superuser_but_makes_databases(postgres):
    question = "select rolsuper, rolcreatedb from pg_roles where rolname = 'store'"
    assert postgres.primary.sql(question) == "f|t"


def test_every_server_has_the_same_port_and_its_own_address(postgres):
    nodes = [postgres.primary, *postgres.replicas.values()]
    assert ({node.port for node in nodes}, len({node.host for node in nodes})) == ({postgres.port}, 3)


def test_a_commit_does_not_wait_for_a_disk_but_for_its_log(postgres):
    question = "select string_agg(setting, ' ' order by name) from pg_settings where name in ({})"
    names = "'fsync', 'synchronous_commit', 'io_method'"
    assert postgres.primary.sql(question.format(names)) == "off sync on"


def test_a_delayed_replica_answers_what_was_until_its_delay_ends(postgres, table):
    replayed(postgres, "replica-1")
    postgres.delay("replica-1", 60)
    postgres.primary.sql(f"insert into {table} values (1)", "store")
    before = (rows(postgres.replicas["replica-1"], table), replayed(postgres, "replica-2"))
    postgres.delay("replica-1", 0)
    assert (before, replayed(postgres, "replica-1")) == (("0", "t"), "t")


def test_a_paused_replica_answers_what_was_until_it_resumes(postgres, table):
    replayed(postgres, "replica-2")
    postgres.pause("replica-2")
    postgres.primary.sql(f"insert into {table} values (1)", "store")
    before = rows(postgres.replicas["replica-2"], table)
    postgres.resume("replica-2")
    assert (before, replayed(postgres, "replica-2")) == ("0", "t")


def test_a_killed_replica_has_everything_once_it_is_back(postgres, table):
    postgres.replicas["replica-1"].kill()
    postgres.primary.sql(f"insert into {table} values (1)", "store")
    postgres.restart("replica-1")
    replayed(postgres, "replica-1")
    assert rows(postgres.replicas["replica-1"], table) == "1"


def test_a_lost_server_is_started_again_from_outside_and_has_everything(postgres, table):
    lost = postgres.replicas["replica-2"]
    lost.kill()
    postgres.primary.sql(f"insert into {table} values (1)", "store")

    def mended():
        postgres.mend()
        return lost.answers() and postgres.all_follow()

    assert (eventually(mended, wanted=True), rows(lost, table)) == (True, "1")


def test_a_replica_added_later_has_what_was_there_before(postgres, table):
    postgres.primary.sql(f"insert into {table} values (1)", "store")
    added = postgres.add("late")
    replayed(postgres, "late")
    found = rows(added, table)
    postgres.drop("late")
    assert found == "1"


def test_a_dropped_replica_leaves_no_slot_behind(postgres):
    postgres.add("gone")
    postgres.drop("gone")
    question = "select slot_name from pg_replication_slots order by 1"
    assert postgres.primary.sql(question).splitlines() == ["replica_1", "replica_2"]
