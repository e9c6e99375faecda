"""A seeded store holds the whole catalogue, each item once however often it is seeded."""

import asyncio

import pytest

from tests.app.world import ask
from traffic.catalogue import catalogue
from traffic.recognition import demand_store
from traffic.seeding import seed

COUNT = 30


@pytest.fixture(scope="module")
def seeded(store):
    told = []
    word = "correct horse battery"
    url = f"http://127.0.0.1:{store.port}"
    return [asyncio.run(seed(url, COUNT, 0, word, told.append)) for _ in range(2)], told


def test_what_is_there_already_is_not_listed_again(seeded):
    assert seeded == ([COUNT, 0], [*range(1, COUNT + 1)] * 2)


def test_a_store_that_serves_is_known_for_one(store):
    assert demand_store(f"http://127.0.0.1:{store.port}") is None


def test_every_item_of_the_catalogue_is_in_the_store_as_it_was_made(store, seeded):
    found = [ask(store, "GET", f"/catalog/items/{each.item_id}")[1] for each in catalogue(COUNT)]
    assert [(each["title"], each["price_cents"], each["available"]) for each in found] == [
        (each.title, each.price_cents, each.stock) for each in catalogue(COUNT)
    ]
