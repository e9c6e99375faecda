"""Send messages to one queue by name: for work that just one kind of worker does, unlike an event."""

from app.data.aws import Aws
from app.data.sending import send
from app.messages import Message, encode


class Sender:
    """The producers' end of a queue."""

    def __init__(self, aws: Aws, url: str) -> None:
        """Send to the queue *url*."""
        self._aws = aws
        self._url = url

    async def send(self, message: Message, delay_s: int = 0) -> None:
        """Have it in the queue, seen by consumers after *delay_s* seconds (0 to 900); raises Unavailable.

        A repetition after a lost answer sends it twice, under the same message id.
        """
        await send(self._aws, self._url, [encode(message)], delay_s)
