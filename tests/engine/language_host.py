"""Stand in for `pulumi-language-python`, which no Go module holds, so that tests run Pulumi's own commands."""

import os
import runpy
import signal
import subprocess
import sys
from concurrent import futures
from pathlib import Path

import grpc
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2, language_pb2_grpc


def run_program() -> None:
    """Run the program as Pulumi's own host does."""
    runpy.run_path("__main__.py", run_name="__main__")


class LanguageHost(LanguageServer):
    """Runs `__main__.py` of the folder that the engine names; the engine's address is the last argument."""

    def __init__(self, engine: str) -> None:
        super().__init__(run_program)
        self._engine = engine

    def Run(self, request, context):  # noqa: N802  the protocol's spelling
        """Run the program where it stands, as a process of its own would."""
        os.chdir(request.pwd)
        sys.path.insert(0, request.pwd)
        request.args.insert(0, self._engine)
        return super().Run(request, context)

    def InstallDependencies(self, request, context):  # noqa: ARG002, N802  the protocol's spelling
        """Install nothing: what a package asks for is in this very environment."""
        return iter(())

    def RunPlugin(self, request, context):  # noqa: N802  the protocol's spelling
        """Run the folder of a package as a process of its own, and pass on what it prints until the engine hangs up."""
        environment = {**os.environ, **dict(each.split("=", 1) for each in request.env)}
        command = [sys.executable, "-u", request.info.program_directory, *request.args]
        with subprocess.Popen(command, cwd=request.pwd, env=environment, stdout=subprocess.PIPE) as plugin:
            context.add_callback(plugin.terminate)
            for line in plugin.stdout or ():
                yield language_pb2.RunPluginResponse(stdout=line)
        yield language_pb2.RunPluginResponse(exitcode=plugin.returncode)


def main():
    """Serve until the engine says stop; the first line on stdout is the port."""
    server = grpc.server(futures.ThreadPoolExecutor(4))
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(LanguageHost(sys.argv[-1]), server)
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)  # noqa: T201  the protocol's first word
    server.start()
    signal.sigwait({signal.SIGINT, signal.SIGTERM})


def put_on_path(folder: Path) -> None:
    """Write the executable that the engine looks for."""
    executable = folder / "pulumi-language-python"
    executable.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{__file__}" "$@"\n')
    executable.chmod(0o755)


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    main()
