"""Random values in the offline account: what a program sees of them."""

import re

import pulumi
import pulumi_random as random
import pytest

from engines.refusals import EngineError
from tests.deploying import deploy

PASSWORD = "random:index/randomPassword:RandomPassword"
ID = "random:index/randomId:RandomId"


def drawn(**settings):
    """The password in clear, as only its resource and the account's handler know it."""
    deployed = deploy(lambda: random.RandomPassword("password", **settings))
    [live] = deployed.monitor.live.values()
    return (live.handler.read(live.aws, live.id, live.inputs) or {})["result"]


def test_a_password_has_the_length_and_the_classes_that_were_asked_for():
    assert re.fullmatch("[a-z0-9]{64}", drawn(length=64, special=False, upper=False))


def test_a_password_has_the_least_of_each_class():
    assert re.fullmatch("[0-9]{2}", drawn(length=2, min_numeric=2, lower=True))


def test_only_the_given_specials_are_drawn():
    assert re.fullmatch("#{8}", drawn(length=8, lower=False, upper=False, numeric=False, override_special="#"))


def test_a_password_that_cannot_hold_its_minima_is_refused():
    with pytest.raises(EngineError, match=r"length is 1 for .*; allowed: a class of characters, and room"):
        drawn(length=1, min_lower=2)


def test_a_password_is_never_shown():
    def program():
        pulumi.export("password", random.RandomPassword("password", length=32).result)

    deployed = deploy(program)
    assert (deployed.one(PASSWORD).outputs["result"], deployed.outputs["password"]) == ("[secret]", "[secret]")


def test_a_random_id_is_the_same_in_every_run():
    runs = [deploy(lambda: random.RandomId("suffix", byte_length=4)).one(ID) for _ in range(2)]
    assert runs[0] == runs[1]


def test_two_random_ids_differ():
    deployed = deploy(lambda: [random.RandomId(name, byte_length=4) for name in ("one", "two")])
    assert len({each.outputs["hex"] for each in deployed.of_type(ID)}) == 2


def test_every_spelling_of_a_random_id_is_of_the_same_bytes():
    outputs = deploy(lambda: random.RandomId("suffix", byte_length=4, prefix="x-")).one(ID).outputs
    assert int(outputs["dec"].removeprefix("x-")) == int(outputs["hex"].removeprefix("x-"), 16)
