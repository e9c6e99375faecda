"""What is spared in moto changes no answer: what is kept for the next call is kept for the like of it alone."""

from moto.core.serialize import AttributePickerContext, XFormedAttributePicker
from moto.core.utils import get_service_model

from offline.account import Account

SHAPE = get_service_model("sqs").shape_for("String")


class Renamed:
    """A class of moto's own kind: it says itself what an attribute of an answer is called in it."""

    class Meta:
        """Where moto looks for it."""

        serialization_aliases = {"QueueUrl": "url"}  # noqa: RUF012  as moto's own classes have it


def names(obj: object) -> list[str]:
    picker = XFormedAttributePicker()
    return list(picker.get_possible_keys(AttributePickerContext(obj=obj, key="QueueUrl", shape=SHAPE)))


def test_an_attributes_names_are_those_of_the_class_that_has_it(account: Account) -> None:
    assert (names({})[0], names(Renamed())[0]) == ("QueueUrl", "url")
