"""Check that what was made without the collector is neither gone through at once nor kept for ever."""

import gc
import weakref

import pytest

from engines.collector import without_collector


class Cycle:
    """An object that only the collector takes away."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def made() -> "weakref.ref[Cycle]":
    """A cycle that nobody holds, made while the collector was out of the way."""
    with without_collector():
        return weakref.ref(Cycle())


def test_no_allocation_after_it_goes_through_what_was_made_meanwhile(made: "weakref.ref[Cycle]") -> None:
    assert any(each is made() for each in gc.get_objects(generation=2))


def test_a_whole_collection_takes_away_what_was_made_meanwhile(made: "weakref.ref[Cycle]") -> None:
    gc.collect()

    assert made() is None
