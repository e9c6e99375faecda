"""What `up` says at its end: what does nothing offline, what to type next, and last the store's address."""

from engines.served import Served
from terminal.serving import NEXT, tell

NOW = Served(
    started=True,
    urls=("http://127.0.0.9",),
    servers=2,
    healthy=3,
    targets=3,
    not_carried=("brotli: what is compressed is compressed by gzip", "slow start: balancer"),
)


def test_the_stores_address_comes_last(capsys):
    tell(NOW)
    assert capsys.readouterr().out.splitlines()[-1] == "The store is open at http://127.0.0.9"


def test_what_does_nothing_offline_is_counted(capsys):
    tell(NOW)
    assert "\n2 settings are not carried through offline: ./bigpicture status --not" in capsys.readouterr().out


def test_what_to_type_next_are_commands(capsys):
    tell(NOW)
    listed = capsys.readouterr().out.partition("Next:\n")[2].splitlines()[: len(NEXT)]
    assert [line.split("  ")[1] for line in listed] == [*NEXT]
