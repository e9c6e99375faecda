"""From `up` to a page in the browser, and nothing left of it after `down`."""

import http.client
import json
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.contract import SERVICES
from tests.end_to_end.links import follow
from tests.end_to_end.operating import Operated, operate, programs_of
from tests.end_to_end.shopping import MARKUP, Shopped, shop
from tests.waiting import eventually

WHO = {"email": "eve@example.org", "password": "correct horse battery", "name": "Eve"}


@dataclass(frozen=True, slots=True)
class Story:
    """What each step answered, in the order in which they were taken."""

    served: dict[str, Any]
    shopped: Shopped
    linked: dict[str, tuple[int, str]]
    signed_up: tuple[int, str]
    status: dict[str, Any]
    operated: Operated
    again: dict[str, Any]
    while_it_ran: int
    after_down: list[str]


@pytest.fixture(scope="module")
def story(checkout):
    served = checkout.json("up", "--scaling", "horizontal")["served"]
    [url] = served["urls"]
    shopped = shop(url)
    linked, signed_up = follow(partial(ask, url, "GET")), ask(url, "POST", "/accounts/customers", WHO)
    status, again, running = checkout.json("status"), checkout.json("serve"), len(programs_of(checkout))
    operated = operate(checkout, status)
    checkout.run("down")
    left = eventually(lambda: programs_of(checkout), [])  # an account frees its lock first, its memory seconds after
    return Story(served, shopped, linked, signed_up, status, operated, again, running, left)


def ask(url, method, path, body=None):
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port or 80, timeout=30)
    connection.request(method, path, json.dumps(body) if body else None, {"Content-Type": "application/json"})
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text


def test_every_target_is_healthy_once_up_has_ended(story):
    assert (story.served["healthy"], story.served["trouble"]) == (story.served["targets"], "")


def test_the_first_page_is_at_the_address_that_up_prints(story):
    status, text = story.linked["/"]
    assert (status, text[:15]) == (200, "<!doctype html>")


def test_every_link_of_every_page_leads_somewhere(story):
    assert {path: status for path, (status, _) in story.linked.items() if status != 200} == {}


def test_the_first_page_leads_to_every_service_which_says_who_it_is(story):
    told = {path: json.loads(text) for path, (_, text) in story.linked.items() if path.endswith("/about")}
    assert {path: each["service"] for path, each in told.items()} == {f"{at}/about": at[1:] for at in SERVICES.values()}
    assert {len(each) for each in told.values()} == {3}


def test_a_field_that_a_service_refuses_says_why(story):
    assert story.shopped.refused == ["Expected `str` of length >= 12"]


def test_who_has_signed_up_is_logged_in_and_their_name_is_text_whatever_it_holds(story):
    assert story.shopped.greeted == MARKUP


def test_what_is_listed_is_shown_to_its_seller_at_once(story):
    assert story.shopped.listed == ["Blue cup\n€12.50\n3 in stock"]


def test_what_is_put_into_the_cart_is_there_and_costs_the_catalogues_price(story):
    assert (story.shopped.in_cart, story.shopped.cart) == ("2 in your cart.", ["Blue cup", "€25.00"])


def test_a_review_is_shown_as_text_whatever_it_holds(story):
    assert story.shopped.reviewed == [f"★★★★☆\n\n{MARKUP}"]


def test_a_picture_goes_straight_to_the_object_store_and_comes_back_resized_through_the_cdn(story):
    assert story.shopped.pictured == (1200, 600)


def test_the_order_page_is_told_of_the_parcels_way_without_asking(story):
    assert story.shopped.way == ["Packed", "On its way", "Out for delivery today", "Delivered"]


def test_the_thank_you_page_listens_again_where_it_was_refused(story):
    assert (story.shopped.streams_refused, story.shopped.ordered[0][:10]) == (1, "Thank you!")


def test_a_payment_that_is_refused_is_told_and_all_is_in_the_cart_again(story):
    assert story.shopped.refused_payment == ("the payment was refused: nothing was bought", ["Blue cup"])


def test_the_thank_you_page_tells_what_was_bought_though_the_bank_answers_late(story):
    assert story.shopped.ordered == ["Thank you! It is paid, and being packed.", "Blue cup", "2", "€25.00"]


def test_the_history_lists_what_was_bought_and_what_was_not_the_latest_first(story):
    assert story.shopped.history == ["2 \u00d7 Blue cup €25.00 paid", "2 \u00d7 Blue cup €25.00 refused"]


def test_who_returns_an_order_has_the_money_back_without_asking_again(story):
    assert story.shopped.returned == "You returned this order, and have your money back."


def test_a_customer_has_a_program_told_of_deliveries_and_then_no_more(story):
    said = ["Deliveries are told to this address.", "Nobody is told any more."]
    assert story.shopped.told == (64, said)


def test_the_seller_sees_what_was_bought_what_came_back_and_how_it_was_liked(story):
    sold = ["2 \u00d7 Blue cup €25.00", "2 \u00d7 Blue cup -€25.00 came back"]
    assert (story.shopped.counted, story.shopped.sold) == (["2", "2", "4.0"], sold)


def test_a_search_in_the_browser_finds_the_item(story):
    assert story.shopped.found == ["Blue cup"]


def test_who_logs_out_is_led_to_log_in_and_back_to_where_they_were(story):
    assert story.shopped.back_at == ("/cart.html", ["Blue cup", "€25.00"])


def test_the_browser_has_nothing_against_the_pages(story):
    assert story.shopped.complaints == []


def test_no_page_keeps_out_who_hears_it_types_it_or_sees_little(story):
    assert story.shopped.barriers == []


def test_no_page_is_wider_than_the_screen_of_a_phone_or_of_a_desk(story):
    assert story.shopped.too_wide == []


def test_a_customer_signs_up_at_that_address(story):
    assert story.signed_up[0] == 201


def test_status_says_the_same_address(story):
    assert story.status["served"]["urls"] == story.served["urls"]


def test_status_knows_every_host_database_cache_queue_and_shard(story):
    region = story.status["region"]
    assert {each["health"] for each in region["hosts"] if each["fleet"].startswith("app-")} == {"healthy"}
    assert next(each["role"] for each in region["data"] if each["store"] == "database") == "primary"
    assert all(region[part] for part in ("fleets", "queues", "shards"))


def test_status_shows_a_person_the_hosts_and_what_is_not_carried_through(story):
    shown, left_out = story.operated.shown, story.served["not_carried"]
    names = ", ".join(each.partition(":")[0] for each in left_out)
    assert story.operated.lost in shown
    assert f"{len(left_out)} settings are not carried through (status --not-carried): {names}" in shown


def test_what_is_not_carried_through_is_told_a_line_each(story):
    assert story.operated.not_carried == story.served["not_carried"]


def test_open_prints_the_stores_address(story):
    assert story.operated.opened.split() == story.served["urls"]


def test_logs_are_what_the_server_wrote(story):
    assert '"event":"started"' in story.operated.log.replace(" ", "")


def test_logs_are_asked_for_by_the_names_of_status(story):
    region = story.status["region"]
    assert story.operated.logged == {
        *(each["name"] for part in ("fleets", "doors", "data") for each in region[part]),
        *(each["instance"] for each in region["hosts"]),
    }


def test_a_lost_host_is_replaced_by_a_healthy_one(story):
    assert story.operated.healed == ["healthy"] * len(story.operated.healed)


def test_a_host_that_is_gone_cannot_be_lost_again(story):
    assert f"machine is '{story.operated.lost}'; allowed: " in story.operated.unknown


def test_serving_what_is_served_already_changes_nothing(story):
    assert story.again["urls"] == story.served["urls"]


def test_nothing_runs_any_more_after_down(story):
    assert (story.while_it_ran > 8, story.after_down) == (True, [])


def test_servers_without_an_account_are_refused(checkout, story):
    said = checkout.run("serve", expect=1).stderr
    assert said == "Error: nothing is running; allowed: after `up`. Fix: ./bigpicture up\n"
