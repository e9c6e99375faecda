"""The catalog service over HTTP: items, search, and stock that is never sold twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.app.buying import in_stock
from tests.app.processes import running
from tests.app.world import ask, new_id

MUG = {"title": "Mug", "description": "Blue\nand round", "price_cents": 900, "stock": 3}


@pytest.fixture
def mug(store, seller):
    """An item of the seller's, as the answer that made it."""
    status, item = seller.ask(store, "PUT", f"/catalog/items/{new_id()}", MUG)
    assert status == 201
    return item


RESERVATIONS = "/internal/catalog/reservations"


def hold(store, world, item, quantity, reservation=None, customer_id=None):
    """The answer to an order's request to hold so many of an item."""
    lines = {"lines": [{"item_id": item["item_id"], "quantity": quantity}]}
    return world.call(store, "PUT", f"{RESERVATIONS}/{reservation or new_id()}", customer_id or new_id(), lines)


def give_back(store, world, reservation, customer_id):
    return world.call(store, "DELETE", f"{RESERVATIONS}/{reservation}", customer_id)[0]


def test_a_listed_item_is_what_the_seller_said_and_theirs(seller, mug):
    assert mug == {
        "item_id": mug["item_id"],
        "seller_id": seller.customer_id,
        "title": "Mug",
        "description": "Blue\nand round",
        "price_cents": 900,
        "available": 3,
        "version": 1,
        "picture": "",
    }


def test_the_same_listing_again_finds_the_same_item(store, seller, mug):
    assert seller.ask(store, "PUT", f"/catalog/items/{mug['item_id']}", MUG) == (200, mug)


def test_an_id_names_one_item(store, world, seller, mug):
    path = f"/catalog/items/{mug['item_id']}"
    assert seller.ask(store, "PUT", path, MUG | {"title": "Cup"})[0] == 409
    assert world.log_in().ask(store, "PUT", path, MUG)[0] == 409


def test_of_two_changes_of_one_version_the_second_is_refused(store, seller, mug):
    path = f"/catalog/items/{mug['item_id']}"
    first = seller.ask(store, "PATCH", path, {"version": 1, "title": "Cup"})
    again = seller.ask(store, "PATCH", path, {"version": 1, "title": "Cup"})
    second = seller.ask(store, "PATCH", path, {"version": 1, "price_cents": 1})
    assert (first, again) == ((200, mug | {"title": "Cup", "version": 2}),) * 2
    assert (second[0], second[1]["errors"][0]["field"]) == (409, "version")


def test_nobody_changes_or_fills_another_sellers_item(store, world, mug):
    stranger, path = world.log_in(), f"/catalog/items/{mug['item_id']}"
    assert stranger.ask(store, "PATCH", path, {"version": 1, "price_cents": 1})[0] == 409
    assert stranger.ask(store, "PUT", f"{path}/deliveries/{new_id()}", {"quantity": 1})[0] == 409
    assert in_stock(world, mug) == 3


def test_a_delivery_counts_once_however_often_it_is_told(store, seller, mug):
    path = f"/catalog/items/{mug['item_id']}/deliveries/{new_id()}"
    told = [seller.ask(store, "PUT", path, {"quantity": 4})[1]["available"] for _ in range(3)]
    assert (told, seller.ask(store, "PUT", path, {"quantity": 5})[0]) == ([7, 7, 7], 409)


def test_search_finds_words_in_any_case_and_order_and_nothing_else(store, seller):
    word = f"w{new_id().replace('-', '')}"
    for title in (f"A {word} lamp", f"{word} Chair"):
        seller.ask(store, "PUT", f"/catalog/items/{new_id()}", MUG | {"title": title})
    found = seller.ask(store, "GET", f"/catalog/items?words=LAMP+{word}")[1]["items"]
    assert [item["title"] for item in found] == [f"A {word} lamp"]


@pytest.mark.parametrize("words", ["'%20OR%201=1--", "%22unclosed", "-%20-%20!%26|():*", "%5C", "%25_"])
def test_what_looks_like_sql_or_a_query_language_is_only_words(store, seller, mug, words):
    assert seller.ask(store, "GET", f"/catalog/items?words={words}&seller={new_id()}") == (
        200,
        {"items": [], "next": None},
    )


def test_pages_hold_each_item_once_the_latest_first(store, seller):
    ids = [new_id() for _ in range(5)]
    for item_id in ids:
        seller.ask(store, "PUT", f"/catalog/items/{item_id}", MUG)
    seen, before = [], ""
    while before is not None:
        _, page = seller.ask(store, "GET", f"/catalog/items?seller={seller.customer_id}&limit=2{before}")
        seen += [item["item_id"] for item in page["items"]]
        before = page["next"] and f"&before={page['next']}"
    assert seen == ids[::-1]


def test_a_reservation_takes_all_its_lines_or_none(store, world, seller, mug):
    _, other = seller.ask(store, "PUT", f"/catalog/items/{new_id()}", MUG | {"stock": 1})
    lines = [{"item_id": mug["item_id"], "quantity": 1}, {"item_id": other["item_id"], "quantity": 2}]
    status, problem = world.call(store, "PUT", f"{RESERVATIONS}/{new_id()}", new_id(), {"lines": lines})
    assert (status, [error["field"] for error in problem["errors"]]) == (409, ["lines[1].quantity"])
    assert (in_stock(world, mug), in_stock(world, other)) == (3, 1)


def test_a_reservation_and_its_release_count_once(store, world, mug):
    reservation, customer_id = new_id(), new_id()
    held = [hold(store, world, mug, 2, reservation, customer_id)[0] for _ in range(2)]
    left = in_stock(world, mug)
    freed = [give_back(store, world, reservation, customer_id) for _ in range(2)]
    assert (held, left, freed, in_stock(world, mug)) == ([200, 200], 1, [204, 204], 3)


def test_what_is_held_keeps_its_price_whatever_the_seller_does(store, world, seller, mug):
    reservation, customer_id = new_id(), new_id()
    first = hold(store, world, mug, 2, reservation, customer_id)
    seller.ask(store, "PATCH", f"/catalog/items/{mug['item_id']}", {"version": 1, "price_cents": 1})
    line = {"item_id": mug["item_id"], "quantity": 2, "title": "Mug", "price_cents": 900}
    assert first == (200, {"reservation_id": reservation, "lines": [line | {"seller_id": seller.customer_id}]})
    assert hold(store, world, mug, 2, reservation, customer_id) == first


def test_a_release_that_overtakes_its_reservation_wins(store, world, mug):
    reservation, customer_id = new_id(), new_id()
    give_back(store, world, reservation, customer_id)
    assert (hold(store, world, mug, 1, reservation, customer_id)[0], in_stock(world, mug)) == (409, 3)


def test_nobody_releases_anothers_reservation(store, world, mug):
    reservation = new_id()
    hold(store, world, mug, 1, reservation)
    assert (give_back(store, world, reservation, new_id()), in_stock(world, mug)) == (409, 2)


def test_only_a_signed_call_holds_stock(store, seller, mug):
    lines = {"lines": [{"item_id": mug["item_id"], "quantity": 1}]}
    assert seller.ask(store, "PUT", f"{RESERVATIONS}/{new_id()}", lines)[0] == 401


def test_of_fifty_orders_at_two_servers_just_as_many_get_one_as_there_are(store, world, seller):
    _, rare = seller.ask(store, "PUT", f"/catalog/items/{new_id()}", MUG | {"stock": 10})
    with (
        running("web", "--services", "catalog", **world.environment) as second,
        ThreadPoolExecutor(16) as many,
    ):
        statuses = list(many.map(lambda at: hold((store, second)[at % 2], world, rare, 1)[0], range(50)))
    assert (statuses.count(200), statuses.count(409)) == (10, 40)
    assert in_stock(world, rare) == 0


def test_reservations_of_the_same_items_in_any_order_never_wait_for_each_other(store, world, seller):
    items = [seller.ask(store, "PUT", f"/catalog/items/{new_id()}", MUG | {"stock": 1000})[1] for _ in range(4)]

    def hold_all(at):
        turned = items[at % 4 :] + items[: at % 4]
        lines = [{"item_id": item["item_id"], "quantity": 1} for item in turned]
        reservation, customer_id = new_id(), new_id()
        held = world.call(store, "PUT", f"{RESERVATIONS}/{reservation}", customer_id, {"lines": lines})[0]
        return held, give_back(store, world, reservation, customer_id)

    with ThreadPoolExecutor(8) as many:
        assert set(many.map(hold_all, range(24))) == {(200, 204)}


def test_an_item_that_is_not_there_is_a_problem_that_says_so(store):
    status, problem = ask(store, "GET", f"/catalog/items/{new_id()}")
    assert (status, problem["errors"]) == (404, [{"field": "item_id", "detail": "there is no item of this id"}])
