"""Each service keeps its contract: what it answers is what the contract says, whatever it is asked."""

import json

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from app.calls.signature import CUSTOMER, SIGNATURE, Call, sign
from app.openapi import documents
from app.services.payments.notices import HEADER, Stamp
from app.services.payments.notices import sign as sign_notice
from tests.app.world import new_id

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
CONTRACTS = [json.loads(text) for name, text in documents().items() if name != "messages.json"]


def operations(contracts):
    """Label -> operation."""
    return {
        operation.label: operation
        for contract in contracts
        for found in schemathesis.openapi.from_dict(contract).get_all_operations()
        if isinstance(found, Ok)
        for operation in [found.ok()]
    }


def unsecured(contract):
    """The contract without its credentials, which `Customer` adds: a case must not be wrong for want of them."""
    paths = {
        path: {method: {key: said[key] for key in said if key != "security"} for method, said in methods.items()}
        for path, methods in contract["paths"].items()
    }
    return contract | {"paths": paths}


OPERATIONS = operations(CONTRACTS)
SPECIFIC = {
    label: operation
    for label, operation in operations(map(unsecured, CONTRACTS)).items()
    if operation.body or operation.path_parameters or operation.query
}
"""The operations that can be asked for what their contract does not allow."""
EXAMPLES = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
"""The same examples in every run: what is found new belongs in a test of its own, not in somebody's unlucky run."""


PAYMENTS = [label for label in OPERATIONS if "/payments/" in label]
AMOUNT = 1_000_000_000


class Customer:
    """Who asks, with a session and with the signatures of the store's services and of the gateway."""

    def __init__(self, store, world):
        self.store, self.world, self.caller = store, world, world.log_in()
        self.secrets = {name: world.secret(name) for name in ("CALLS", "GATEWAY")}
        self.charge_id, self.statuses = new_id(), []

    def ask(self, case):
        """Have the answer validated; every second question is about a charge that there is."""
        if self.statuses and len(self.statuses) % 2:
            if "charge_id" in case.path_parameters:
                case.path_parameters["charge_id"] = self.charge_id
            elif case.path.endswith("/notices"):
                case.body |= {"charge_id": self.charge_id, "amount_cents": AMOUNT}
        self.statuses.append(self.validate(case, CHECKS))

    def refused(self, case):
        """Have the refusal of what the contract does not allow validated."""
        self.validate(case, [*CHECKS, negative_data_rejection])

    def validate(self, case, checks):
        """Ask; the answer's status."""
        answer = case.call_and_validate(
            base_url=f"http://127.0.0.1:{self.store.port}",
            checks=checks,
            cookies={"session": self.caller.session_id},
            auth=self.sign,
            timeout=60,
        )
        return answer.status_code

    def charge(self):
        """Be charged AMOUNT."""
        body = {"amount_cents": AMOUNT, "payment": "tok_accepted"}
        path = f"/internal/payments/charges/{self.charge_id}"
        assert self.world.call(self.store, "PUT", path, self.caller.customer_id, body)[0] == 201

    def sign(self, request):
        """Sign what is about to be sent, where it is for signed calls."""
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        if request.path_url.startswith("/internal/"):
            call = Call(request.method, request.path_url, self.caller.customer_id, body)
            request.headers.update({CUSTOMER: call.customer_id, SIGNATURE: sign(self.secrets["CALLS"], call)})
        elif request.path_url.endswith("/notices"):
            stamp = Stamp(self.world.primary_s(), new_id())
            request.headers[HEADER] = sign_notice(self.secrets["GATEWAY"], stamp, body)
        return request


@pytest.mark.parametrize("label", OPERATIONS)
def test_what_a_service_answers_is_what_its_contract_says(store, world, label):
    customer = Customer(store, world)
    if label in PAYMENTS:
        customer.charge()
    EXAMPLES(given(OPERATIONS[label].as_strategy())(customer.ask))()
    if label in PAYMENTS:
        assert min(customer.statuses) < 300


@pytest.mark.parametrize("label", SPECIFIC)
def test_what_a_contract_does_not_allow_is_refused_as_it_says(store, world, label):
    strategy = SPECIFIC[label].as_strategy(generation_mode=GenerationMode.NEGATIVE)
    EXAMPLES(given(strategy)(Customer(store, world).refused))()
