"""From `up` to `down` on the command line, as a newcomer would use it."""

import subprocess

import pytest

from tests.end_to_end.checkouts import clean_environment

SMALL = ("--scaling", "vertical", "--no-serve")


@pytest.fixture(scope="module")
def deployed(checkout):
    return checkout.json("up", *SMALL)


def test_up_says_what_it_created(deployed):
    created = deployed["changes"]["create"]
    assert created > 100
    assert deployed["changes"] == {"create": created, "update": 0, "replace": 0, "delete": 0, "same": 0}


def test_the_account_is_readable_over_http_after_up_has_ended(checkout, deployed):
    queues = checkout.client("sqs").list_queues()["QueueUrls"]
    assert {url.rsplit("/", 1)[1] for url in deployed["outputs"]["queue_urls"].values()} <= {
        url.rsplit("/", 1)[1] for url in queues
    }


def test_status_names_the_process_and_the_endpoint(checkout, deployed):
    status = checkout.json("status")
    assert (status["running"], status["stack"], status["endpoint"]) == (True, "offline", deployed["endpoint"])


def test_up_ends_well_where_no_server_can_run_and_says_why(checkout, deployed, monkeypatch):
    monkeypatch.setenv("PG_BIN", "/nowhere")
    said = checkout.run("up", "--scaling", "vertical")
    assert "Its servers do not run on this machine: there is no PostgreSQL in /nowhere" in said.stderr
    assert "lead nowhere until servers run behind it: ./bigpicture serve" in said.stdout


def test_one_output_is_printed_alone(checkout, deployed):
    url, said = deployed["outputs"]["url"], checkout.run("outputs", "url")
    note = f"note: {url} is the address that the store would have on AWS; here it opens with ./bigpicture serve\n"
    assert (said.stdout, said.stderr) == (f"{url}\n", note)


def test_one_entry_of_an_output_is_printed_alone(checkout, deployed):
    assert checkout.run("outputs", "queue_urls.mail").stdout.strip() == deployed["outputs"]["queue_urls"]["mail"]


def test_an_arn_is_shown_letter_by_letter(checkout, deployed):
    assert deployed["outputs"]["database_secret_arn"] in checkout.run("outputs").stdout


def test_an_unknown_output_is_refused_with_the_nearest_names(checkout, deployed):
    refused = checkout.run("outputs", "ulr", expect=1).stderr
    assert "output is 'ulr'; allowed: the " in refused
    assert "Nearest: url. Fix: ./bigpicture outputs url\n" in refused


def test_env_is_fit_for_a_shell(checkout, deployed):
    script = f'{checkout.run("env").stdout}\nprintf %s "$AWS_ENDPOINT_URL"'
    assert (
        subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout == deployed["endpoint"]
    )


def test_resources_lists_every_resource_on_the_wire(checkout, deployed):
    resources = checkout.json("resources")
    made = [resource for resource in resources if resource["custom"]]
    assert len(made) == deployed["changes"]["create"]
    assert {"urn", "type", "name", "parent", "custom", "inputs", "outputs", "options", "source"} <= set(resources[0])


def test_a_bad_setting_leaves_the_running_account_alone(checkout, deployed):
    refused = checkout.run("up", *SMALL, "--set", "table_shards=0", expect=1)
    assert (
        "table_shards is '0'; allowed: 1 to 256. Fix: table_shards, by --set or in stacks/Pulumi.offline.yaml"
        in refused.stderr
    )
    assert checkout.json("status")["endpoint"] == deployed["endpoint"]


def test_an_unknown_stack_is_refused_with_the_nearest_names(checkout):
    refused = checkout.run("preview", "--stack", "producton", expect=1).stderr
    assert "stack is 'producton'; allowed: offline, production, sandbox. Fix: --stack production, or write" in refused


def test_a_region_that_aws_lacks_is_refused(checkout):
    refused = checkout.run("preview", "--set", "aws:region=eu-west-9", expect=1).stderr
    assert "aws:region is 'eu-west-9'; allowed: an AWS region. Nearest: eu-west-" in refused


def test_zones_that_the_region_lacks_are_refused(checkout):
    refused = checkout.run("preview", "--set", "zones=us-east-1a,us-east-1z", expect=1).stderr
    assert "zones is us-east-1z; allowed: zones of us-east-1 that offer" in refused


def test_a_deploy_to_aws_by_the_embedded_engine_is_refused(checkout):
    refused = checkout.run("up", "--stack", "sandbox", "--engine", "embedded", expect=1).stderr
    assert "--engine is 'embedded' for stack 'sandbox'; allowed: pulumi, since a deploy to AWS needs state." in refused


def test_a_stack_on_aws_is_not_destroyed_unless_it_is_named(checkout):
    refused = checkout.run("down", "--stack", "production", "--yes-destroy", "sandbox", expect=1).stderr
    assert "--yes-destroy is 'sandbox'; allowed: 'production', the name of the stack on AWS" in refused


def test_starting_an_empty_account_ends_no_other(checkout, deployed):
    assert "an account of the embedded engine is running" in checkout.run("env", "--start", expect=1).stderr


def test_an_account_without_state_cannot_be_refreshed(checkout, deployed):
    refused = checkout.run("refresh", expect=1).stderr
    assert "made by the embedded engine, which keeps no state; allowed: pulumi. Fix: ./bigpicture up" in refused


def test_an_unknown_command_is_wrong_usage(checkout):
    assert "No such command 'upp'" in checkout.run("upp", expect=2).stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_printed_for_a_shell(checkout, shell):
    assert "_BIGPICTURE_COMPLETE" in checkout.run("completion", shell).stdout


def test_stacks_are_completed(checkout):
    words = {"_BIGPICTURE_COMPLETE": "bash_complete", "COMP_WORDS": "bigpicture preview --stack pro", "COMP_CWORD": "3"}
    done = subprocess.run(
        checkout.command(), env={**clean_environment(), **words}, capture_output=True, text=True, check=True
    )
    assert done.stdout == "plain,production\n"


@pytest.mark.parametrize(
    "command",
    ["up", "preview", "down", "status", "outputs", "resources", "presets", "env", "doctor", "coverage", "test"],
)
def test_the_help_of_every_command_has_an_example(checkout, command):
    assert "./bigpicture " in checkout.run(command, "--help").stdout.partition("Example:  ")[2]


@pytest.fixture(scope="module")
def saved(checkout):
    """What a preview answered whose setting was kept."""
    return checkout.json("preview", "--stack", "sandbox", "--set", "table_shards=3", "--save")


def test_save_writes_the_settings_into_the_stack_file_and_keeps_its_comments(checkout, saved):
    text = (checkout.folder / "stacks" / "Pulumi.sandbox.yaml").read_text()
    assert "bigpicture:table_shards: 3" in text
    assert text.startswith("# The whole store in an AWS account to play with")


def test_a_setting_that_is_refused_is_not_saved(checkout):
    before = (checkout.folder / "stacks" / "Pulumi.production.yaml").read_text()
    checkout.run("preview", "--stack", "production", "--set", "table_shard=3", "--save", expect=1)
    assert (checkout.folder / "stacks" / "Pulumi.production.yaml").read_text() == before


def test_presets_of_an_unknown_knob_are_refused(checkout):
    assert "setting is 'shards'; allowed: the " in checkout.run("presets", "shards", expect=1).stderr


def test_presets_answer_for_all_twelve_combinations(checkout):
    shards = [row["table_shards"] for row in checkout.json("presets", "table_shards")]
    assert shards == [1, 1, 1, 2, 4, 8, 1, 1, 1, 2, 4, 8]


def test_doctor_finds_every_stack_sound(checkout):
    findings = {each["subject"]: each["ok"] for each in checkout.json_of_any_exit("doctor")}
    assert [findings[f"stack {name}"] for name in ("offline", "production", "sandbox")] == [True, True, True]


def test_doctor_advises_only_where_something_is_wrong(checkout):
    findings = checkout.json_of_any_exit("doctor")
    assert [each["subject"] for each in findings if each["ok"] and each["fix"]] == []


def test_a_preview_says_what_each_component_costs_by_standing(saved):
    cost = saved["standing_cost"]
    assert (cost["unpriced"], cost["total"]) == ([], round(sum(box["usd"] for box in cost["boxes"]), 2))
    assert {"database", "network", "balancer", "app-all", "sessions"} <= {box["name"] for box in cost["boxes"]}
