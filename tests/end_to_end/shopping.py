"""One customer's walk through the store's pages, and what they saw on each."""

from __future__ import annotations

import io
from dataclasses import dataclass
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import FilePayload, Route

from tests.end_to_end.shopper import Shopper, shopper
from tests.waiting import eventually

WHO = {"email": "ann@example.org", "password": "correct horse battery"}
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
    back_at: tuple[str, list[str]]
    """Where a customer is who went to the cart logged out, and logged in, and what is there."""
    complaints: list[str]
    barriers: list[str]
    too_wide: list[str]
    told: tuple[int, list[str]]
    """Length of the secret that deliveries are signed with; what is said of telling, and of telling no more."""
    counted: list[str]
    """What the seller's page says of their item: sold, came back, stars."""
    sold: list[str]


def shop(url: str) -> Shopped:
    """The walk of a customer who sells and buys, page by page."""
    with shopper(url) as ann:
        refused, greeted, listed = become_a_seller(ann)
        ann.page.click("#items .card a")
        ann.ready()
        pictured = picture(ann)
        ann.send("buy", quantity="2")
        in_cart = ann.told("in your cart")
        ann.send("review", rating="4", words=MARKUP)
        reviewed = ann.texts("#reviews li")
        ann.look("item")
        ann.visit("/cart.html")
        cart = in_the_cart(ann)
        ann.look("cart")
        back_at = log_out_and_in(ann)
        refused_payment = refused_payment_of(ann)
        ordered, streams_refused = order(ann)
        way = delivered(ann)
        history = past_orders(ann)
        told = have_a_program_told(ann)
        returned = take_back(ann)
        found = search(ann)
        counted, sold = sales(ann)
        look_elsewhere(ann)
        return Shopped(
            refused=refused,
            greeted=greeted,
            listed=listed,
            pictured=pictured,
            in_cart=in_cart,
            reviewed=reviewed,
            cart=cart,
            back_at=back_at,
            refused_payment=refused_payment,
            ordered=ordered,
            streams_refused=streams_refused,
            way=way,
            history=history,
            returned=returned,
            found=found,
            complaints=ann.complaints,
            barriers=ann.barriers,
            too_wide=ann.too_wide,
            told=told,
            counted=counted,
            sold=sold,
        )


def become_a_seller(ann: Shopper) -> tuple[list[str], str, list[str]]:
    """Sign up, at the second try, and list an item."""
    ann.visit("/sign-up.html?next=/sell.html")
    refused = refusal_of(ann)
    ann.send("sign-up", name=MARKUP, **WHO)
    ann.page.wait_for_url(f"{ann.url}/sell.html")
    greeted = ann.texts("#account span")[0]
    ann.send("sell", title="Blue cup", price="12.50", stock="3", description="Holds tea.")
    listed = ann.texts("#items .card")
    ann.look("sell")
    return refused, greeted, listed


def in_the_cart(ann: Shopper) -> list[str]:
    """What the cart's page lists, and what it comes to."""
    return [*ann.texts("#lines th"), *ann.texts("#total")]


def past_orders(ann: Shopper) -> list[str]:
    """What the history lists."""
    ann.visit("/orders.html")
    history = ann.texts("#orders li")
    ann.look("orders")
    return history


def have_a_program_told(ann: Shopper) -> tuple[int, list[str]]:
    """Have deliveries told to an address, and then no more; nothing is delivered meanwhile."""
    ann.send("webhook", url=f"{ann.url}/nobody-listens")
    said = [ann.told("told to this address")]
    secret = ann.page.locator("#secret").inner_text()
    ann.look("told")
    ann.page.click("#forget")
    return len(secret), [*said, ann.told("any more")]


def search(ann: Shopper) -> list[str]:
    """What is found on the first page."""
    ann.visit("/")
    ann.send("search", words="cup")
    found = ann.texts("#items .card a")
    ann.look("search")
    return found


def refusal_of(ann: Shopper) -> list[str]:
    """What stands at the field that a service refuses: the browser's own check is not asked."""
    ann.page.locator("#sign-up").evaluate("form => form.noValidate = true")
    ann.send("sign-up", name="Ann", email="ann@example.org", password="short")
    ann.page.wait_for_selector("#password[aria-invalid=true]")
    ann.look("sign-up")
    return ann.texts("#password[aria-invalid=true] + .fault")


def log_out_and_in(ann: Shopper) -> tuple[str, list[str]]:
    """Go to the cart as a stranger, who is sent to log in, and does."""
    ann.page.click("#account button")
    ann.page.wait_for_url(f"{ann.url}/")
    ann.page.goto(f"{ann.url}/cart.html")
    ann.page.wait_for_url("**/log-in.html?next=*")
    ann.ready()
    ann.look("log-in")
    ann.send("log-in", **WHO)
    ann.page.wait_for_url("**/cart.html")
    ann.ready()
    return urlsplit(ann.page.url).path, in_the_cart(ann)


def sales(ann: Shopper) -> tuple[list[str], list[str]]:
    """What the page of a seller's sales says, once a worker has counted what came back."""

    def counted() -> list[str]:
        ann.visit("/sales.html")
        return ann.texts("#items td:nth-child(n + 3)")

    found = eventually(counted, ["2", "2", "4.0"])
    ann.look("sales")
    return found, ann.texts("#sales li")


def look_elsewhere(ann: Shopper) -> None:
    """Look at a page in the dark, at one on a wide screen, and at one that is not there."""
    ann.page.emulate_media(color_scheme="dark")
    ann.look("dark")
    ann.page.emulate_media(color_scheme="light")
    ann.page.set_viewport_size({"width": 1440, "height": 900})
    ann.look("wide")
    ann.page.goto(f"{ann.url}/nowhere.html")
    ann.look("not-found")


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
    ann.look("order")
    return ann.texts("#steps li")


def take_back(ann: Shopper) -> str:
    """Return the last order, and wait until the page says that it is done."""
    ann.page.click("#orders li a")
    ann.ready()
    ann.page.click("#return")
    ann.page.wait_for_selector("body[data-state=returned]")
    return ann.texts("#state")[0]
