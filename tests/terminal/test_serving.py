"""What `up` says: at its beginning what ends; at its end what does nothing offline, what to type, and the address."""

import msgspec
import pytest

from engines.running import Running
from engines.served import STATE, Served
from terminal.serving import NEXT, tell, tell_end

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


@pytest.mark.parametrize(
    ("behind", "named"), [(NOW, "the store at http://127.0.0.9"), (None, "the account at http://a")]
)
def test_what_ends_when_an_empty_account_takes_its_place_is_named(capsys, tmp_path, behind, named):
    found = Running(
        pid=1, stack="offline", region="r", endpoint="http://a", folder=str(tmp_path), resources=1, seconds=1
    )
    if behind:
        found.path(STATE).write_bytes(msgspec.json.encode(behind))
    tell_end(found)
    assert f" Once it stands, {named} ends, with all that was put into it" in capsys.readouterr().err
