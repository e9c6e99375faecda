"""What the load balancer refuses before the first resource is registered."""

from dataclasses import replace

import pytest

from components.load_balancer import Service
from tests.components.balancers import ORDERS, PLAIN

PATHS = "1 to 3 patterns from '/', each of at most 128 characters"


def refusal_of(**change):
    with pytest.raises(ValueError, match="Fix: ") as refusal:
        replace(PLAIN, **change)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("field", "value", "allowed"),
    [
        ("services", {}, "1 to 100 services"),
        ("port", 0, "1 to 65535"),
        ("port", 65_536, "1 to 65535"),
        ("health_path", "health", "a path from '/'"),
        ("idle_timeout_s", 0, "1 to 4000"),
        ("idle_timeout_s", 4001, "1 to 4000"),
        ("keep_alive_s", 50, "over idle_timeout_s, 50"),
        ("drain_s", -1, "0 to 3600"),
        ("drain_s", 3601, "0 to 3600"),
        ("secret_generation", 0, "1 and more"),
    ],
)
def test_a_number_that_aws_would_refuse_is_refused_with_the_fix(field, value, allowed):
    change = {field: value, **({"keep_alive_s": 5000} if value == 4001 else {})}
    assert refusal_of(**change) == f"{field} is {value!r}; allowed: {allowed}. Fix: {field}"


@pytest.mark.parametrize("paths", [(), ("/1", "/2", "/3", "/4"), ("orders",), ("/" + "x" * 128,)])
def test_paths_that_fit_no_rule_beside_two_secrets_are_refused(paths):
    where = "services['orders'].paths"
    message = refusal_of(services={"orders": Service(paths=paths)})
    assert message == f"{where} is {list(paths)}; allowed: {PATHS}. Fix: {where}"


def test_one_path_for_two_services_is_refused():
    message = refusal_of(services={"a": ORDERS, "b": Service(paths=("/orders",))})
    assert message == "/orders is claimed by a, b; allowed: one service. Fix: services"


def test_everything_wrong_is_said_at_once():
    assert refusal_of(port=0, drain_s=3601).count("Fix: ") == 2
