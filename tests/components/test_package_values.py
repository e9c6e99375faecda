"""What a program in another language wrote becomes the arguments of a box, and its outputs come back by their names."""

import inspect
from pathlib import Path

import pulumi
import pytest
from pulumi.provider.experimental.util import camel_case

from components.fleet import Fleet, FleetArgs, Image
from components.load_balancer import TargetGroup
from components.network import NetworkArgs
from components.package.provider import Package
from components.package.values import make_args, shown
from components.uploaded_files import UploadedFilesArgs
from components.work_queue import WorkQueueArgs
from components.workers import Backlog, WorkersArgs
from tests.deploying import deploy
from tests.surroundings import surroundings

FLEET = {
    "vpc_id": "vpc-1",
    "subnet_ids": ["subnet-1"],
    "image": {"id": "ami-1", "root_device": "/dev/xvda", "pinned": True},
    "instance_type": "t4g.small",
    "min_servers": 1.0,
    "max_servers": 2.0,
    "user_data": "#!/bin/sh",
    "port": 8000.0,
    "root_volume_gb": 8.0,
    "target_cpu_percent": 60.0,
    "boot_grace_s": 60.0,
    "drain_s": 30.0,
}
BACKLOG = {"queue_names": {"mail": "mail"}, "max_job_s": {"mail": 60.0}, "latency_s": 120.0}
IMAGE = Image(id="ami-1", root_device="/dev/xvda", pinned=True)


def test_objects_within_objects_become_the_classes_that_the_fields_name():
    made = make_args(WorkersArgs, {"fleet": FLEET, "backlog": BACKLOG, "drain_s": 30.0})
    fleet = FleetArgs(**{**FLEET, "image": IMAGE})
    backlog = Backlog(queue_names={"mail": "mail"}, max_job_s={"mail": 60}, latency_s=120)
    assert made == WorkersArgs(fleet=fleet, backlog=backlog, drain_s=30)


def test_a_whole_number_arrives_as_an_integer():
    assert repr(make_args(WorkQueueArgs, {"max_job_s": 60.0}).max_job_s) == "60"


def test_a_broken_number_is_refused_where_a_whole_one_is_wanted():
    with pytest.raises(ValueError, match=r"^WorkQueueArgs.max_job_s is 2.5; allowed: int. Fix: max_job_s$"):
        make_args(WorkQueueArgs, {"max_job_s": 2.5})


def test_a_number_is_refused_where_text_is_wanted():
    zones = {"cidr": "10.0.0.0/16", "zones": [1.0, 2.0], "region": "us-east-1"}
    with pytest.raises(ValueError, match=r"^NetworkArgs.zones\[0\] is 1.0; allowed: str. Fix: zones$"):
        make_args(NetworkArgs, zones)


def test_an_output_is_refused_where_a_plain_value_decides():
    refused = []

    def program():
        with pytest.raises(ValueError, match=r"^WorkQueueArgs.max_job_s is an output; allowed: a plain value") as error:
            make_args(WorkQueueArgs, {"max_job_s": pulumi.Output.from_input(60)})
        refused.append(error)

    deploy(program)
    assert len(refused) == 1


def test_a_path_becomes_one():
    here = Path(__file__)
    assert make_args(UploadedFilesArgs, {"bucket_name": "b", "files": {"a": str(here)}}).files == {"a": here}


def test_what_is_left_out_keeps_its_default():
    assert make_args(WorkQueueArgs, {"max_job_s": 60}) == WorkQueueArgs(max_job_s=60)


def test_an_object_in_a_mapping_goes_out_by_the_names_of_the_schema():
    group = TargetGroup(arn="a", arn_suffix="s", label="l")  # pyright: ignore[reportArgumentType]  plain in place of outputs
    assert shown({"orders": group}) == {"orders": {"arn": "a", "arnSuffix": "s", "label": "l"}}


def workers():
    """What a program in another language hands over, camel case and all, on a network that stands."""
    found = surroundings()
    image = {"id": found.image.id, "rootDevice": found.image.root_device, "pinned": True}
    place = {"vpcId": found.vpc_id, "subnetIds": found.subnet_ids, "image": image}
    fleet = {camel_case(name): value for name, value in FLEET.items()} | place
    backlog = {camel_case(name): value for name, value in BACKLOG.items()}
    return Package().construct(
        "mail-workers", "bigpicture:index:Workers", {"fleet": fleet, "backlog": backlog, "drainS": 30.0}
    )


def test_a_box_within_a_box_goes_out_as_an_object():
    states = []
    deploy(lambda: states.append(workers().state))
    assert set(states[0]["fleet"]) == {camel_case(name) for name in inspect.get_annotations(Fleet)}
