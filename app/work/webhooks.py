"""Tell a customer's own server that an order was delivered: signed, at an address of the internet, once it says 2xx."""

import asyncio
import hmac
import http.client
import socket
import ssl

from app.data.outage import Unavailable
from app.queue.work import PoisonError
from app.services.shipping.addresses import RefusedAddressError, Target, resolve
from app.services.shipping.domain import Webhook

TIMEOUT_S = 5.0
"""Seconds of silence after which a receiver counts as out; the queue tries again later."""
ID, SIGNATURE = "Webhook-Id", "Webhook-Signature"


def sign(secret: str, message_id: str, body: bytes) -> str:
    """`v1=` and the HMAC-SHA256 (RFC 2104) in hex over `<id>.<body>`: the receiver knows a repetition by its id."""
    return f"v1={hmac.new(secret.encode(), message_id.encode() + b'.' + body, 'sha256').hexdigest()}"


class WebhookCaller:
    """Posts to addresses that customers chose."""

    def __init__(self, *, private: bool) -> None:
        """With *private*, addresses of this machine and plain HTTP will do: for a store that runs on one machine."""
        self._private = private

    async def post(self, webhook: Webhook, message_id: str, body: bytes) -> None:
        """Raises Unavailable for what may succeed later, PoisonError for what never will."""
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "bigpicture",
            ID: message_id,
            SIGNATURE: sign(webhook.secret, message_id, body),
        }
        try:
            target = await asyncio.to_thread(resolve, webhook.url, private=self._private)
            status = await asyncio.to_thread(_post, target, body, headers)
        except RefusedAddressError as refused:
            raise PoisonError(f"the webhook's address is refused: {refused}") from None
        except (OSError, http.client.HTTPException) as fault:
            raise Unavailable("customer's webhook", type(fault).__name__) from fault
        if not 200 <= status < 300:
            raise Unavailable("customer's webhook", f"status {status}")


def _post(target: Target, body: bytes, headers: dict[str, str]) -> int:
    """Send to the very address that was checked; a redirect is an answer like any other, and is not followed."""
    plain = socket.create_connection((target.address, target.port), timeout=TIMEOUT_S)
    connection = http.client.HTTPConnection(target.host, target.port, timeout=TIMEOUT_S)
    try:
        encrypted = ssl.create_default_context() if target.encrypted else None
        connection.sock = encrypted.wrap_socket(plain, server_hostname=target.host) if encrypted else plain
        connection.request("POST", target.path, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()
        plain.close()
