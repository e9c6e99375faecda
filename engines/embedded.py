"""Carry a Pulumi program out inside this process: record what it registers and create it in the offline account."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import runpy
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulumi.runtime import mocks, reset_options, run_in_stack, set_all_config
from pulumi.runtime.proto import engine_pb2
from pulumi.runtime.settings import SETTINGS

from engines import source_positions
from engines.collector import without_collector
from engines.graph import Graph
from engines.monitor import OfflineMonitor, Progress
from engines.stack_file import OFFLINE_CONFIG
from engines.transforms import InPlaceCallbacks
from offline.handler import Aws, ClientSource

Program = Callable[[], Awaitable[None] | None]


@dataclass(frozen=True, slots=True)
class Deployment:
    """What one run of a program left: the graph, the stack's exports (secrets masked) and how long it took."""

    graph: Graph
    outputs: dict[str, Any]
    seconds: float
    monitor: OfflineMonitor
    """Still holds the handlers and raw inputs, for reading every resource back from the account."""


class _QuietEngine(mocks.MockEngine):
    """Hand warnings and errors of the program to the progress listener: the SDK would print them."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(None)
        self._progress = progress

    def Log(self, request: Any) -> None:  # noqa: N802  the SDK's spelling
        if request.severity >= engine_pb2.WARNING and request.message:
            self._progress({"event": "log", "severity": request.severity, "message": request.message})


def project_program(project: Path) -> Program:
    """The shipped program itself: `__main__.py` of *project*, run as Pulumi's own language host runs it."""

    def program() -> None:
        folder = str(project)
        if folder not in sys.path:
            sys.path.insert(0, folder)
        runpy.run_path(str(project / "__main__.py"), run_name="__main__")

    return program


def deploy(  # noqa: PLR0913  what an engine is told: program, account, project, stack, configuration
    program: Program,
    account: ClientSource,
    *,
    project: str,
    stack: str,
    config: Mapping[str, str],
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Deployment:
    """Run *program* to its end against *account*; raise what it raised, or EngineError where the account refused.

    *config* has fully qualified keys (`bigpicture:size`, `aws:region`) and text values, as the engine hands them over.
    """
    told = progress or (lambda _event: None)
    aws = Aws(account, config["aws:region"])
    monitor = OfflineMonitor(Graph(project=project, stack=stack), aws, folder or Path.cwd(), told)
    started = time.perf_counter()
    run(program, monitor, config)
    return Deployment(monitor.graph, monitor.stack_outputs, time.perf_counter() - started, monitor)


def run(program: Program, monitor: OfflineMonitor, config: Mapping[str, str], *, preview: bool = False) -> None:
    """Run *program* to its end with *monitor* for its engine; raise what either of them raised.

    In a preview, what the monitor leaves out of its answers is unknown to the program, as it is to Pulumi's.
    """
    graph = monitor.graph

    def start() -> None:
        reset_options(
            project=graph.project, stack=graph.stack, preview=preview, organization="organization", parallel=1
        )
        SETTINGS.monitor = monitor  # pyright: ignore[reportAttributeAccessIssue]  the SDK types it as its gRPC stub
        SETTINGS.engine = _QuietEngine(monitor.progress)  # pyright: ignore[reportAttributeAccessIssue]  as above
        SETTINGS.callbacks = InPlaceCallbacks(monitor)  # pyright: ignore[reportAttributeAccessIssue]  as above
        set_all_config({**OFFLINE_CONFIG, **config})
        _run_to_end(program)

    with without_collector(), source_positions.found_quickly():
        failure = _in_fresh_thread(start)
    if failure is not None:
        raise monitor.failure or failure


class _InPlace(ThreadPoolExecutor):
    """Run each call at once, in the thread that asks: one beside the loop would race it for the order of registrations.

    Measured: with one worker thread, 8 runs of a program of 30 resources gave up to three graphs; in place, one.
    """

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Answer with a future that is done already."""
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  whoever awaits the future gets it
            done.set_exception(error)
        return done


def _run_to_end(program: Program) -> None:
    """Run on a loop of our own, which alone decides the order of registrations: the same in every run."""
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # one "exception was never retrieved" per output otherwise
    loop = asyncio.new_event_loop()
    loop.set_default_executor(_InPlace(1))
    try:
        loop.run_until_complete(run_in_stack(program))
    finally:
        loop.run_until_complete(_cancel_others())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


async def _cancel_others() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def _in_fresh_thread(run: Callable[[], None]) -> BaseException | None:
    """Run in a new thread and an empty context: Pulumi's settings live in context variables and leak otherwise."""
    failures: list[BaseException] = []

    def guarded() -> None:
        try:
            contextvars.Context().run(run)
        except BaseException as error:  # noqa: BLE001  carried over to the caller's thread
            failures.append(error)

    thread = threading.Thread(target=guarded, name="pulumi-program")
    thread.start()
    thread.join()
    return failures[0] if failures else None
