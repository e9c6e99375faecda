"""What a program that runs inside our process tells Pulumi's engine, and what of it stays."""

import contextvars
from types import SimpleNamespace

import pulumi
import pytest
from pulumi.runtime.settings import SETTINGS

from engines.inline import InlineProgram


def told(program):
    """The messages that *program* gets through to the engine."""
    messages = []

    def run():
        engine = SimpleNamespace(Log=lambda request: messages.append(request.message))
        SETTINGS.engine = engine  # pyright: ignore[reportAttributeAccessIssue]  the SDK types it as its gRPC stub
        InlineProgram(program)()

    contextvars.copy_context().run(run)
    return messages


def test_the_engine_is_spared_debug_messages():
    assert told(lambda: pulumi.log.debug("preparing resource")) == []


@pytest.mark.parametrize("say", [pulumi.log.info, pulumi.log.warn, pulumi.log.error])
def test_the_engine_hears_all_else_that_a_program_says(say):
    assert told(lambda: say("careful")) == ["careful"]
