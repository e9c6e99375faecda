"""Rules of Lambda functions and of the queues and streams that they read."""

from __future__ import annotations

from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import resource_rule, stack_rule
from policies.rules.placement import LAMBDA as FUNCTION
from policies.rules.queues import QUEUE
from policies.stack import Stack
from policies.values import Fault

MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping"
API = "https://docs.aws.amazon.com/lambda/latest/api/API_"
GUIDE = "https://docs.aws.amazon.com/lambda/latest/dg/"
GONE = (
    "dotnet5.0", "dotnet7", "dotnetcore1.0", "dotnetcore2.0", "dotnetcore2.1", "dotnetcore3.1", "go1.x", "java8",
    "nodejs", "nodejs4.3", "nodejs4.3-edge", "nodejs6.10", "nodejs8.10", "nodejs10.x", "nodejs12.x", "nodejs14.x",
    "provided", "python2.7", "python3.6", "python3.7", "ruby2.5", "ruby2.7",
)  # fmt: skip
"""Runtimes of which Lambda has made no new function since February 2024 at the latest."""
VISIBILITY_DEFAULT_S = 30
TIMEOUT_DEFAULT_S = 3


@resource_rule(FUNCTION, source=f"{GUIDE}lambda-runtimes.html", fix="use a runtime that is supported")
def function_runtime(function: Resource) -> Iterator[Fault]:
    """Lambda makes no function of a runtime that has ended."""
    if function.text("runtime") in GONE:
        yield function.fault("runtime", "a supported runtime")


@resource_rule(FUNCTION, source=f"{API}CreateFunction.html", fix="use 1 to 900 s, and 128 to 10240 MB")
def function_limits(function: Resource) -> Iterator[Fault]:
    """A function runs 15 minutes at most, in 128 to 10,240 MB, unless its servers are of one's own."""
    if "capacityProviderConfig" not in function:
        yield from function.between("timeout", 1, 900)
        yield from function.between("memorySize", 128, 10_240)


@resource_rule(FUNCTION, source=f"{API}CreateFunction.html", fix="give runtime and handler, or package_type and image")
def function_is_whole(function: Resource) -> Iterator[Fault]:
    """A function of a ZIP file needs runtime and handler, and one of an image may have neither."""
    image = function.text("packageType") == "Image"
    for name in ("runtime", "handler"):
        if (name in function) is image:
            yield function.fault(name, "not set, as the image says it" if image else "given, as its code is a ZIP file")


@stack_rule(MAPPING, source=f"{GUIDE}services-sqs-configure.html",
            fix="set visibility_timeout_seconds of the queue to six times the function's timeout")  # fmt: skip
def mapping_outlasts_its_function(mapping: Resource, stack: Stack) -> Iterator[Fault]:
    """Lambda refuses to read a queue that shows a message again before the function's time is over."""
    for queue in stack.referred(mapping, "eventSourceArn", QUEUE):
        given = queue.number("visibilityTimeoutSeconds")
        hidden = VISIBILITY_DEFAULT_S if given is None else given
        for function in stack.referred(mapping, "functionName", FUNCTION):
            runs = function.number("timeout") or TIMEOUT_DEFAULT_S
            if hidden < runs:
                allowed = f"a queue that hides a message for {runs} s or more"
                yield mapping.fault("eventSourceArn", allowed, got=f"{queue.name}: {hidden} s")


@stack_rule(MAPPING, source=f"{API}CreateEventSourceMapping.html",
            fix="read 10 at a time, or set maximum_batching_window_in_seconds on a standard queue")  # fmt: skip
def mapping_batch(mapping: Resource, stack: Stack) -> Iterator[Fault]:
    """Lambda reads more than 10 messages at a time of a standard queue alone, and within a window."""
    size = mapping.number("batchSize") or 0
    for queue in stack.referred(mapping, "eventSourceArn", QUEUE) if size > 10 else []:
        if queue.is_known("fifoQueue") and queue.flag("fifoQueue"):
            yield mapping.fault("batchSize", "at most 10")
        elif not mapping.number("maximumBatchingWindowInSeconds"):
            yield mapping.fault("batchSize", "at most 10 without a window")
