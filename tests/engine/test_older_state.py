"""A state that an earlier version left in the checkout is found, and no second one begins beside it."""

import json
import subprocess

import pytest

from engines import older_state
from engines.backend import state_folder
from engines.refusals import HostError
from tests.end_to_end.checkouts import make_checkout

STACK = "sandbox"


@pytest.fixture
def root(tmp_path):
    """A checkout from which an earlier version deployed."""
    keep(state_folder(tmp_path / "checkout"), [{"type": "aws:sqs/queue:Queue"}])
    (state_folder(tmp_path / "checkout") / "passphrase").write_text("of the checkout")
    return tmp_path / "checkout"


@pytest.fixture
def user(tmp_path):
    """The environment of a user without a login."""
    return {"PULUMI_HOME": str(tmp_path / "home"), "XDG_STATE_HOME": str(tmp_path / "kept")}


def keep(folder, resources, stack=STACK):
    file = folder / older_state.STACKS / f"{stack}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"version": 3, "checkpoint": {"latest": {"resources": resources}}}))


def refusal(root, user):
    with pytest.raises(HostError) as refused:
        older_state.demand(STACK, user, root)
    return str(refused.value)


def test_a_state_in_the_checkout_is_named_with_the_command_that_moves_it(root, user, tmp_path):
    old, new = state_folder(root), tmp_path / "kept" / "bigpicture" / "pulumi"
    assert refusal(root, user) == (
        f"the state of stack 'sandbox' is in {old}, where earlier versions kept it; allowed: a place that no deleted"
        f" checkout takes along. Fix: mkdir -p {new} && cp -Rp {old}/state {old}/passphrase {new} && rm -r {old}/state"
    )


def test_after_that_command_the_stack_stands_where_it_belongs(root, user, tmp_path):
    subprocess.run(["sh", "-c", refusal(root, user).partition("Fix: ")[2]], check=True)
    older_state.demand(STACK, user, root)
    kept = tmp_path / "kept" / "bigpicture" / "pulumi"
    assert (older_state.stands(kept, STACK), (kept / "passphrase").read_text()) == (True, "of the checkout")


def test_beside_stacks_of_another_passphrase_it_is_worked_on_where_it_is(root, user, tmp_path):
    keep(tmp_path / "kept" / "bigpicture" / "pulumi", [], "production")
    old = state_folder(root)
    url = f"file://{old}/state?metadata=skip"
    assert refusal(root, user).partition("Fix: ")[2] == (
        f"export PULUMI_BACKEND_URL='{url}' PULUMI_CONFIG_PASSPHRASE_FILE='{old}/passphrase'"
    )
    older_state.demand(STACK, {**user, "PULUMI_BACKEND_URL": url}, root)


def test_a_login_does_not_hide_it(root, user):
    assert "is in " in refusal(root, {**user, "PULUMI_BACKEND_URL": "s3://states"})


def test_what_is_destroyed_is_nowhere(root, user):
    keep(state_folder(root), [])
    older_state.demand(STACK, user, root)
    assert older_state.stands(state_folder(root), STACK) is False


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    made = make_checkout(tmp_path_factory.mktemp("older"))
    keep(state_folder(made.folder), [{"type": "aws:sqs/queue:Queue"}])
    return made


@pytest.mark.parametrize("verb", ["preview", "refresh", "env"])
def test_no_command_passes_it_by(checkout, user, monkeypatch, verb):
    for name, value in user.items():
        monkeypatch.setenv(name, value)
    said = checkout.run(verb, "--stack", STACK, expect=1).stderr
    assert said.startswith(f"Error: the state of stack 'sandbox' is in {state_folder(checkout.folder)}, where earlier")
