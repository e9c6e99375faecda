"""Hold a program with everything imported, and become a copy of it for each server that is to run it.

Run as a file, `python nursery.py PACKAGE`, in the folder that holds the package: what an import costs, which is nearly
all of a start, is paid once. It reads one line of JSON for each server, and answers with the copy's process id.
"""

import ctypes
import gc
import importlib
import json
import os
import runpy
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1


def main(package: str) -> None:
    """Return in the copies alone, as the program."""
    sys.path[0] = str(Path.cwd())  # as `python -m` has it
    importlib.import_module(f"{package}.__main__")
    del sys.modules[f"{package}.__main__"]  # each copy runs it anew
    gc.collect()
    gc.freeze()  # or each copy's first collection would write to every page that they share
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # copies that end are gone, and nobody waits for them
    nursery = os.getpid()
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _become(order, nursery)
            runpy.run_module(package, run_name="__main__", alter_sys=True)
            return
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _become(order: dict, nursery: int) -> None:
    """A process of its own: session, environment, arguments, log."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != nursery:
        os.kill(os.getpid(), signal.SIGKILL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv[:] = ["-m", *order["arguments"]]
    nothing, log = (
        os.open(os.devnull, os.O_RDONLY),
        os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600),
    )
    for source, standard in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, standard)
    os.close(nothing)
    os.close(log)


if __name__ == "__main__":
    main(sys.argv[1])
