"""The artifact: the same source gives the same bytes, any change gives others, and what comes out runs."""

import hashlib
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from stacks.artifact import pack

APP = Path(__file__).parents[2] / "app"


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "app"
    (folder / "deep").mkdir(parents=True)
    for name in "bac":  # neither in order nor in reverse, which are the orders that file systems list
        (folder / f"{name}.py").write_text(f"{name} = 1\n")
    (folder / "deep" / "page.html").write_text("<p>\n")
    return folder


def members(artifact):
    with tarfile.open(artifact.path) as archive:
        return archive.getmembers()


def test_the_artifact_holds_the_files_sorted_and_with_nothing_of_this_machine(source, tmp_path):
    found = [(m.name, m.mode, m.mtime, m.uid, m.gid, m.uname, m.gname) for m in members(pack(source, tmp_path))]
    assert found == [
        (name, 0o644, 0, 0, 0, "", "") for name in ("app/a.py", "app/b.py", "app/c.py", "app/deep/page.html")
    ]


def test_the_key_and_the_file_are_named_by_the_hash_of_the_bytes(source, tmp_path):
    artifact = pack(source, tmp_path / "out")
    digest = hashlib.sha256(artifact.path.read_bytes()).hexdigest()
    assert (artifact.sha256, artifact.key, artifact.path.name) == (digest, f"app/{digest}.tar", f"{digest}.tar")


def test_times_modes_caches_and_stray_files_change_nothing(source, tmp_path):
    before = pack(source, tmp_path)
    os.utime(source / "a.py", (1, 1))
    (source / "b.py").chmod(0o755)
    (source / "__pycache__").mkdir()
    (source / "__pycache__" / "a.cpython-312.pyc").write_bytes(b"\0")
    (source / "server.log").write_text("not code")
    assert pack(source, tmp_path) == before


@pytest.mark.parametrize("change", [("a.py", "a = 2\n"), ("d.py", ""), ("deep/page.html", "<p>!\n")])
def test_a_changed_or_added_file_is_another_artifact(source, tmp_path, change):
    before = pack(source, tmp_path)
    (source / change[0]).write_text(change[1])
    assert pack(source, tmp_path).sha256 != before.sha256


def test_a_renamed_file_is_another_artifact(source, tmp_path):
    before = pack(source, tmp_path)
    (source / "a.py").rename(source / "z.py")
    assert pack(source, tmp_path).sha256 != before.sha256


def test_wheels_are_packed_as_they_were_published_whatever_their_order(source, tmp_path):
    wheels = [tmp_path / f"{name}-1-py3-none-any.whl" for name in "zb"]
    for wheel in wheels:
        wheel.write_bytes(wheel.name.encode())
    artifact = pack(source, tmp_path, wheels)
    assert artifact == pack(source, tmp_path, reversed(wheels))
    with tarfile.open(artifact.path) as archive:
        packed = {name: archive.extractfile(name) for name in archive.getnames() if name.startswith("wheels/")}
        assert {name: file and file.read() for name, file in packed.items()} == {
            f"wheels/{wheel.name}": wheel.name.encode() for wheel in wheels
        }


def test_a_folder_without_code_is_refused(tmp_path):
    (tmp_path / "app").mkdir()
    with pytest.raises(ValueError, match=r"the app's folder is .*app, without a file of .*\.py.* Fix: pack app/"):
        pack(tmp_path / "app", tmp_path)


def test_packing_leaves_no_half_written_file_behind(source, tmp_path):
    artifact = pack(source, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == [artifact.path]


def test_every_file_of_the_real_app_is_packed(tmp_path):
    kept = {f"app/{each.relative_to(APP)}" for each in APP.rglob("*") if each.is_file() and each.suffix != ".pyc"}
    assert {member.name for member in members(pack(APP, tmp_path))} == kept


def test_the_real_app_starts_from_its_artifact_alone(tmp_path):
    with tarfile.open(pack(APP, tmp_path).path) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    command = [sys.executable, "-m", "app", "--help"]
    done = subprocess.run(command, cwd=tmp_path / "unpacked", capture_output=True, text=True, env={}, check=False)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "usage: python -m app [-h] {web,worker} ...")
