"""Wheels come from a package index once, then from the cache; each is the very file that the lock names."""

import hashlib
import zipfile

import pytest

from stacks.knobs import SettingsError
from stacks.release import complete
from stacks.wheels import Platform, cache_folder, fetch
from tests.package_index import WHEEL, make_index, variables

ANY = Platform("any")


@pytest.fixture
def index(tmp_path, monkeypatch):
    """A package index with one library, and the app that is locked to it; pip knows no other."""
    for name, value in variables(tmp_path).items():
        monkeypatch.setenv(name, value)
    return make_index(tmp_path, tmp_path / "app" / "requirements.lock")


def test_what_was_fetched_once_needs_no_index_any_more(index, tmp_path):
    lock = tmp_path / "app" / "requirements.lock"
    first = fetch(lock, ANY)
    (index / "index.html").unlink()
    assert fetch(lock, ANY) == first == [tmp_path / "cache" / "bigpicture" / "wheels" / "any" / WHEEL]


def test_a_wheel_that_is_not_cached_and_not_to_be_had_is_refused_with_the_way_out(index, tmp_path):
    (index / "index.html").unlink()
    with pytest.raises(SettingsError) as refused:
        fetch(tmp_path / "app" / "requirements.lock", ANY)
    assert str(refused.value) == (
        "the app's libraries for any are not in the cache, and pip cannot get them: Could not find a version that"
        " satisfies the requirement library==1 (from versions: none); allowed: a package index, once, or a full cache."
        f" Fix: ./bigpicture build with a connection, or copy {cache_folder()} from a machine that has them"
    )


def test_a_wheel_that_is_not_the_one_locked_is_refused(index, tmp_path):
    with zipfile.ZipFile(index / WHEEL, "a") as packed:
        packed.writestr("library/__init__.py", "evil = True")
    (index / "index.html").write_text(f'<a href="{WHEEL}">{WHEEL}</a>')
    with pytest.raises(SettingsError, match="THESE PACKAGES DO NOT MATCH THE HASHES"):
        fetch(tmp_path / "app" / "requirements.lock", ANY)


def test_an_artifact_is_built_once_for_each_state_of_the_app_and_named_by_its_hash(index, tmp_path):
    first = complete(ANY, tmp_path / "app", tmp_path / "out")
    (index / "index.html").unlink()
    (tmp_path / "cache" / "bigpicture" / "wheels" / "any" / WHEEL).unlink()
    assert complete(ANY, tmp_path / "app", tmp_path / "out") == first
    digest = hashlib.sha256(first.path.read_bytes()).hexdigest()
    assert (first.sha256, first.key) == (digest, f"app/{digest}.tar")
