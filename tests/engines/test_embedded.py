"""The embedded engine records a program as the real one would see it, and creates it in the account."""

import json
from pathlib import Path

import msgspec
import pulumi
import pulumi_aws as aws
import pytest

from engines import embedded
from engines.refusals import EngineError
from offline.account import open_account
from tests.deploying import REGION, deploy

QUEUE = "aws:sqs/queue:Queue"


class Box(pulumi.ComponentResource):
    """A component with one queue in it."""

    def __init__(self, name, opts=None):
        super().__init__("test:index:Box", name, None, opts)
        inside = pulumi.ResourceOptions(parent=self, protect=True, ignore_changes=["delaySeconds"])
        self.queue = aws.sqs.Queue(f"{name}-queue", visibility_timeout_seconds=30, opts=inside)
        self.register_outputs({"url": self.queue.url})


def policy_for(arn):
    statement = {"Effect": "Deny", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_a_resource_exists_in_the_account_under_its_automatic_name():
    deployed = deploy(lambda: Box("a"))
    [url] = deployed.client("sqs").list_queues()["QueueUrls"]
    assert url.rsplit("/", 1)[1] == deployed.one(QUEUE).inputs["name"]


def test_an_urn_names_every_type_above_but_the_stack():
    deployed = deploy(lambda: Box("a"))
    assert deployed.one(QUEUE).urn == "urn:pulumi:test::bigpicture::test:index:Box$aws:sqs/queue:Queue::a-queue"


def test_options_are_recorded():
    options = deploy(lambda: Box("a")).one(QUEUE).options
    assert (options.protect, options.ignore_changes, options.region) == (True, ["delaySeconds"], "us-east-1")


def test_an_alias_is_recorded_by_what_was_another():
    former = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="jobs"), pulumi.Alias(type_="aws:sqs/old:Queue")])
    queue = deploy(lambda: aws.sqs.Queue("work", opts=former)).one(QUEUE)
    assert queue.options.aliases == ["name=jobs", "type=aws:sqs/old:Queue"]


def test_the_source_is_the_line_that_made_the_resource():
    source = deploy(lambda: Box("a")).one(QUEUE).source
    line = next(n for n, text in enumerate(Path(__file__).read_text().splitlines(), 1) if "aws.sqs.Queue(" in text)
    assert source == f"tests/engines/test_embedded.py:{line}"


def test_a_component_records_the_outputs_it_registered():
    deployed = deploy(lambda: Box("a"))
    assert deployed.one("test:index:Box").outputs == {"url": deployed.one(QUEUE).id}


def test_dependencies_that_flow_through_a_property_are_recorded():
    def program():
        queue = aws.sqs.Queue("work")
        aws.sqs.QueuePolicy("policy", queue_url=queue.url, policy=policy_for(queue.arn))

    policy = deploy(program).one("aws:sqs/queuePolicy:QueuePolicy")
    assert policy.property_dependencies["queueUrl"] == ["urn:pulumi:test::bigpicture::aws:sqs/queue:Queue::work"]


def test_whole_numbers_stay_whole_inside_json():
    def program():
        dead = aws.sqs.Queue("dead")
        redrive = pulumi.Output.json_dumps({"deadLetterTargetArn": dead.arn, "maxReceiveCount": 5})
        aws.sqs.Queue("work", redrive_policy=redrive)

    policy = json.loads(deploy(program).one(QUEUE, "work").outputs["redrivePolicy"])
    assert repr(policy["maxReceiveCount"]) == "5"


def test_a_transform_on_a_component_reaches_its_children():
    def slower(args):
        if args.type_ == QUEUE:
            return pulumi.ResourceTransformResult({**args.props, "visibilityTimeoutSeconds": 77}, args.opts)
        return None

    deployed = deploy(lambda: Box("a", pulumi.ResourceOptions(transforms=[slower])))
    url = deployed.one(QUEUE).id
    held = deployed.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])
    assert held["Attributes"]["VisibilityTimeout"] == "77"


def test_a_secret_is_masked_in_the_graph_and_clear_in_the_account():
    def program():
        aws.sqs.Queue("work", tags={"key": pulumi.Output.secret("hunter2")})

    deployed = deploy(program)
    recorded = msgspec.json.encode(deployed.graph).decode()
    tags = deployed.client("sqs").list_queue_tags(QueueUrl=deployed.one(QUEUE).id)["Tags"]
    assert ("hunter2" in recorded, tags) == (False, {"key": "hunter2"})


def test_a_secret_input_stays_secret_as_an_output():
    def program():
        queue = aws.sqs.Queue("work", tags={"key": pulumi.Output.secret("hunter2")})
        pulumi.export("tags", queue.tags)

    assert deploy(program).outputs == {"tags": "[secret]"}


def test_two_runs_record_the_same_graph():
    program = lambda: (Box("a"), Box("b"))  # noqa: E731
    assert msgspec.json.encode(deploy(program).graph) == msgspec.json.encode(deploy(program).graph)


def test_a_type_that_the_account_does_not_carry_is_refused_by_name():
    with pytest.raises(EngineError, match=r"aws:athena/workgroup:Workgroup 'x' is not carried by the offline account"):
        deploy(lambda: aws.athena.Workgroup("x"))


def test_a_property_that_the_account_would_drop_is_refused_by_name():
    with pytest.raises(EngineError, match=r"Queue 'x' \(.*\): namePrefix is not carried"):
        deploy(lambda: aws.sqs.Queue("x", name_prefix="y"))


def test_a_data_source_that_the_account_does_not_carry_is_refused_by_name():
    with pytest.raises(EngineError, match="data source aws:ec2/getSpotPrice:getSpotPrice is not carried"):
        deploy(lambda: aws.ec2.get_spot_price(instance_type="t4g.small"))


def test_an_explicit_provider_is_refused_with_the_way_round():
    with pytest.raises(EngineError, match=r"explicit providers .* Fix: use the `region` argument"):
        deploy(lambda: aws.Provider("other", region="eu-west-1"))


def test_two_resources_with_one_name_are_refused():
    def program():
        aws.sqs.Queue("same")
        aws.sqs.Queue("same")

    with pytest.raises(EngineError, match="two resources have one URN"):
        deploy(program)


def test_what_the_account_refuses_is_told_with_its_place_in_the_program():
    with pytest.raises(
        EngineError, match=r"test_embedded.py:\d+\) was refused by the offline account.*InvalidParameterValue"
    ):
        deploy(lambda: aws.sqs.Queue("x", fifo_queue=True, name="no-suffix"))


def test_a_resource_with_its_own_region_is_made_there():
    deployed = deploy(lambda: aws.sqs.Queue("far", region="eu-west-1"))
    assert "QueueUrls" in deployed.client("sqs", "eu-west-1").list_queues()
    assert "QueueUrls" not in deployed.client("sqs").list_queues()


def test_an_exception_of_the_program_comes_through_unchanged():
    def program():
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        deploy(program)


@pytest.mark.parametrize(("say", "told"), [(pulumi.log.info, []), (pulumi.log.warn, ["for nothing"])])
def test_a_warning_of_the_program_is_told_and_what_it_merely_mentions_is_not(say, told):
    seen = []
    account = open_account(REGION, "test")
    config = {"aws:region": REGION}
    embedded.deploy(lambda: say("for nothing"), account, project="p", stack="test", config=config, progress=seen.append)
    assert [event["message"] for event in seen if event["event"] == "log"] == told
