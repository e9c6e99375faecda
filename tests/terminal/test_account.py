"""Nothing is made in an account, or destroyed there, before it was asked; the account here is the offline one."""

import os
import subprocess

import pytest
from click.testing import CliRunner

from cli import main
from engines.refusals import HostError
from offline.account import open_account
from terminal.account import demand_name_of, demand_word, demand_words
from tests.end_to_end.checkouts import make_checkout

UNNAMED = "Error: account: 123456789012; aws:allowedAccountIds is not set; allowed: "
QUOTA = "Fix: aws service-quotas request-service-quota-increase --service-code ec2 --quota-code L-1216C47A"


@pytest.fixture(autouse=True)
def account(monkeypatch):
    opened = open_account("us-east-1", "test")
    monkeypatch.setenv("AWS_ENDPOINT_URL", opened.serve())
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "offline")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "offline")
    yield opened
    opened.close()


def said(*command, typed="", exit_code=1):
    done = CliRunner().invoke(main, command, input=typed)
    assert done.exit_code == exit_code, done.output
    return done.output


def test_a_deploy_into_an_account_that_the_stack_file_does_not_name_is_refused():
    assert UNNAMED in said("up", "--stack", "sandbox", "--yes")


def test_a_deploy_that_does_not_fit_says_what_to_ask_aws_for():
    assert QUOTA in said("up", "--stack", "sandbox", "--yes", "--scaling", "horizontal")


def test_a_sandbox_is_not_destroyed_by_another_name():
    output = said("down", "--stack", "sandbox", typed="production\n")
    assert "--yes-destroy is 'production'; allowed: 'sandbox'" in output


def test_a_sandbox_is_not_destroyed_where_nobody_answers():
    assert "--yes-destroy is None; allowed: 'sandbox'" in said("down", "--stack", "sandbox")


def test_a_sandbox_whose_name_was_typed_is_destroyed_only_in_its_own_account():
    assert UNNAMED in said("down", "--stack", "sandbox", typed="sandbox\n")


def test_production_is_destroyed_by_its_name_on_the_command_line_alone():
    output = said("down", "--stack", "production", typed="production\n")
    assert "--yes-destroy is None; allowed: 'production'" in output


HORIZONTAL = {"deployed_as": {"scaling": "horizontal", "size": "small", "environment": "sandbox"}}


def test_an_override_that_was_not_saved_is_not_taken_back_unseen():
    with pytest.raises(HostError) as refused:
        demand_words("sandbox", {}, HORIZONTAL, yes=True)
    assert str(refused.value) == (
        "scaling is 'vertical' in stacks/Pulumi.sandbox.yaml, and what stands was deployed with 'horizontal';"
        " allowed with --yes: one that this run spells out, since nobody would see the switch."
        " Fix: --scaling horizontal --save keeps it, --scaling vertical switches"
    )


def test_whoever_is_asked_is_told_of_an_override_that_was_not_saved(capsys):
    demand_words("sandbox", {}, HORIZONTAL, yes=False)
    assert capsys.readouterr().err == (
        "note: scaling is 'vertical' in stacks/Pulumi.sandbox.yaml, and what stands was deployed with 'horizontal':"
        " --scaling horizontal --save keeps it\n"
    )


@pytest.mark.parametrize("key", ["scaling", "bigpicture:scaling"])
def test_a_switch_that_is_spelt_out_is_meant(key, capsys):
    demand_words("sandbox", {key: "vertical"}, HORIZONTAL, yes=True)
    assert not capsys.readouterr().err


def test_what_was_deployed_as_production_is_not_destroyed_by_a_typed_name():
    with pytest.raises(HostError, match="--yes-destroy is None; allowed: 'sandbox'"):
        demand_name_of("sandbox", {"deployed_as": {"environment": "production"}}, None)


def test_a_question_that_nobody_answers_names_the_option():
    with CliRunner().isolation(), pytest.raises(HostError, match=r"Fix: ./bigpicture up --stack sandbox --yes"):
        demand_word("sandbox")


@pytest.mark.parametrize(("stack", "why"), [(["--stack", "sandbox"], UNNAMED), ([], "no stack file names an account")])
def test_nothing_is_said_to_be_left_of_an_account_that_no_stack_file_names(stack, why):
    assert why in said("leftovers", *stack)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A checkout whose sandbox stands in the account here, and whose production stands in another."""
    made = make_checkout(tmp_path_factory.mktemp("accounts"))
    for stack, number in (("sandbox", "123456789012"), ("production", "999999999999")):
        with (made.folder / "stacks" / f"Pulumi.{stack}.yaml").open("a", encoding="utf-8") as file:
            file.write(f'  aws:allowedAccountIds: ["{number}"]\n')
    return made


def leftovers(checkout, *words):
    command = checkout.command("leftovers", *words)
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ, check=False)
    return done.returncode, done.stdout + done.stderr


def test_nothing_left_is_exit_code_0(checkout):
    assert leftovers(checkout, "--stack", "sandbox") == (0, "nothing is left\n")


def test_nothing_is_said_of_stacks_in_another_account(checkout):
    code, output = leftovers(checkout)
    assert (code, "account: 123456789012; allowed: 999999999999 by aws:allowedAccountIds" in output) == (1, True)


def test_something_left_is_exit_code_1(account, checkout):
    account.client("sqs").create_queue(QueueName="work", tags={"project": "bigpicture", "stack": "sandbox"})
    code, output = leftovers(checkout, "--stack", "sandbox")
    assert (code, [line.split() for line in output.splitlines()]) == (
        1,
        [["stack", "region", "kind", "id"], ["sandbox", "us-east-1", "sqs", "work"], ["1", "left"]],
    )


def test_doctor_of_a_stack_looks_at_its_account():
    assert "aws:allowedAccountIds is not set" in said("doctor", "--stack", "sandbox")
