"""One customer's walk through the store's pages, and what they saw on each."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image
from playwright.sync_api import FilePayload, Route

from tests.end_to_end.shopper import Shopper, shopper

MARKUP = "Ann <b>&amp;"
"""A name and words that would be seen to be markup where they are not text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shopped:
    """What a customer with a browser saw."""

    refused: list[str]
    greeted: str
    listed: list[str]
    pictured: tuple[int, int]
    """Width and height of the picture as the page shows it; not what was uploaded, but what a worker made of it."""
    in_cart: str
    reviewed: list[str]
    cart: list[str]
    refused_payment: tuple[str, list[str]]
    ordered: list[str]
    streams_refused: int
    """How often the thank-you page was not let listen, before it was."""
    way: list[str]
    history: list[str]
    returned: str
    found: list[str]
    complaints: list[str]


def shop(url: str) -> Shopped:
    """The walk of a customer who sells and buys, page by page."""
    with shopper(url) as ann:
        ann.visit("/sign-up.html?next=/sell.html")
        refused = refusal_of(ann)
        ann.send("sign-up", name=MARKUP, email="ann@example.org", password="correct horse battery")
        ann.page.wait_for_url(f"{url}/sell.html")
        greeted = ann.texts("#account span")[0]
        ann.send("sell", title="Blue cup", price="12.50", stock="3", description="Holds tea.")
        listed = ann.texts("#items .card")
        ann.page.click("#items .card a")
        ann.ready()
        pictured = picture(ann)
        ann.send("buy", quantity="2")
        in_cart = ann.told("in your cart")
        ann.send("review", rating="4", words=MARKUP)
        reviewed = ann.texts("#reviews li")
        ann.photograph("item")
        ann.visit("/cart.html")
        cart = [*ann.texts("#lines th"), *ann.texts("#total")]
        ann.photograph("cart")
        refused_payment = refused_payment_of(ann)
        ordered, streams_refused = order(ann)
        way = delivered(ann)
        ann.visit("/orders.html")
        history = ann.texts("#orders li")
        returned = take_back(ann)
        ann.visit("/")
        ann.send("search", words="cup")
        found = ann.texts("#items .card a")
        ann.photograph("search")
        return Shopped(
            refused=refused,
            greeted=greeted,
            listed=listed,
            pictured=pictured,
            in_cart=in_cart,
            reviewed=reviewed,
            cart=cart,
            refused_payment=refused_payment,
            ordered=ordered,
            streams_refused=streams_refused,
            way=way,
            history=history,
            returned=returned,
            found=found,
            complaints=ann.complaints,
        )


def refusal_of(ann: Shopper) -> list[str]:
    """What stands at the field that a service refuses: the browser's own check is not asked."""
    ann.page.locator("#sign-up").evaluate("form => form.noValidate = true")
    ann.send("sign-up", name="Ann", email="ann@example.org", password="short")
    return ann.texts("#password[aria-invalid=true] + .fault")


def refused_payment_of(ann: Shopper) -> tuple[str, list[str]]:
    """What is said of a card that is refused, and what is in the cart then."""
    ann.send("checkout", payment="tok_refused")
    said = ann.told("refused")
    ann.visit("/cart.html")
    return said, ann.texts("#lines th")


def refuse_the_first_stream(ann: Shopper) -> list[str]:
    """Let the order's page ask once more for what happens: whom an answer refuses no browser asks again by itself."""
    refused: list[str] = []

    def refuse(route: Route) -> None:
        refused.append(route.request.url)
        route.fulfill(status=429)

    ann.page.route("**/orders/*/events", refuse, times=1)
    return refused


def order(ann: Shopper) -> tuple[list[str], int]:
    """Buy with a card whose bank answers late, and wait on the thank-you page until it says that it is paid."""
    refused = refuse_the_first_stream(ann)
    ann.send("checkout", payment="tok_late")
    ann.page.wait_for_url("**/order.html?id=*")
    ann.page.wait_for_selector("body[data-state=paid]")
    texts = [*ann.texts("#state"), *ann.texts("#lines :is(th, td:nth-child(2))"), *ann.texts("#total")]
    return texts, len(refused)


def picture(ann: Shopper) -> tuple[int, int]:
    """Upload a picture of the item to the object store, and wait until its sizes are served."""
    photo = io.BytesIO()
    Image.new("RGB", (1600, 800), "teal").save(photo, "PNG")
    ann.page.set_input_files("#file", FilePayload(name="cup.png", mimeType="image/png", buffer=photo.getvalue()))
    ann.page.click("#add-picture button")
    ann.told("Your picture is there.")
    shown = ann.page.locator("#picture img")
    ann.page.wait_for_function("document.querySelector('#picture img').naturalWidth > 0")
    width, height = shown.evaluate("shown => [shown.naturalWidth, shown.naturalHeight]")
    return width, height


def delivered(ann: Shopper) -> list[str]:
    """Stay on the order's page and do nothing until it says that the parcel is there."""
    ann.page.wait_for_selector("#steps [data-state=delivered]")
    ann.photograph("order")
    return ann.texts("#steps li")


def take_back(ann: Shopper) -> str:
    """Return the last order, and wait until the page says that it is done."""
    ann.page.click("#orders li a")
    ann.ready()
    ann.page.click("#return")
    ann.page.wait_for_selector("body[data-state=returned]")
    return ann.texts("#state")[0]
