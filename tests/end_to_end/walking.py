"""One customer's walk through the whole store over HTTP, step by step: sells and buys, is told, reviews and returns."""

from __future__ import annotations

import io
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from PIL import Image

from tests.end_to_end.customer import Customer, Page
from tests.waiting import eventually

PASSWORD = "correct horse battery"
STOCK, BOUGHT, PRICE = 3, 2, 1250
PAID = BOUGHT * PRICE
OPINION = {"rating": 4, "words": "As expected."}
WAY = ["packed", "shipped", "out_for_delivery", "delivered"]


class Walk:
    """A customer at the store that stands at *url*, whom everything has to be told that is done for them."""

    def __init__(self, url: str, payment: str = "tok_accepted") -> None:
        """Pay with *payment*: with "tok_late" it is a worker that hears of the bank's answer."""
        self.url = url
        self.payment = payment
        self.customer = Customer(url)
        self.name = f"walker{uuid.uuid4().hex}"
        self.item, self.picture, self.order = (str(uuid.uuid4()) for _ in range(3))
        self.page: Page | None = None

    @property
    def who(self) -> dict[str, str]:
        """What the customer logs in with."""
        return {"email": f"{self.name}@example.org", "password": PASSWORD}

    def sign_up(self) -> None:
        """The same request again finds the same customer."""
        self.customer.ask("POST", "/accounts/customers", self.who | {"name": self.name}, expect=(200, 201))

    def log_in(self) -> None:
        """Another session for each request that is answered."""
        self.customer.ask("POST", "/accounts/session", self.who, expect=(201,))

    def list_item(self) -> None:
        """Under an id and a title of its own."""
        item = {"title": f"Cup of {self.name}", "price_cents": PRICE, "stock": STOCK}
        self.customer.ask("PUT", f"/catalog/items/{self.item}", item, expect=(200, 201))

    def upload(self) -> None:
        """Straight to the object store, by a form that the store has signed."""
        path = f"/catalog/items/{self.item}/pictures/{self.picture}"
        form = self.customer.ask("PUT", path, {"content_type": "image/png"}, expect=(200, 201))
        post(form["url"], form["fields"], drawn())
        self.customer.ask("PUT", f"{path}/upload", expect=(202,))

    def see_picture(self) -> None:
        """As a worker has made it, through the CDN."""
        pictures = f"/catalog/items/{self.item}/pictures"

        def states() -> list[str]:
            return [each["state"] for each in self.customer.ask("GET", pictures)]

        assert eventually(states, ["ready"]) == ["ready"]
        [shown] = self.customer.ask("GET", pictures)
        with urllib.request.urlopen(f"{self.url}{shown['path']}-160.webp") as answer:  # noqa: S310  the edge
            assert Image.open(answer).size == (160, 80)

    def search(self) -> None:
        """As somebody does who has written nothing, whom a replica answers."""
        stranger = Customer(self.url)

        def found() -> list[str]:
            page = stranger.ask("GET", f"/catalog/items?words={self.name}")
            return [each["item_id"] for each in page["items"]]

        assert eventually(found, [self.item]) == [self.item]
        self.customer.again += stranger.again

    def fill_cart(self) -> None:
        """Has just so many in it, however often it is said."""
        self.customer.ask("PUT", f"/orders/cart/lines/{self.item}", {"quantity": BOUGHT})

    def check_out(self) -> None:
        """The answer is the thank-you page, which stays open; the same key again is the same order."""
        payment = {"payment": self.payment}
        order = self.customer.ask("POST", "/orders/checkout", payment, key=self.order, expect=(200, 201, 202))
        assert order["order_id"] == self.order
        self.page = Page(self.customer, self.order)

    def hear_packed(self) -> None:
        """That it is paid is told as well."""
        self._hears("order", "paid")
        self._hears("parcel", *WAY)

    def hear_moved(self) -> None:
        """The page does not ask."""
        self._hears("parcel", *WAY[1:])

    def hear_delivered(self) -> None:
        """The page does not ask, and the way is all there for who does."""
        self._hears("parcel", "delivered")
        assert self.customer.ask("GET", f"/shipping/orders/{self.order}/parcel")["tracking"] == WAY

    def review(self) -> None:
        """One review of an item, however often it is sent."""
        self.customer.ask("PUT", f"/feedback/items/{self.item}/review", OPINION, expect=(200, 201))

    def take_back(self) -> None:
        """From this answer on it will be returned."""
        self.customer.ask("PUT", f"/orders/{self.order}/return")

    def hear_returned(self) -> None:
        """The page is left after that."""
        self._hears("order", "returned")
        assert self.page
        self.page.close()

    def see_refund(self) -> None:
        """All the money is back."""
        path = f"/payments/charges/{self.order}"
        assert eventually(lambda: self.customer.ask("GET", path)["refunded_cents"], PAID) == PAID

    def seen(self) -> dict[str, Any]:
        """What the customer finds, who is logged in still."""
        ask = self.customer.ask
        orders, charges = ask("GET", "/orders")["orders"], ask("GET", "/payments/charges")["charges"]
        return {
            "orders": [tuple(each[name] for name in ("order_id", "state", "total_cents")) for each in orders],
            "charges": [tuple(each[name] for name in ("charge_id", "state", "refunded_cents")) for each in charges],
            "stock": ask("GET", f"/catalog/items/{self.item}")["available"],
            "pictures": [each["state"] for each in ask("GET", f"/catalog/items/{self.item}/pictures")],
            "reviews": ask("GET", f"/feedback/items/{self.item}/reviews")["reviews"],
            "parcel": ask("GET", f"/shipping/orders/{self.order}/parcel")["tracking"],
            "cart": ask("GET", "/orders/cart")["lines"],
        }

    def _hears(self, topic: str, *states: str) -> None:
        assert self.page
        self.page.hears(topic, states)


STEPS: tuple[Callable[[Walk], None], ...] = (
    Walk.sign_up, Walk.log_in, Walk.list_item, Walk.upload, Walk.see_picture, Walk.search, Walk.fill_cart,
    Walk.check_out, Walk.hear_packed, Walk.hear_moved, Walk.hear_delivered, Walk.review, Walk.take_back,
    Walk.hear_returned, Walk.see_refund,
)  # fmt: skip
"""The walk from its beginning to its end."""
WAITS = frozenset(
    {Walk.see_picture, Walk.search, Walk.hear_packed, Walk.hear_moved, Walk.hear_delivered, Walk.hear_returned,
     Walk.see_refund}
)  # fmt: skip
"""Steps at which the customer asks for nothing, and waits for what others do."""
CAUSES: Mapping[str, Callable[[Walk], None]] = MappingProxyType(
    {
        "pictures": Walk.upload,
        "mail": Walk.sign_up,
        "shipping": Walk.check_out,
        "statistics": Walk.review,
        "sagas": Walk.check_out,
    }
)
"""Kind of work -> a step that makes some; for sagas where it is paid with "tok_late"."""


def walk(url: str) -> Walk:
    """Walk from beginning to end; AssertionError at the step that was not answered as it should."""
    walking = Walk(url)
    for step in STEPS:
        step(walking)
    return walking


def at_the_end(order: str) -> dict[str, Any]:
    """What `seen` is to be of a walk whose order this was: each thing once."""
    return {
        "orders": [(order, "returned", PAID)],
        "charges": [(order, "cancelled", PAID)],
        "stock": STOCK,
        "pictures": ["ready"],
        "reviews": [OPINION],
        "parcel": WAY,
        "cart": [],
    }


def drawn() -> bytes:
    """A picture of 400 x 200 pixels."""
    out = io.BytesIO()
    Image.new("RGB", (400, 200), "teal").save(out, "PNG")
    return out.getvalue()


def post(url: str, fields: dict[str, str], content: bytes) -> None:
    """What a browser does with a form that takes a file."""
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    head = "".join([*parts, f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'])
    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    with urllib.request.urlopen(urllib.request.Request(url, body, kind)) as answer:  # noqa: S310  the account
        assert answer.status in (200, 204)
