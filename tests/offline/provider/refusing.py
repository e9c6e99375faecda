"""Stand between a provider and its account, and refuse one call as AWS would on a bad day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from offline.account import Account

MAKING = ("allocate", "associate", "attach", "authorize", "create", "enable", "modify", "put", "register", "request")
"""What the names of calls begin with that make something, or a part of it."""


class Refusing:
    """An account that refuses the Nth making call from now on; 0 for none. Everything else goes through."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self.account_id, self.region = account.account_id, account.region
        self.refuse = 0

    def client(self, service: str, region: str | None = None) -> Any:
        return _Client(self, self._account.client(service, region))

    def count(self, operation: str) -> None:
        """Refuse the call when it is the one."""
        if self.refuse and operation.startswith(MAKING):
            self.refuse -= 1
            if not self.refuse:
                error = {"Error": {"Code": "ServiceUnavailable", "Message": "a bad day"}}
                raise ClientError(error, operation)  # pyright: ignore[reportArgumentType]  the shape that boto3 gives


class _Client:
    def __init__(self, account: Refusing, client: Any) -> None:
        self._account, self._client = account, client

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        real = getattr(self._client, operation)
        if not callable(real):
            return real

        def call(*args: Any, **parameters: Any) -> Any:
            self._account.count(operation)
            return real(*args, **parameters)

        return call
