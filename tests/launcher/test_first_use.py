"""First use makes the environment; every later start finds it."""

import json
import marshal
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from launcher.environment import reason
from tests.launcher.checkouts import ROOT, Checkout, make_checkout, make_wheel

Used = tuple[Checkout, subprocess.CompletedProcess[str]]


def test_first_use_answers_on_stdout_alone(used: Used):
    checkout, first = used
    assert json.loads(first.stdout) == {
        "arguments": ["first"],
        "folder": str(checkout.root),
        "prefix": str(checkout.venv),
        "root": str(checkout.root),
        "tiny": "1.0",
        "input": "typed",
    }


def test_first_use_tells_its_steps_on_stderr(used: Used):
    _, first = used
    assert re.sub(r"\d+ s$|3\.\d+\.\d+$", "N", first.stderr, flags=re.MULTILINE).splitlines() == [
        "bigpicture: first use: making .bigpicture/venv with Python N",
        "  preparing pip, N",
        "  fetching, 1 packages, N",
        "  unpacking, 1 packages, N",
        "  byte-compiling, N",
        "bigpicture: the environment is ready",
    ]


def test_first_use_leaves_the_environment_and_its_lock_file_only(used: Used):
    checkout, _ = used
    assert sorted(path.name for path in checkout.venv.parent.iterdir()) == ["venv", "venv.lock"]
    assert not (checkout.venv / "downloads").exists()


def test_a_later_start_says_nothing_of_its_own(used: Used):
    checkout, _ = used
    later = checkout.run("later")
    assert (later.returncode, later.stderr, json.loads(later.stdout)["arguments"]) == (0, "", ["later"])


def test_the_exit_status_is_that_of_the_command(used: Used):
    checkout, _ = used
    assert checkout.run("fail").returncode == 7


def test_it_starts_from_any_folder_and_leaves_the_caller_there(used: Used, tmp_path: Path):
    checkout, _ = used
    answer = json.loads(checkout.run(cwd=tmp_path).stdout)
    assert (answer["folder"], answer["root"]) == (str(tmp_path), str(checkout.root))


def test_it_starts_through_a_relative_path(used: Used):
    checkout, _ = used
    answer = json.loads(checkout.run(cwd=checkout.root.parent, program="./check out/bigpicture").stdout)
    assert (answer["prefix"], answer["root"]) == (str(checkout.venv), str(checkout.root))


def test_it_starts_through_a_chain_of_symlinks(used: Used, tmp_path: Path):
    checkout, _ = used
    (tmp_path / "absolute").symlink_to(checkout.root / "bigpicture")
    (tmp_path / "relative").symlink_to("absolute")
    answer = json.loads(checkout.run(program=tmp_path / "relative", cwd=tmp_path).stdout)
    assert answer["root"] == str(checkout.root)


def test_packages_are_byte_compiled_for_where_they_stand(used: Used):
    checkout, _ = used
    [module] = checkout.venv.glob("lib/python3*/site-packages/tiny.py")
    [cached] = module.parent.glob("__pycache__/tiny.*.pyc")
    code = marshal.loads(cached.read_bytes()[16:])  # noqa: S302  written by this test's own launcher
    assert code.co_filename == str(module)


def test_console_scripts_work_after_the_environment_was_moved_into_place(used: Used):
    checkout, _ = used
    told = subprocess.run([checkout.venv / "bin" / "tiny"], capture_output=True, text=True, check=True).stdout
    assert told.startswith(f"1.0 {checkout.venv}")


def test_a_changed_lock_makes_the_environment_anew(copied: Checkout):
    copied.lock.write_text(make_wheel(copied.wheels, "2.0"))
    second = copied.run()
    assert json.loads(second.stdout)["tiny"] == "2.0"
    assert second.stderr.startswith("bigpicture: the lock changed: making .bigpicture/venv")


@pytest.fixture(scope="module")
def relinked(used: Used, tmp_path_factory: pytest.TempPathFactory) -> tuple[Checkout, str, Path]:
    """A checkout whose environment is a link to one without a Python, what its next start said, and where it led."""
    checkout, elsewhere = make_checkout(tmp_path_factory.mktemp("relinked")), tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(used[0].venv, elsewhere, symlinks=True, dirs_exist_ok=True)
    (elsewhere / "bin" / "python").unlink()
    checkout.venv.parent.mkdir()
    checkout.venv.symlink_to(elsewhere)
    return checkout, checkout.run().stderr, elsewhere


def test_an_environment_whose_python_is_gone_is_made_anew(relinked: tuple[Checkout, str, Path]):
    checkout, said, _ = relinked
    assert said.startswith("bigpicture: the environment's Python is gone: making .bigpicture/venv")
    assert json.loads(checkout.run().stdout)["tiny"] == "1.0"


def test_a_link_to_an_environment_is_replaced_and_where_it_led_stays(relinked: tuple[Checkout, str, Path]):
    checkout, _, elsewhere = relinked
    assert sorted(path.name for path in checkout.venv.parent.iterdir()) == ["venv", "venv.lock"]
    assert (checkout.venv.is_symlink(), (elsewhere / "requirements.lock").exists()) == (False, True)


def test_an_environment_that_was_never_finished_is_made_as_on_first_use(tmp_path: Path):
    assert reason(tmp_path, tmp_path / "requirements.lock") == "first use"


def test_a_failed_change_keeps_the_environment_of_the_former_lock(copied: Checkout):
    former = copied.lock.read_text()
    copied.lock.write_text(former[:-5] + "0000\n")
    assert copied.run().returncode == 1
    copied.lock.write_text(former)
    assert copied.run().stderr == ""


def test_the_launcher_runs_on_the_standard_library_alone():
    bare = [
        sys.executable,
        "-I",
        "-S",
        "-c",
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import launcher.environment",
    ]
    assert subprocess.run(bare, capture_output=True, text=True, check=False).stderr == ""
