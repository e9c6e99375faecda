"""A believable catalogue, the same for the same numbers: who sells what, at which price, and how many there are."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

ITEMS_PER_SELLER = 25
SPACE = uuid.UUID("6f1f3b53-6d0e-5f0e-9a52-2d0c1f7ad3b1")
"""Of all names that are made here: the same item has the same id in every run, so that nothing is listed twice."""

THINGS = {
    "Mug": (900, 2_400, "stoneware steel copper", "Holds a third of a litre and keeps its colour in the dishwasher."),
    "Teapot": (2_900, 7_900, "stoneware steel copper", "Pours without a drop beside the cup. The lid stays on."),
    "Bowl": (
        1_400,
        4_200,
        "stoneware walnut oak",
        "Stacks with its sisters. Good for soup, and for apples after that.",
    ),
    "Desk lamp": (
        3_900,
        14_900,
        "brass steel ash",
        "Warm light, a long arm and a switch that can be found in the dark.",
    ),
    "Notebook": (
        600,
        1_900,
        "linen felt cork",
        "Two hundred pages that lie flat. The paper takes ink without a shadow behind.",
    ),
    "Backpack": (4_900, 12_900, "cotton felt linen", "Carries a laptop, a lunch and a jumper. Rain stays outside."),
    "Blanket": (3_400, 9_900, "wool cotton linen", "Big enough for two who like each other."),
    "Cutting board": (1_900, 6_900, "walnut oak ash", "End grain: kind to knives. Oil it once a month."),
    "Wall clock": (
        2_400,
        8_900,
        "oak walnut steel",
        "Does not tick. Says what time it thinks it is; other clocks may differ.",
    ),
    "Chair": (8_900, 29_900, "oak ash walnut", "Four legs that touch the floor at the same time."),
    "Bicycle bell": (800, 2_200, "brass steel copper", "Clear enough to be heard, friendly enough to be forgiven."),
    "Watering can": (1_600, 4_900, "copper steel brass", "A long spout for plants at the back of the shelf."),
}
"""What is sold -> the least and the most that it costs, in cents, what it is made of, and what is said of it."""
MATERIALS = ("stoneware", "walnut", "oak", "brass", "wool", "linen", "steel", "cork", "felt", "ash", "copper", "cotton")
COLOURS = ("blue", "green", "red", "ochre", "grey", "white", "black", "plum", "teal", "rust", "sand", "mint")
FIRST = ("Ann", "Bea", "Cem", "Dora", "Eli", "Fay", "Gil", "Hana", "Ivo", "Jun", "Kofi", "Lena")
TRADES = ("Pottery", "Workshop", "Supplies", "Studio", "Trading", "Goods")


@dataclass(frozen=True, slots=True)
class Seller:
    """Somebody who lists items."""

    email: str
    name: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One item, and who sells it."""

    seller: Seller
    item_id: str
    picture_id: str
    title: str
    description: str
    price_cents: int
    stock: int
    thing: str
    material: str
    colour: str

    @property
    def as_item(self) -> dict[str, Any]:
        """What the seller says of it: NewItem of docs/api/catalog.json."""
        return {
            "title": self.title,
            "description": self.description,
            "price_cents": self.price_cents,
            "stock": self.stock,
        }


def catalogue(items: int, seed: int = 0) -> Iterator[Listing]:
    """The first *items* of the catalogue that belongs to *seed*; a longer one begins with the shorter."""
    for number in range(items):
        yield _listing(seed, number)


def _listing(seed: int, number: int) -> Listing:
    rng = random.Random(f"{seed}/{number}")  # noqa: S311  believable, not secret
    thing = rng.choice([*THINGS])
    least, most, materials, words = THINGS[thing]
    material, colour = rng.choice(materials.split()), rng.choice(COLOURS)
    made_of = f"Made of {material}, {colour}. {words}"
    return Listing(
        seller=_seller(seed, number // ITEMS_PER_SELLER),
        item_id=str(uuid.uuid5(SPACE, f"{seed}/{number}")),
        picture_id=str(uuid.uuid5(SPACE, f"{seed}/{number}/picture")),
        title=f"{thing}, {material}, {colour}",
        description=made_of,
        price_cents=round(rng.uniform(least, most) / 10) * 10,
        stock=rng.choice((0, 1, 3, 10, 25, 80, 200)),
        thing=thing,
        material=material,
        colour=colour,
    )


def _seller(seed: int, number: int) -> Seller:
    rng = random.Random(f"{seed}/seller/{number}")  # noqa: S311  believable, not secret
    return Seller(f"seller-{seed}-{number}@example.org", f"{rng.choice(FIRST)}'s {rng.choice(TRADES)}")
