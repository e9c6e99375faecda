"""A stack on AWS is worked on with the state and in the account that it was deployed with, or not at all."""

import pytest
from click.testing import CliRunner

from cli import main
from engines import backend_record
from engines.backend_record import Record
from engines.refusals import HostError


@pytest.fixture
def user(tmp_path, monkeypatch):
    """The environment of a user without a login, who deployed nothing yet."""
    for name in ("PULUMI_BACKEND_URL", "PULUMI_ACCESS_TOKEN", "PULUMI_DEBUG_PROVIDERS"):
        monkeypatch.delenv(name, raising=False)
    found = {"PULUMI_HOME": str(tmp_path / "home"), "XDG_STATE_HOME": str(tmp_path)}
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    return found


@pytest.fixture
def deployed(user):
    backend_record.write("sandbox", "123456789012", user)
    return user


def said(*command, exit_code=1):
    done = CliRunner().invoke(main, command)
    assert done.exit_code == exit_code, done.output
    return done.output


def test_a_login_after_the_first_deploy_does_not_lead_to_a_second_one(deployed, tmp_path):
    with pytest.raises(HostError) as refused:
        backend_record.demand("sandbox", {**deployed, "PULUMI_ACCESS_TOKEN": "pul-1"})
    assert str(refused.value) == (
        f"the state of stack 'sandbox' is in file://{tmp_path}/bigpicture/pulumi/state?metadata=skip, and this run"
        " would look in https://api.pulumi.com; allowed: where it was deployed from."
        ' Fix: eval "$(./bigpicture env --stack sandbox)"; if that deploy is gone for good,'
        f" rm {tmp_path}/bigpicture/pulumi/deployed/sandbox.json"
    )


@pytest.mark.parametrize("verb", ["refresh", "preview --engine pulumi", "engine unlock"])
def test_a_verb_with_another_backend_is_refused_by_the_command_line(deployed, monkeypatch, verb):
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://states")
    assert "and this run would look in s3://states;" in said(*verb.split(), "--stack", "sandbox")


def test_a_stack_of_another_account_is_refused(deployed):
    refusal = "stands in account 123456789012, and the credentials are of 999999999999"
    with pytest.raises(HostError, match=refusal):
        backend_record.demand("sandbox", deployed, "999999999999")


def test_what_is_destroyed_may_be_deployed_from_anywhere(deployed):
    backend_record.forget("sandbox", deployed)
    backend_record.demand("sandbox", {**deployed, "PULUMI_BACKEND_URL": "s3://states"}, "999999999999")
    assert backend_record.read("sandbox", deployed) is None


def test_a_rehearsal_in_the_offline_account_is_not_remembered(user):
    backend_record.write("sandbox", "123456789012", {**user, "PULUMI_DEBUG_PROVIDERS": "aws:4711,random:4711"})
    assert backend_record.read("sandbox", user) is None


def test_a_password_in_the_address_of_a_backend_is_not_written_down(user):
    login = {**user, "PULUMI_BACKEND_URL": "postgres://me:secret@states/pulumi"}
    backend_record.write("sandbox", "123456789012", login)
    assert backend_record.read("sandbox", login) == Record("postgres://states/pulumi", "123456789012")


@pytest.mark.parametrize("verb", ["refresh", "engine unlock"])
def test_a_verb_on_a_stack_without_a_state_is_refused_and_makes_none(user, tmp_path, verb):
    assert "there is no state of stack 'sandbox' in the backend of" in said(*verb.split(), "--stack", "sandbox")
    assert not [*tmp_path.glob("bigpicture/pulumi/state/.pulumi/stacks/**/*.json")]


def test_pulumi_itself_is_led_to_the_state_of_the_first_deploy(deployed, tmp_path, monkeypatch):
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://states")
    kept = f"{tmp_path}/bigpicture/pulumi"
    assert said("env", "--stack", "sandbox", exit_code=0).splitlines() == [
        f"export PULUMI_BACKEND_URL='file://{kept}/state?metadata=skip'",
        f"export PULUMI_CONFIG_PASSPHRASE_FILE={kept}/passphrase",
        "unset PULUMI_CONFIG_PASSPHRASE",
    ]


def test_a_shell_that_was_led_to_the_state_is_not_refused(deployed):
    backend_record.demand("sandbox", {**deployed, **backend_record.variables("sandbox", deployed)}, "123456789012")


def test_a_stack_that_nobody_deployed_is_where_the_login_says(user):
    login = {**user, "PULUMI_BACKEND_URL": "s3://states"}
    assert backend_record.variables("sandbox", login) == {"PULUMI_BACKEND_URL": "s3://states"}


def test_a_state_folder_of_another_project_is_not_taken_for_ours(user, tmp_path):
    pulumi = tmp_path / "bigpicture" / "pulumi" / "state" / ".pulumi"
    (pulumi / "stacks" / "invoices").mkdir(parents=True)
    (pulumi / "meta.yaml").write_text("version: 1\n")
    (pulumi / "stacks" / "invoices" / "sandbox.json").write_text('{"version": 3, "checkpoint": {"stack": "sandbox"}}')
    assert "there is no state of stack 'sandbox'" in said("refresh", "--stack", "sandbox")
