"""boto3 in a bounded pool of threads: AWS calls that neither block the event loop nor pile up behind it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from typing import Any, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from app.data import aws_time
from app.data.outage import Unavailable, reason_of

THREADS = 8
"""Calls at once in one process; botocore costs 1.1 ms of CPU a call, so more would only queue for the interpreter."""
WAITING = 64
"""Calls that may wait for a thread before new ones are refused: at 5 ms a call the last has waited 40 ms."""
CONNECT_S, READ_S = 1, 3
"""Seconds; with two attempts a call fails within 8 s, well inside the load balancer's 60."""

_OURS_TO_WAIT = {"Throttling", "ThrottlingException", "RequestLimitExceeded", "ProvisionedThroughputExceededException"}

T = TypeVar("T")


class Aws:
    """Clients of AWS's APIs with the server's own role. Where the APIs answer is the SDK's AWS_ENDPOINT_URL."""

    def __init__(self, region: str, threads: int = THREADS, read_s: int = READ_S) -> None:
        """Reach *region* with *threads* calls at once, none of which is silent for longer than *read_s* seconds.

        Nothing is called before the first `call`.
        """
        self._region = region
        self._at_once = threads
        self._read_s = read_s
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="aws")
        self._asked = 0
        self._clients: dict[str, Any] = {}

    @cached_property
    def _session(self) -> boto3.Session:
        session = boto3.Session(region_name=self._region)
        aws_time.keep(session)
        return session

    def client(self, service: str) -> Any:
        """The boto3 client of *service*, the same each time; use `call` for whatever reaches the network."""
        if service not in self._clients:
            self._clients[service] = self._session.client(
                service,
                config=Config(
                    connect_timeout=CONNECT_S,
                    read_timeout=self._read_s,
                    retries={"mode": "standard", "total_max_attempts": 2},
                    max_pool_connections=self._at_once,
                    inject_host_prefix=False,
                    signature_version="s3v4" if service == "s3" else None,
                    # else forms name the global endpoint, which redirects and which the pages may not connect to
                    s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
                ),
            )
        return self._clients[service]

    async def call(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:
        """Call *operation* (`get_item`) of *service* (`dynamodb`).

        Raises Unavailable when AWS cannot answer now, or too many calls wait; ClientError when AWS refuses.
        """
        return await self.run(partial(self._call, service, operation, parameters), service)

    async def run(self, function: Callable[[], T], store: str = "objects") -> T:
        """Run what blocks in one of the threads, such as the rest of an answer; raises Unavailable as `call` does."""
        if self._asked >= self._at_once + WAITING:
            raise Unavailable(store, f"{self._asked} calls wait", retry_after_s=1)
        self._asked += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, function)
        except BotoCoreError as unreachable:
            raise Unavailable(store, reason_of(unreachable)) from unreachable
        finally:
            self._asked -= 1

    async def sign_form(self, **parameters: Any) -> dict[str, Any]:
        """The address and the fields of a form that puts one object into S3; nothing is asked of AWS but credentials.

        Raises Unavailable when these cannot be had.
        """
        return await self.call("s3", "generate_presigned_post", **parameters)

    def _call(self, service: str, operation: str, parameters: dict[str, Any], *, again: bool = True) -> dict[str, Any]:
        function: Callable[..., dict[str, Any]] = getattr(self.client(service), operation)
        believed = aws_time.ahead()
        try:
            return function(**parameters)
        except ClientError as refused:
            status = refused.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            if again and status < 500 and aws_time.ahead() != believed:  # perhaps for the date, which is right now
                return self._call(service, operation, parameters, again=False)
            if status >= 500 or refused.response["Error"]["Code"] in _OURS_TO_WAIT:
                raise Unavailable(service, refused.response["Error"]["Code"]) from refused
            raise

    def close(self) -> None:
        """Let the threads end; calls that run are finished, those that wait are dropped."""
        self._threads.shutdown(wait=False, cancel_futures=True)
