"""No carried type or property is forgotten: each is changed in place, or replaces, and the table says which."""

import pytest

from offline import replacement
from offline.handler import Handler
from offline.resources import handlers
from tests.offline.provider.changes import CHANGES


def in_place(handler):
    """The properties of a handler that do not replace it, whatever their values."""
    facts = replacement.facts()
    named = handler.emulates | handler.records
    return {name for name in named if not facts[handler.token, name].replaces}


@pytest.mark.parametrize("token", sorted(handlers()))
def test_every_type_can_be_changed_or_every_property_replaces_it(token):
    handler = handlers()[token]
    changes = type(handler).update is not Handler.update
    assert changes == bool(in_place(handler))


@pytest.mark.parametrize("token", sorted(handlers()))
def test_every_carried_property_is_in_the_table_of_replacements(token):
    named = handlers()[token].emulates | handlers()[token].records
    assert {name for name in named if (token, name) not in replacement.facts()} == set()


def test_every_type_that_can_be_changed_has_a_change_in_the_tests():
    changed = {token for token, handler in handlers().items() if in_place(handler)}
    assert changed - CHANGES.keys() - {"aws:iam/policy:Policy", "aws:kms/alias:Alias"} == set()


def test_the_table_of_replacements_holds_only_what_is_carried():
    carried = {(token, name) for token, each in handlers().items() for name in each.emulates | each.records}
    assert {(token, path.partition(".")[0]) for token, path in replacement.facts()} - carried == set()
