"""Fragments about functions, and about what they read."""

import pulumi
import pulumi_aws as aws

from tests.policies.fragments import breaks, keeps


def function(**more):
    code = pulumi.AssetArchive({"index.py": pulumi.StringAsset("def handler(event, context): ...")})
    role = "arn:aws:iam::123456789012:role/function"
    given = {"runtime": "python3.13", "handler": "index.handler", "code": code, "role": role}
    return aws.lambda_.Function("function", **{**given, **more})


def reading(*, runs=3, fifo=False, hidden=None, **more):
    """A function that reads a queue."""
    dead = aws.sqs.Queue("dead", fifo_queue=fifo, message_retention_seconds=1_209_600)
    letters = pulumi.Output.json_dumps({"deadLetterTargetArn": dead.arn, "maxReceiveCount": 5})
    queue = aws.sqs.Queue("jobs", fifo_queue=fifo, visibility_timeout_seconds=hidden, redrive_policy=letters)
    reader = function(timeout=runs)
    aws.lambda_.EventSourceMapping("jobs", event_source_arn=queue.arn, function_name=reader.name, **more)


@breaks(
    "function-runtime",
    "aws:lambda/function:Function 'function': runtime is \"python3.7\"; allowed: a supported runtime.",
)
def ended_runtime():
    function(runtime="python3.7")


@keeps("function-runtime")
def current_runtime():
    function(runtime="python3.14")


@breaks(
    "function-limits",
    "aws:lambda/function:Function 'function': timeout is 960; allowed: 1 to 900.",
    "aws:lambda/function:Function 'function': memorySize is 10241; allowed: 128 to 10240.",
)
def function_of_16_minutes():
    function(timeout=960, memory_size=10_241)


@keeps("function-limits")
def function_of_15_minutes():
    function(timeout=900, memory_size=10_240)


@breaks(
    "function-is-whole",
    "aws:lambda/function:Function 'function': handler is not set; allowed: given, as its code is a ZIP file.",
)
def function_without_a_handler():
    function(handler=None)


@breaks(
    "function-is-whole",
    "aws:lambda/function:Function 'function': runtime is \"python3.13\"; allowed: not set, as the image says it.",
)
def image_with_a_runtime():
    function(package_type="Image", image_uri="made-elsewhere:1", code=None, handler=None)


@keeps("function-is-whole")
def function_of_an_image():
    function(package_type="Image", image_uri="made-elsewhere:1", code=None, handler=None, runtime=None)


@breaks(
    "mapping-outlasts-its-function",
    "aws:lambda/eventSourceMapping:EventSourceMapping 'jobs': eventSourceArn is \"jobs: 30 s\"; allowed: a "
    "queue that hides a message for 31 s or more.",
)
def function_that_outlasts_the_default():
    reading(runs=31)


@breaks(
    "mapping-outlasts-its-function",
    "aws:lambda/eventSourceMapping:EventSourceMapping 'jobs': eventSourceArn is \"jobs: 0 s\"; allowed: a "
    "queue that hides a message for 60 s or more.",
)
def function_that_outlasts_its_queue():
    reading(runs=60, hidden=0)


@keeps("mapping-outlasts-its-function")
def function_as_long_as_its_queue_waits():
    reading(runs=60, hidden=60)


@breaks(
    "mapping-batch",
    "aws:lambda/eventSourceMapping:EventSourceMapping 'jobs': batchSize is 11; allowed: at most 10 without a window.",
)
def batch_of_11_without_a_window():
    reading(batch_size=11)


@breaks(
    "mapping-batch",
    "aws:lambda/eventSourceMapping:EventSourceMapping 'jobs': batchSize is 11; allowed: at most 10.",
)
def batch_of_11_in_order():
    reading(batch_size=11, fifo=True, maximum_batching_window_in_seconds=1)


@keeps("mapping-batch")
def batch_of_11_within_a_window():
    reading(batch_size=11, maximum_batching_window_in_seconds=1)
