"""What a customer does at the store, request by request."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from traffic.catalogue import THINGS

Ask = Callable[[str, str, str, Any], Awaitable[httpx.Response | None]]
"""Asks (kind, method, path, body) and counts it; None when there was no answer."""
Journey = Callable[[Ask, random.Random], Awaitable[None]]


async def look_around(ask: Ask, rng: random.Random) -> None:
    """Open the first page, search, and look at one item and what others say of it."""
    await ask("page", "GET", "/", None)
    item = await _find(ask, rng)
    if item:
        await ask("item", "GET", f"/catalog/items/{item}", None)
        await ask("reviews", "GET", f"/feedback/items/{item}/reviews", None)


async def fill_a_cart(ask: Ask, rng: random.Random) -> None:
    """Find two items and put them into the cart, look into it, and take one out again."""
    found = [await _find(ask, rng) for _ in range(2)]
    for item in filter(None, found):
        await ask("put into cart", "PUT", f"/orders/cart/lines/{item}", {"quantity": rng.randint(1, 3)})
    await ask("cart", "GET", "/orders/cart", None)
    for item in filter(None, found[:1]):
        await ask("take out of cart", "DELETE", f"/orders/cart/lines/{item}", None)


async def review(ask: Ask, rng: random.Random) -> None:
    """Find an item and say what one thinks of it."""
    if item := await _find(ask, rng):
        body = {"rating": rng.randint(1, 5), "words": "As expected."}
        await ask("review", "PUT", f"/feedback/items/{item}/review", body)


JOURNEYS: tuple[tuple[Journey, int, float], ...] = ((look_around, 7, 4.0), (fill_a_cart, 2, 6.0), (review, 1, 2.0))
"""A journey, how often it is made in ten, and how many requests it takes."""


async def _find(ask: Ask, rng: random.Random) -> str | None:
    words = rng.choice([*THINGS]).lower()
    response = await ask("search", "GET", f"/catalog/items?{httpx.QueryParams(words=words, limit=10)}", None)
    items = response.json()["items"] if response is not None and response.is_success else []
    return rng.choice(items)["item_id"] if items else None
