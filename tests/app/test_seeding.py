"""A seeded store holds the whole catalogue with a picture of each item, once however often it is seeded."""

import asyncio
from dataclasses import astuple

import pytest
from PIL import Image

from app.services.catalog.gallery import size_key
from tests.app.processes import running
from tests.app.world import ask
from traffic.catalogue import catalogue
from traffic.recognition import demand_store
from traffic.seeding import seed

COUNT = 8


@pytest.fixture(scope="module")
def seeded(world, store):
    """What each of two runs came to, and how often the first one told of its way."""
    told, url, word = [], f"http://127.0.0.1:{store.port}", "correct horse battery"
    with running("worker", "--queues", "pictures", **world.environment):
        first = asyncio.run(seed(url, COUNT, 0, word, told.append))
    steps, again = len(told), asyncio.run(seed(url, COUNT, 0, word, told.append))
    return [astuple(first), astuple(again)], steps


def test_what_is_there_already_is_not_listed_again(seeded):
    assert seeded == ([(COUNT, COUNT, COUNT), (COUNT, 0, COUNT)], 2 * COUNT)


def test_a_store_that_serves_is_known_for_one(store):
    assert demand_store(f"http://127.0.0.1:{store.port}") is None


def test_every_item_of_the_catalogue_is_in_the_store_as_it_was_made(store, seeded):
    found = [ask(store, "GET", f"/catalog/items/{each.item_id}")[1] for each in catalogue(COUNT)]
    assert [(each["title"], each["price_cents"], each["available"]) for each in found] == [
        (each.title, each.price_cents, each.stock) for each in catalogue(COUNT)
    ]


def test_every_item_shows_a_picture_of_its_own_that_a_worker_has_resized(world, store, seeded):
    s3, bucket, small = world.account.client("s3"), world.environment["BIGPICTURE_PICTURES_BUCKET"], []
    for each in catalogue(COUNT):
        key = size_key(each.item_id, each.picture_id, 160)
        assert f"/{key}" == ask(store, "GET", f"/catalog/items/{each.item_id}")[1]["picture"] + "-160.webp"
        small.append(Image.open(s3.get_object(Bucket=bucket, Key=key)["Body"]))
    assert {each.size for each in small} == {(160, 120)}
    assert len({each.tobytes() for each in small}) == COUNT
