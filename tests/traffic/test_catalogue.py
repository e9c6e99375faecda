"""The catalogue of a seeded store: the same each time, and nothing in it that the store would refuse."""

import itertools

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from app.services.catalog.domain import NewItem
from traffic.catalogue import ITEMS_PER_SELLER, catalogue


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 5))
def test_a_longer_catalogue_begins_with_the_shorter(short, more, seed):
    longer = list(itertools.islice(catalogue(short + more, seed), short))
    assert longer == list(catalogue(short, seed))


def test_no_item_has_the_id_of_another():
    listings = [each for seed in (0, 1) for each in catalogue(500, seed)]
    assert len({each.item_id for each in listings}) == 1000


def test_the_store_takes_every_item():
    wanted = [
        {"title": each.title, "description": each.description, "price_cents": each.price_cents, "stock": each.stock}
        for each in catalogue(500)
    ]
    assert len(msgspec.convert(wanted, list[NewItem])) == 500


def test_a_seller_lists_so_many_items_and_no_more():
    sellers = [each.seller.email for each in catalogue(3 * ITEMS_PER_SELLER)]
    assert [len(list(own)) for _, own in itertools.groupby(sellers)] == [ITEMS_PER_SELLER] * 3
