"""Tell a customer's own server that an order was delivered: signed, at an address of the internet, once it says 2xx."""

import asyncio
import contextlib
import hmac
import http.client
import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor

from app.data.outage import Unavailable
from app.queue.work import PoisonError
from app.services.shipping.addresses import RefusedAddressError, resolve
from app.services.shipping.domain import Webhook

TIMEOUT_S = 5.0
"""Seconds of silence after which a receiver counts as out; the queue tries again later."""
WHOLE_S = 15.0
"""Seconds after which it does so though it answers byte by byte: the thread must be free before the job is given up."""
AT_ONCE = 4
"""Threads for receivers, and for nothing else: whoever holds them up holds up other receivers alone."""
ID, SIGNATURE = "Webhook-Id", "Webhook-Signature"


def sign(secret: str, message_id: str, body: bytes) -> str:
    """`v1=` and the HMAC-SHA256 (RFC 2104) in hex over `<id>.<body>`: the receiver knows a repetition by its id."""
    return f"v1={hmac.new(secret.encode(), message_id.encode() + b'.' + body, 'sha256').hexdigest()}"


class WebhookCaller:
    """Posts to addresses that customers chose."""

    def __init__(self, *, private: bool, whole_s: float = WHOLE_S) -> None:
        """With *private*, addresses of this machine and plain HTTP will do: for a store that runs on one machine.

        Wait at most *whole_s* seconds for an answer.
        """
        self._private = private
        self._whole_s = whole_s
        self._threads = ThreadPoolExecutor(AT_ONCE, "webhook")

    async def post(self, webhook: Webhook, message_id: str, body: bytes) -> None:
        """Raises Unavailable for what may succeed later, PoisonError for what never will."""
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "bigpicture",
            ID: message_id,
            SIGNATURE: sign(webhook.secret, message_id, body),
        }
        try:
            status = await asyncio.get_running_loop().run_in_executor(
                self._threads, self._post, webhook.url, body, headers
            )
        except RefusedAddressError as refused:
            raise PoisonError(f"the webhook's address is refused: {refused}") from None
        except (OSError, http.client.HTTPException) as fault:
            raise Unavailable("customer's webhook", type(fault).__name__) from fault
        if not 200 <= status < 300:
            raise Unavailable("customer's webhook", f"status {status}")

    def _post(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        """Send to the very address that was checked; a redirect is an answer like any other, and is not followed."""
        target = resolve(url, private=self._private)
        plain = socket.create_connection((target.address, target.port), timeout=TIMEOUT_S)
        other_end = plain.dup()  # wrap_socket takes the first one over
        ending = threading.Timer(self._whole_s, _cut, [other_end])
        ending.start()
        connection = http.client.HTTPConnection(target.host, target.port, timeout=TIMEOUT_S)
        try:
            encrypted = ssl.create_default_context() if target.encrypted else None
            connection.sock = encrypted.wrap_socket(plain, server_hostname=target.host) if encrypted else plain
            connection.request("POST", target.path, body, headers)
            return connection.getresponse().status
        finally:
            ending.cancel()
            other_end.close()
            connection.close()
            plain.close()


def _cut(receiver: socket.socket) -> None:
    """End the connection under whoever reads from it; it may have ended already."""
    with contextlib.suppress(OSError):
        receiver.shutdown(socket.SHUT_RDWR)
