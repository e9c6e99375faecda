"""The Pulumi CLI is found in its three places, checked for its age, and got with a clear word when that fails."""

from pathlib import Path

import pytest

from engines import binary, installation
from engines.refusals import BinaryError


def stand_in(path, version):
    """Put a program that says *version* of itself at *path*."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {version}\n")
    path.chmod(0o755)
    return str(path)


def stand_in_for_go(machine, script):
    """Put a `go` on the machine's PATH that does what *script* says."""
    path = Path(stand_in(machine / "PATH" / "go", ""))
    path.write_text(f"#!/bin/sh\n{script}\n")


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine without any Pulumi CLI: an empty home, an empty cache, and a PATH with nothing but a shell."""
    for name in ("HOME", "XDG_CACHE_HOME", "PATH"):
        monkeypatch.setenv(name, str(tmp_path / name))
    return tmp_path


def test_a_machine_without_a_cli_is_told_how_to_get_one(machine):
    with pytest.raises(BinaryError) as refused:
        binary.require()
    assert str(refused.value) == (
        f"there is no Pulumi CLI on PATH, in ~/.pulumi/bin or in {machine}/XDG_CACHE_HOME/bigpicture/engine/3.220.0;"
        " allowed: 3.220.0 or newer. Fix: ./bigpicture engine install"
    )


def test_a_cli_that_is_too_old_is_refused_with_its_version_and_place(machine):
    old = stand_in(machine / "PATH" / "pulumi", "v3.150.2")
    with pytest.raises(BinaryError) as refused:
        binary.require()
    assert str(refused.value) == (
        f"the Pulumi CLI at {old} is 3.150.2; allowed: 3.220.0 or newer."
        " Fix: ./bigpicture engine install, or update yours"
    )


def test_the_cli_on_path_comes_first(machine):
    on_path = stand_in(machine / "PATH" / "pulumi", "v3.230.0")
    stand_in(machine / "HOME" / ".pulumi" / "bin" / "pulumi", "v3.230.0")
    assert binary.require() == binary.Binary(on_path, (3, 230, 0))


def test_the_home_folder_comes_before_the_cache(machine):
    home = stand_in(machine / "HOME" / ".pulumi" / "bin" / "pulumi", "v3.230.0")
    stand_in(binary.cache_folder() / "bin" / "pulumi", "v3.230.0")
    assert binary.require().path == home


def test_a_cli_that_is_too_old_is_passed_over_for_one_that_is_not(machine):
    stand_in(machine / "PATH" / "pulumi", "v3.219.9")
    cached = stand_in(binary.cache_folder() / "bin" / "pulumi", "v3.220.0")
    assert binary.require().path == cached


def test_a_program_that_names_no_version_counts_as_too_old(machine):
    stand_in(machine / "PATH" / "pulumi", "hello")
    with pytest.raises(BinaryError, match=r"is 0\.0\.0; allowed"):
        binary.require()


def test_without_network_and_go_the_refusal_names_both_ways(machine, monkeypatch):
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    with pytest.raises(BinaryError) as refused:
        installation.install(lambda *_: None)
    assert str(refused.value).startswith(
        "the Pulumi CLI can neither be downloaded (https://get.pulumi.com/install.sh: [Errno 111] Connection refused)"
        " nor built (there is no go on PATH); allowed: one of the two. Fix: "
    )


def test_a_build_that_fails_says_what_go_said(machine):
    stand_in_for_go(machine, "echo 'go: downloading a v1'; echo 'verifying a@v1: checksum mismatch' >&2; exit 1")
    with pytest.raises(BinaryError, match="go list failed while the Pulumi CLI was built: verifying a@v1: checksum"):
        installation.install(lambda *_: None, build=True)


def test_a_failed_build_leaves_nothing_that_looks_like_a_cli(machine):
    stand_in_for_go(machine, '[ "$1" = list ] && exit 0; echo half > "$8"; exit 1')
    with pytest.raises(BinaryError, match="go build failed"):
        installation.install(lambda *_: None, build=True)
    assert list(binary.cache_folder().glob("bin/*")) == []


def test_a_cache_that_cannot_be_written_is_refused(machine):
    (machine / "XDG_CACHE_HOME").write_text("a file where the folder should be")
    with pytest.raises(BinaryError, match=r"the cache .* cannot be written: Not a directory; allowed"):
        installation.install(lambda *_: None)


def test_what_is_there_is_not_got_again(machine):
    stand_in(binary.cache_folder() / "bin" / "pulumi", "v3.220.0")
    told = []
    installation.install(lambda *news: told.append(news))
    assert told == []
