"""What cannot be run is said, and never ends the account that it was to run for."""

import msgspec
import pytest

from engines.served import REQUEST, STATE, Served
from engines.serving import Serving
from offline.account import open_account
from tests.offline.servers import fleet


@pytest.fixture
def account():
    opened = open_account("us-east-1", "serving")
    yield opened
    opened.close()


def state(folder):
    return msgspec.json.decode((folder / STATE).read_bytes(), type=Served)


def test_nothing_is_started_before_somebody_asks(account, tmp_path):
    Serving(account, tmp_path).step()
    assert list(tmp_path.iterdir()) == []


def test_servers_whose_user_data_starts_nothing_are_said_to_be_in_trouble(account, tmp_path):
    fleet(account, 1)
    (tmp_path / REQUEST).touch()
    Serving(account, tmp_path).step()
    assert state(tmp_path).trouble.startswith("user data has 0 units with ExecStart and 0 fetches of an artifact;")


def test_what_was_asked_for_once_is_tried_once(account, tmp_path):
    fleet(account, 1)
    (tmp_path / REQUEST).touch()
    Serving(account, tmp_path).step()
    assert not (tmp_path / REQUEST).exists()
