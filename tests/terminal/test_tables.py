"""Answers for a person: one line a row in a pipe, and no value broken that could be shown whole."""

import pytest
from rich.console import Console

from engines.coverage import Row
from engines.graph import Graph, Resource
from terminal.commands import print_rich
from terminal.tables import class_table, component_table, coverage_table, entries, outputs_table, resource_table

LONG = "https://sqs.us-east-1.amazonaws.com/123456789012/" + "m" * 300
STACK = "urn:pulumi:test::mine::pulumi:pulumi:Stack::mine-test"


def lines_at(width, table):
    console = Console(width=width)
    with console.capture() as captured:
        console.print(table)
    return [line.rstrip() for line in captured.get().splitlines()]


def resource(name, type_, parent, *, custom=True, id_=""):
    return Resource(
        urn=f"urn:pulumi:test::mine::{type_}::{name}", type=type_, name=name, parent=parent, custom=custom, id=id_
    )


def test_a_pipe_gets_one_line_for_each_value_however_long(capsys):
    print_rich(outputs_table({"queue_urls": {"mail": LONG}}))
    assert capsys.readouterr().out.splitlines() == [f"output{' ' * 11}value", f"queue_urls.mail  {LONG}"]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"url": "https://a"}, {"url": "https://a"}),
        ({"tables": {"map": {"00": "t"}, "version": 2}}, {"tables.map.00": "t", "tables.version": 2}),
        ({"hosts": ["a", "b"]}, {"hosts.0": "a", "hosts.1": "b"}),
        ({"hosts": [], "map": {}}, {"hosts": [], "map": {}}),
        ({}, {}),
    ],
)
def test_entries_are_named_by_the_way_to_them(value, found):
    assert entries(value) == found


def test_the_outputs_of_a_map_fit_a_narrow_terminal():
    fleets = {"app_fleets": {"accounts": "app-accounts-a73e155", "catalog": "app-catalog-86443ee"}}
    assert lines_at(60, outputs_table(fleets))[1:] == [
        "app_fleets.accounts  app-accounts-a73e155",
        "app_fleets.catalog   app-catalog-86443ee",
    ]


def test_every_resource_is_listed_under_its_component_with_its_id():
    box = resource("mail", "bigpicture:queue:WorkQueue", STACK, custom=False)
    queue = resource("mail-queue", "aws:sqs/queue:Queue", box.urn, id_="https://sqs/mail")
    alone = resource("bucket", "aws:s3/bucket:Bucket", STACK, id_="bucket-1")
    salt = resource("salt", "random:index/randomId:RandomId", STACK, id_="x")
    graph = Graph(project="mine", stack="test", resources=[box, queue, salt, alone])
    assert [line.split() for line in lines_at(200, resource_table(graph))[1:]] == [
        ["random.RandomId", "salt", "x"],
        ["s3.Bucket", "bucket", "bucket-1"],
        ["mail", "sqs.Queue", "mail-queue", "https://sqs/mail"],
    ]


def boxed(*types):
    box = resource("mail", "bigpicture:queue:WorkQueue", STACK, custom=False)
    made = [resource(f"mail-{place}", type_, box.urn) for place, type_ in enumerate(types)]
    return Graph(project="mine", stack="test", resources=[box, *made])


def test_a_component_takes_one_line_of_a_narrow_terminal():
    graph = boxed(
        "aws:sqs/queue:Queue", "aws:sqs/queuePolicy:QueuePolicy", "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy"
    )
    [component, _total] = lines_at(50, component_table(graph))[1:]
    assert component.startswith("mail       WorkQueue          3  1 Queue,")


def test_components_of_one_class_share_a_line_with_the_sum_of_their_resources():
    boxes = [resource(name, "bigpicture:queue:WorkQueue", STACK, custom=False) for name in ("mail", "sagas")]
    made = [resource(each, "aws:sqs/queue:Queue", boxes[0 if each == "mail-queue" else 1].urn)
            for each in ("mail-queue", "sagas-queue", "sagas-dead")]  # fmt: skip
    lines = lines_at(200, class_table(Graph(project="mine", stack="test", resources=[*boxes, *made])))
    assert lines[1:] == ["WorkQueue          3  mail, sagas"]


def test_a_pipe_is_told_every_type_that_a_component_is_made_of():
    graph = boxed("a:a:A", "a:b:B", "a:b:B", "a:c:C", "a:d:D", "a:e:E")
    assert lines_at(200, component_table(graph))[1].split("  ")[-1] == "2 B, 1 A, 1 C, 1 D, 1 E"


def test_what_the_account_knows_nothing_of_comes_last():
    rows = [Row("a", "x", "recorded", 1), Row("b", "y", "emulated", 2)]
    assert [line.split()[0] for line in lines_at(80, coverage_table(rows))[1:]] == ["b", "a"]
