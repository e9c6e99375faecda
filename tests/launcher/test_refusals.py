"""What stops the launcher is said with what, got, allowed and fix, and nothing is left behind."""

import errno
import io
import sys
import venv
from pathlib import Path

import pip
import pytest

from launcher.installation import install
from launcher.refusals import LaunchError, from_os_error, from_output
from launcher.story import Story
from tests.launcher.checkouts import Checkout, make_wheel


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that borrows pip from the one that runs the tests, to save the seconds of its own."""
    path = tmp_path_factory.mktemp("refusals") / "venv.new"
    venv.create(path)
    [packages] = path.glob("lib/python3*/site-packages")
    (packages / "pip.pth").write_text(str(Path(pip.__file__).parents[1]))
    return path


@pytest.fixture
def refused(environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Install one lock with one pip configuration; answer with the refusal."""
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_FIND_LINKS", tmp_path.as_uri())

    def attempt(lock: str, **settings: str) -> str:
        (tmp_path / "requirements.lock").write_text(lock)
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(LaunchError) as caught:
            install(environment, tmp_path / "requirements.lock", Story(io.StringIO()))
        return str(caught.value)

    return attempt


def python_that(folder: Path, version: tuple[int, int, int], lacks: str = "") -> str:
    """A Python that takes itself for another version, and cannot import the module that it lacks."""
    pretence = folder / "pretence.py"
    pretence.write_text(f"""import sys
sys.version_info = {version}
sys.modules[{lacks!r}] = None
exec(sys.argv[1])
""")
    program = folder / "python-other"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{pretence}" "$2"\n')
    program.chmod(0o755)
    return str(program)


def test_a_python_that_is_missing_is_named(checkout: Checkout):
    checkout.environment["BIGPICTURE_PYTHON"] = "/no/python3"
    ended = checkout.run()
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (
        "bigpicture: no Python is new enough: /no/python3 is not found; allowed: Python 3.11 or newer. Fix: install "
        "one (apt install python3 python3-venv, or brew install python@3.13), or name one: "
        "BIGPICTURE_PYTHON=/path/to/python3\n"
    )


def test_a_python_that_is_too_old_is_named_with_its_version(checkout: Checkout, tmp_path: Path):
    old = checkout.environment["BIGPICTURE_PYTHON"] = python_that(tmp_path, (3, 10, 13))
    assert f"no Python is new enough: {old} is 3.10.13; allowed: Python 3.11 or newer." in checkout.run().stderr


def test_every_python_on_the_path_is_asked(checkout: Checkout, tmp_path: Path):
    del checkout.environment["BIGPICTURE_PYTHON"]
    Path(python_that(tmp_path, (3, 9, 2))).rename(tmp_path / "python3")
    got = checkout.run(env=checkout.environment | {"PATH": str(tmp_path)}, program=checkout.root / "bigpicture").stderr
    names = [f"{name} is not found" for name in ("python3.13", "python3.12", "python3.14", "python3.11")]
    assert f"no Python is new enough: {', '.join(names)}, python3 is 3.9.2; allowed" in got


def test_a_python_without_venv_is_sent_to_its_package(checkout: Checkout, tmp_path: Path):
    bare = checkout.environment["BIGPICTURE_PYTHON"] = python_that(tmp_path, (3, 12, 3), lacks="ensurepip")
    assert checkout.run().stderr == (
        f"bigpicture: no Python can make an environment: {bare} is 3.12.3 but has no venv module; allowed: Python 3.11 "
        "or newer with its venv module. Fix: apt install python3.12-venv (Debian and Ubuntu ship it apart), then run "
        "this again\n"
    )


def test_a_state_folder_that_cannot_be_made_is_named(checkout: Checkout):
    (checkout.root / ".bigpicture").write_text("a file in its place")
    ended = checkout.run()
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (
        f"bigpicture: {checkout.root}/.bigpicture cannot be written (File exists); allowed: a checkout that you may "
        "write to. Fix: correct its owner and permissions, or clone into a folder of your own\n"
    )


def test_a_full_disk_is_named():
    assert str(from_os_error(OSError(errno.ENOSPC, "No space left on device", "/checkout/lib"))) == (
        "the disk is full: /checkout/lib; allowed: 1.3 GB free while the environment is made, 0.8 GB after. "
        "Fix: free some space, or move the checkout to another disk"
    )


def test_a_disk_that_pip_found_full_is_named():
    told = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device: '/tmp/a.whl'\n"
    assert str(from_output(told)).startswith("the disk is full: '/tmp/a.whl'; allowed: 1.3 GB")


def test_a_package_that_was_changed_is_refused(refused, tmp_path: Path):
    changed = make_wheel(tmp_path, "1.0")[:-5] + "0000\n"
    assert refused(changed, PIP_NO_INDEX="1") == (
        f"a package is not the one that was locked: tiny==1.0 from {tmp_path.as_uri()}/tiny-1.0-py3-none-any.whl; "
        "allowed: the files whose sha256 is in requirements.lock. Fix: look at the package index that pip uses "
        "(pip config list): a mirror or a proxy changed the file"
    )


def test_a_network_that_is_down_is_named(refused):
    told = refused("tiny==1.0 --hash=sha256:00\n", PIP_INDEX_URL="http://127.0.0.1:9/", PIP_RETRIES="1")
    assert told.startswith("the package index cannot be reached: ")
    assert "Connection refused'); allowed: PyPI, or a mirror of it. Fix: connect to the network" in told


def test_a_package_without_a_wheel_names_this_python(refused):
    told = refused("tiny==3.0 --hash=sha256:00\n", PIP_NO_INDEX="1")
    here = f"Python {sys.version_info.major}.{sys.version_info.minor} on "
    assert told.startswith(f"the package index has no wheel of tiny==3.0 for {here}")


def test_a_lock_without_hashes_is_refused_and_pip_is_kept_word_for_word(refused, environment: Path, tmp_path: Path):
    make_wheel(tmp_path, "1.0")
    told = refused("tiny==1.0\n", PIP_NO_INDEX="1")
    assert told.startswith("pip could not install the packages of requirements.lock: ERROR: Hashes are required")
    assert "Hashes are required" in (environment.parent / "install.log").read_text()
