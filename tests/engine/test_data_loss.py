"""An update that would lose data is refused before anything changes, and goes through by the resource's own name."""

from contextlib import contextmanager

import pytest

from tests.end_to_end.checkouts import make_checkout
from tests.engine.small import small

PROGRAM = '''"""Queues and a table, of which a test changes one thing or another."""

import pulumi
import pulumi_aws as aws

aws.sqs.Queue("parcels", fifo_queue={fifo})
aws.sqs.Queue("letters", visibility_timeout_seconds={timeout})
if {table}:
    aws.dynamodb.Table(
        "customers", billing_mode="PAY_PER_REQUEST", hash_key="id", attributes=[{{"name": "id", "type": "S"}}]
    )
    aws.sqs.Queue("outbox", opts=pulumi.ResourceOptions(retain_on_delete=True))
'''
BEFORE = {"fifo": False, "timeout": 30, "table": True}
LOSING = {"fifo": True, "timeout": 60, "table": False}
BOTH = ("--allow-data-loss", "parcels", "--allow-data-loss", "customers")


def write(checkout, **values):
    (checkout.folder / "__main__.py").write_text(PROGRAM.format(**values))


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """What a preview says of the program that loses data, and the ids that the state knew of before and after."""
    with small(tmp_path_factory.mktemp("planned"), 0) as project:
        project.write(PROGRAM.format(**BEFORE))
        project.engine.up()
        project.write(PROGRAM.format(**LOSING))
        yield project.engine.preview()


@contextmanager
def about_to_lose(folder):
    """A checkout whose program is deployed, and written anew so that the next `up` loses data."""
    made = make_checkout(folder)
    write(made, **BEFORE)
    made.run("up", "--engine", "pulumi", "--no-serve")
    put_an_item(made)
    write(made, **LOSING)
    try:
        yield made
    finally:
        made.run("down", "--now")


def put_an_item(checkout):
    dynamodb = checkout.client("dynamodb")
    [table] = dynamodb.list_tables()["TableNames"]
    dynamodb.put_item(TableName=table, Item={"id": {"S": "c1"}})


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """For what is refused, and so leaves everything as it was."""
    with about_to_lose(tmp_path_factory.mktemp("refused")) as made:
        yield made


def ids(checkout):
    return sorted(each["id"] for each in checkout.json("resources") if each["custom"])


def test_a_preview_names_what_is_replaced_with_the_property_that_forces_it(planned):
    found = [(loss.name, loss.properties) for loss in planned.data if loss.change == "replace"]
    assert found == [("parcels", ["fifoQueue"])]


def test_a_preview_names_what_is_deleted_but_not_what_aws_keeps(planned):
    assert [loss.name for loss in planned.data if loss.change == "delete"] == ["customers"]


def test_an_update_that_would_lose_data_changes_nothing(checkout):
    before = ids(checkout)
    refused = checkout.run("up", expect=1).stderr
    assert "\n  Queue parcels (messages) would be replaced by an empty one, forced by fifoQueue. Fix: " in refused
    assert ids(checkout) == before


def test_up_shows_what_it_is_about_to_do_though_nobody_is_asked(checkout):
    shown = checkout.run("up", expect=1).stderr
    assert (
        "  would be updated: aws:sqs/queue:Queue::letters\n  would be replaced: aws:sqs/queue:Queue::parcels\n" in shown
    )


def test_one_name_gives_up_one_resource(checkout):
    refused = checkout.run("up", *BOTH[:2], expect=1).stderr
    assert refused.endswith("add: --allow-data-loss customers\n")


def test_what_is_named_is_given_up(tmp_path):
    with about_to_lose(tmp_path) as made:
        assert [each["name"] for each in made.json("up", *BOTH, "--no-serve")["data"]] == ["customers", "parcels"]


def test_a_name_of_no_loss_is_refused_with_the_nearest(checkout):
    refused = checkout.run("up", *BOTH, "--allow-data-loss", "customer", expect=1).stderr
    assert "--allow-data-loss is 'customer', the name of no loss; allowed: customers, parcels. Fix: " in refused


def test_a_resource_that_keeps_its_data_is_no_loss(checkout):
    refused = checkout.run("up", *BOTH, "--allow-data-loss", "letters", expect=1).stderr
    assert "--allow-data-loss is 'letters', the name of no loss" in refused


def test_a_preview_shows_the_loss_and_ends_as_up_would(checkout):
    shown = checkout.run("preview", expect=1)
    assert "\nWhat holds data:\n  Table customers (items) would be deleted: the program has no resource" in shown.stdout
    assert shown.stderr.endswith("add: --allow-data-loss customers --allow-data-loss parcels\n")


def test_a_preview_of_what_is_named_succeeds(checkout):
    assert [each["name"] for each in checkout.json("preview", *BOTH)["data"]] == ["customers", "parcels"]


def test_a_preview_in_json_answers_what_it_then_refuses(checkout):
    data = checkout.json_of_any_exit("preview")["data"]
    found = [(each["name"], each["change"], each["properties"], each["copy"]) for each in data]
    assert found == [("customers", "delete", [], False), ("parcels", "replace", ["fifoQueue"], False)]


def test_a_name_is_refused_where_no_state_says_what_stands(tmp_path):
    refused = make_checkout(tmp_path).run("up", "--allow-data-loss", "customers", expect=1).stderr
    assert refused.startswith("Error: --allow-data-loss is 'customers', without Pulumi's engine; allowed: with it")


def test_the_first_up_has_nothing_to_lose(tmp_path):
    made = make_checkout(tmp_path)
    write(made, **BEFORE)
    refused = made.run("up", "--engine", "pulumi", "--allow-data-loss", "customers", expect=1).stderr
    assert refused.endswith("allowed: none. Fix: leave it out: this update loses nothing. Nothing was changed\n")
    made.run("down", "--now")
