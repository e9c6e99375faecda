"""Each service keeps its contract: what it answers is what the contract says, whatever it is asked."""

import json

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.openapi import documents

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
OPERATIONS = {
    operation.label: operation
    for name, text in documents().items()
    if name != "messages.json"
    for found in schemathesis.openapi.from_dict(json.loads(text)).get_all_operations()
    if isinstance(found, Ok)
    for operation in [found.ok()]
}
EXAMPLES = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
"""The same examples in every run: what is found new belongs in a test of its own, not in somebody's unlucky run."""


@pytest.mark.parametrize("label", OPERATIONS)
def test_what_a_service_answers_is_what_its_contract_says(store, world, label):
    caller = world.log_in()

    @EXAMPLES
    @given(OPERATIONS[label].as_strategy())
    def ask(case):
        case.call_and_validate(
            base_url=f"http://127.0.0.1:{store.port}", checks=CHECKS, cookies={"session": caller.session_id}, timeout=60
        )

    ask()
