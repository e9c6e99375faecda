"""Who shops in a load run: people with an account, each at one visit at a time, and ever more of them."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections import deque

import httpx

from traffic.visitor import Visitor

AT_ONCE = 4
"""A log-in costs a server some 50 ms of one core, on purpose: no more than a few at a time."""
NEW = 0.1
"""The part of those who come to buy that has no account yet."""


class Customer(Visitor):
    """Somebody who has an account, or is about to."""

    def __init__(self, store: httpx.AsyncClient, password: str) -> None:
        """Choose an address that nobody has."""
        super().__init__(store)
        self.email = f"load-{uuid.uuid4()}@example.org"
        self.password = password
        self.is_known = False

    @property
    def sign_up_form(self) -> dict[str, str]:
        """SignUp of docs/api/accounts.json."""
        return {"name": "Load", **self.log_in_form}

    @property
    def log_in_form(self) -> dict[str, str]:
        """LogIn of docs/api/accounts.json."""
        return {"email": self.email, "password": self.password}


class Customers:
    """Those who are not at the store right now: nobody fills one cart from two places."""

    def __init__(self, store: httpx.AsyncClient, password: str) -> None:
        """Let people with this *password* come to the *store*."""
        self.store = store
        self._password = password
        self._away: deque[Customer] = deque()

    async def sign_up(self, count: int) -> None:
        """Have so many before the run; VisitError when one cannot sign up."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def join(customer: Customer) -> None:
            async with gate:
                await customer.sign_up(customer.email, "Load", self._password)
            customer.is_known = True
            self.leaves(customer)

        async with asyncio.TaskGroup() as signing:
            for _ in range(count):
                signing.create_task(join(Customer(self.store, self._password)))

    def comes(self, rng: random.Random) -> Customer:
        """Whoever was away longest, or somebody new: now and then, and when all others are shopping."""
        if not self._away or rng.random() < NEW:
            return Customer(self.store, self._password)
        return self._away.popleft()

    def leaves(self, customer: Customer) -> None:
        """They may come again."""
        self._away.append(customer)
