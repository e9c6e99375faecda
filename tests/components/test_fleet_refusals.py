"""What a fleet and its parts refuse before the first resource is registered."""

from dataclasses import replace

import pytest

from components.fleet import Target, Targets
from components.parts.launch import encode
from tests.surroundings import NOWHERE, fleet_args

ARGS = fleet_args(NOWHERE, min_servers=2, max_servers=4)
TARGETS = {f"service-{number}": Target(arn=f"arn-{number}", label=f"label-{number}") for number in range(10)}


def targets(count, requests=1000):
    chosen = dict(list(TARGETS.items())[:count])
    return Targets(groups=chosen, sources={"balancer": "sg-1"}, requests_per_server_minute=requests)


@pytest.mark.parametrize(
    ("field", "value", "allowed"),
    [
        ("min_servers", 0, "1 to max_servers, 4"),
        ("min_servers", 5, "1 to max_servers, 4"),
        ("max_servers", 101, "at most 100"),
        ("port", 0, "1 to 65535"),
        ("root_volume_gb", 7, "8 to 16384 (GiB)"),
        ("target_cpu_percent", 9, "10 to 90"),
        ("target_cpu_percent", 91, "10 to 90"),
        ("boot_grace_s", -1, "0 to 7200"),
        ("drain_s", 7201, "0 to 7200"),
        ("warmup_s", 3601, "0 to 3600"),
        ("cpu_credits", "unlimitted", "standard, unlimited"),
    ],
)
def test_a_number_out_of_range_is_refused_with_the_fix(field, value, allowed):
    with pytest.raises(ValueError, match="Fix: ") as refusal:
        replace(ARGS, **{field: value})
    assert str(refusal.value) == f"{field} is {value!r}; allowed: {allowed}. Fix: {field}"


@pytest.mark.parametrize("count", [0, 10])
def test_more_target_groups_than_an_alarm_takes_metrics_are_refused(count):
    with pytest.raises(ValueError, match=f"targets has {count} target groups; allowed: 1 to 9"):
        targets(count)


def test_nine_target_groups_fill_an_alarm():
    assert len(targets(9).groups) == 9


def test_a_server_that_is_to_get_no_request_is_refused():
    with pytest.raises(ValueError, match="requests_per_server_minute is 0; allowed: 1 and more"):
        targets(1, requests=0)


def test_user_data_over_ec2s_limit_is_refused():
    assert len(encode("x" * 16_384)) > 16_384
    with pytest.raises(ValueError, match="user_data has 16385 bytes; allowed: at most 16384 before base64"):
        encode("x" * 16_385)
