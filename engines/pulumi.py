"""Carry a stack's program out with Pulumi's own engine, which knows state: preview, up, refresh, down, outputs."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pulumi.automation import LocalWorkspace, PulumiCommand
from pulumi.automation.errors import CommandError, ConcurrentUpdateError, StackNotFoundError

from engines import reasons, source_positions
from engines.automation import open_stack
from engines.backend import Backend
from engines.binary import Binary, require
from engines.collector import without_collector
from engines.embedded import project_program
from engines.graph import STACK_TYPE, Graph, Resource
from engines.inline import InlineProgram
from engines.interruption import interruptible
from engines.loopback import past_the_proxy
from engines.monitor import Progress
from engines.outcome import Outcome
from engines.refusals import EngineError, is_refusal
from engines.stack_file import ROOT
from engines.state import graph_of
from engines.steps import Steps
from policies.sequence import Update

_ENDINGS = tuple(f"{verb} failed" for verb in ("update", "preview", "destroy", "refresh"))
ENGINE_ECHOES = (*_ENDINGS, "python inline", "an unhandled error occurred")
"""What the engine says after it has said why, and the program's exception as text."""

WHOLE = Update()
"""The program as it is written."""


class PulumiEngine:
    """One stack under the real engine. The program runs inside this process; only the engine is a process of its own.

    Every verb takes the news as it comes through *progress*, and answers with what was done. It raises the refusal that
    the program raised, or EngineError in the words of the engine and the provider.
    """

    def __init__(
        self, stack: str, backend: Backend, progress: Progress | None = None, root: Path = ROOT, *, known: bool = False
    ) -> None:
        """Open the stack, made where it is not; with *known* NoStateError says that it is not."""
        self.progress = progress or (lambda _event: None)
        self._stopped: EngineError | None = None
        self._program = InlineProgram(project_program(root))
        self._options: dict[str, Any] = {"color": "never", "config_file": backend.config_file}
        os.environ.update(past_the_proxy(os.environ))  # the engine and this process talk to each other by gRPC
        os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "false")  # else gRPC complains of each new process
        logging.getLogger("grpc._server").setLevel(logging.CRITICAL)  # else a traceback when the engine ends first
        workspace = LocalWorkspace(
            work_dir=backend.work_dir,
            program=self._program,
            env_vars=_variables(backend),
            pulumi_command=_command(require()),
        )
        self._stack = _told(stack, lambda: open_stack(stack, workspace, known=known))

    def configure(self, backend: Backend) -> None:
        """Take the stack's configuration anew, which alone may differ from that of *backend* before."""
        self._options["config_file"] = backend.config_file

    def preview(self) -> Outcome:
        """Say what `up` would do, and do nothing."""
        return self.foresee().outcome()

    def foresee(self, update: Update = WHOLE) -> Steps:
        """As `preview`, of one update of a sequence, with each resource as it would be."""
        return self._run(self._stack.preview, update)

    def deployed(self) -> Graph:
        """Every resource that the state knows of; secrets masked. The next run heeds what it found."""
        resources = _told(self._stack.name, self._stack.export_stack).deployment.get("resources") or []
        self._program.deployed = graph_of(resources, self._stack.name)
        return self._program.deployed

    def up(self) -> Outcome:
        """Make the account as the program wants it."""
        return self.carry_out().outcome()

    def carry_out(self, update: Update = WHOLE) -> Steps:
        """As `up`, of one update of a sequence."""
        return self._run(self._stack.up, update, show_secrets=False)

    def refresh(self) -> Outcome:
        """Make the state as the account is; the program does not run."""
        return self._run(self._stack.refresh, show_secrets=False).outcome()

    def down(self) -> Outcome:
        """Delete everything that the state knows of; the program does not run."""
        return self._run(self._stack.destroy, show_secrets=False).outcome()

    def outputs(self) -> dict[str, Any]:
        """The stack's exports as of the last run, secrets shown as `[secret]`."""
        return next((each.outputs for each in self.deployed().of_type(STACK_TYPE)), {})

    def unlock(self) -> list[Resource]:
        """Take away the lock of a killed engine; answer with what it was making, and forget that.

        Each of these may stand in the account without the state knowing: the engine never heard of its end.
        """
        _told(self._stack.name, self._stack.cancel)
        pending = _told(self._stack.name, self._stack.export_stack).deployment.get("pending_operations") or []
        self._run(self._stack.refresh, show_secrets=False, clear_pending_creates=True)
        making = [each["resource"] for each in pending if each["type"] == "creating"]
        return graph_of(making, self._stack.name).resources

    def go_on(self) -> None:
        """Raise EngineError when Ctrl-C came in a run that ended well nevertheless: it was to be the last."""
        if self._stopped:
            raise self._stopped

    def _run(self, verb: Callable[..., Any], update: Update = WHOLE, **options: Any) -> Steps:
        self.go_on()
        steps = Steps(self.progress)
        self._program.failure, self._program.held, self._program.needs = None, update.held, steps.needs
        if update.kept:
            options["exclude"] = sorted(update.kept)
        with interruptible(self.progress, self._stack.name) as interruptions:
            try:
                with without_collector(), source_positions.found_quickly():
                    verb(on_event=steps, **self._options, **options)
            except ConcurrentUpdateError as error:
                raise reasons.locked(self._stack.name) from error
            except CommandError as error:
                raise interruptions.refusal() or self._reason(steps, error) from error
            finally:
                self._stopped = interruptions.refusal()
        return steps

    def _reason(self, steps: Steps, error: CommandError) -> BaseException:
        """The program's own refusal; else what the engine and the provider said; else a defect of the program."""
        raised = self._program.failure
        if raised is not None and is_refusal(raised):
            return raised
        told = [reason for reason in steps.failures if not reason.startswith(ENGINE_ECHOES)]
        if raised is not None and not told:
            return EngineError(f"the program failed: {type(raised).__name__}: {raised}")
        return EngineError("\n".join(map(reasons.in_words, told)) or reasons.printed(error))


def _variables(backend: Backend) -> dict[str, str]:
    """The backend's variables; the passphrase as such too, since one in the user's shell would win over the file.

    GOGC lets the engine's heap grow to five times what lives in it before it is collected, not twice: a state for each
    step is a text of its own, and without this a first `up` of 230 resources takes 10.8 s of the engine's CPU, not 8.5.
    """
    variables = {"GOGC": os.environ.get("GOGC", "400"), **backend.variables}
    file = variables.get("PULUMI_CONFIG_PASSPHRASE_FILE")
    if file:
        variables["PULUMI_CONFIG_PASSPHRASE"] = Path(file).read_text(encoding="utf-8")
    return variables


def _command(binary: Binary) -> PulumiCommand:
    """The SDK's handle of the CLI; it takes the folder above `bin`, or what is on PATH."""
    folder = Path(binary.path).parent
    return PulumiCommand(root=str(folder.parent)) if folder.name == "bin" else PulumiCommand()


def _told(stack: str, call: Callable[[], Any]) -> Any:
    """Make a call whose failure nobody has put into words yet."""
    try:
        return call()
    except ConcurrentUpdateError as error:
        raise reasons.locked(stack) from error
    except StackNotFoundError as error:
        raise reasons.unknown(stack) from error
    except CommandError as error:
        raise EngineError(reasons.printed(error)) from error
