"""State and secrets stand where the user's login says, else in a folder and a file that only the user reads."""

import json
import stat
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from engines import backend
from engines.running import Running

STACK_FILE = """config:
  aws:region: us-east-1
  bigpicture:size: small
  bigpicture:token:
    secure: v1:abc
encryptionsalt: v1:salt
"""


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A project with one stack, and a user without any login."""
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "Pulumi.sandbox.yaml").write_text(STACK_FILE)
    for name in ("PULUMI_BACKEND_URL", "PULUMI_ACCESS_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "kept"))
    return tmp_path


def running(folder):
    return Running(pid=1, stack="offline", region="us-east-1", endpoint="", folder=str(folder), resources=0, seconds=0)


def test_without_a_login_state_and_passphrase_stand_where_no_deleted_checkout_takes_them_along(root):
    kept = f"{root}/kept/bigpicture/pulumi"
    assert backend.own("sandbox", {}, root).variables == {
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_BACKEND_URL": f"file://{kept}/state?metadata=skip",
        "PULUMI_CONFIG_PASSPHRASE_FILE": f"{kept}/passphrase",
    }


def test_a_user_who_says_nothing_keeps_state_below_the_home_folder():
    assert backend.kept_folder({}) == Path.home() / ".local" / "state" / "bigpicture" / "pulumi"


def test_a_login_is_left_alone(root):
    (root / "home").mkdir()
    (root / "home" / "credentials.json").write_text(json.dumps({"current": "https://api.pulumi.com"}))
    assert backend.own("sandbox", {}, root).variables == {"PULUMI_SKIP_UPDATE_CHECK": "true"}


def test_a_backend_in_the_environment_counts_as_a_login(root, monkeypatch):
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://states")
    assert "PULUMI_CONFIG_PASSPHRASE_FILE" not in backend.own("sandbox", {}, root).variables


def test_only_the_user_can_read_the_passphrase(root):
    assert stat.S_IMODE(backend.passphrase_file(root / "secret").stat().st_mode) == 0o600


def test_the_passphrase_is_drawn_once(root):
    first = backend.passphrase_file(root / "secret").read_text()
    assert backend.passphrase_file(root / "secret").read_text() == first


def test_without_overrides_pulumi_reads_the_stack_file_itself(root):
    assert backend.own("sandbox", {}, root).config_file is None


def test_overrides_of_one_run_leave_the_stack_file_as_it_is(root):
    backend.own("sandbox", {"size": "large"}, root)
    assert (root / "stacks" / "Pulumi.sandbox.yaml").read_text() == STACK_FILE


def test_overrides_stand_beside_encrypted_values_and_their_salt(root):
    file = backend.own("sandbox", {"size": "large"}, root).config_file
    assert file is not None
    assert YAML(typ="safe").load(Path(file).read_text()) == {
        "config": {"aws:region": "us-east-1", "bigpicture:size": "large", "bigpicture:token": {"secure": "v1:abc"}},
        "encryptionsalt": "v1:salt",
    }


def test_an_offline_run_reads_the_stack_file_and_writes_beside_its_state(root, tmp_path):
    (root / "stacks" / "Pulumi.offline.yaml").write_text("config:\n  aws:region: us-east-1\n")
    made = backend.offline(running(tmp_path), "offline", {"size": "large"}, root)
    written = YAML(typ="safe").load((tmp_path / "project" / "Pulumi.offline.yaml").read_text())
    assert (made.work_dir, written) == (
        str(tmp_path / "project"),
        {"config": {"bigpicture:artifact": "code", "aws:region": "us-east-1", "bigpicture:size": "large"}},
    )


def test_the_salt_that_pulumi_wrote_outlives_the_next_run(root, tmp_path):
    (root / "stacks" / "Pulumi.offline.yaml").write_text("config:\n  aws:region: us-east-1\n")
    backend.offline(running(tmp_path), "offline", {}, root)
    file = tmp_path / "project" / "Pulumi.offline.yaml"
    file.write_text(file.read_text() + "encryptionsalt: v1:salt\n")
    backend.offline(running(tmp_path), "offline", {}, root)
    assert YAML(typ="safe").load(file.read_text())["encryptionsalt"] == "v1:salt"


def test_an_offline_run_finds_no_other_provider_and_no_other_account(root, tmp_path):
    (root / "stacks" / "Pulumi.offline.yaml").write_text("config:\n  aws:region: us-east-1\n")
    variables = backend.offline(running(tmp_path), "offline", {}, root).variables
    assert (variables["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"], variables["AWS_SECRET_ACCESS_KEY"]) == (
        "true",
        "offline",
    )


def test_a_shell_that_env_led_to_the_offline_account_deploys_the_app_without_libraries(root, monkeypatch):
    monkeypatch.setenv("PULUMI_DEBUG_PROVIDERS", "aws:4711,random:4711")
    file = backend.own("sandbox", {}, root).config_file
    assert file
    assert YAML(typ="safe").load(Path(file).read_text())["config"]["bigpicture:artifact"] == "code"


def test_a_list_of_this_run_is_a_list_to_pulumi_which_checks_its_type(root):
    file = backend.own("sandbox", {"zones": "us-east-1a,us-east-1b"}, root).config_file
    written = YAML(typ="safe").load(Path(file or "").read_text())["config"]
    assert written["bigpicture:zones"] == ["us-east-1a", "us-east-1b"]
