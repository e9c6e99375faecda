"""Servers that are killed, or that another one comes before, between two of their calls to AWS."""

from app.data.aws import Aws
from app.data.outage import Unavailable


class DyingAws(Aws):
    """A server that is killed before its next call, once it has made so many."""

    def __init__(self, calls: int) -> None:
        super().__init__("eu-west-1")
        self.left = calls

    async def call(self, service, operation, **parameters):
        if not self.left:
            raise Unavailable(service, "killed")
        self.left -= 1
        return await super().call(service, operation, **parameters)


class MetAws(Aws):
    """A server that another one comes before, at its next call once it has made so many."""

    def __init__(self, calls, meet) -> None:
        super().__init__("eu-west-1")
        self.left = calls
        self.meet = meet

    async def call(self, service, operation, **parameters):
        self.left -= 1
        if self.left == -1:
            await self.meet()
        return await super().call(service, operation, **parameters)
