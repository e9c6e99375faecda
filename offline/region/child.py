"""Become a server program that ends with its parent, and that is not root where the program refuses root.

Run as a file, `python -I -S child.py PARENT SIGNAL as-root|not-root PROGRAM ARGUMENT...`, so that it costs 15 ms and no
code runs between fork and exec of a parent that has threads.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
NOBODY = 65534

_libc = ctypes.CDLL(None, use_errno=True)


def main(parent: int, last_signal: int, *, root: bool, command: list[str]) -> None:
    """Never returns: this process becomes the program."""
    if not root and os.geteuid() == 0:
        _stop_being_root()
    # After the change of identity, which would clear it (commit_creds in Linux' kernel/cred.c).
    _call(_libc.prctl(PR_SET_PDEATHSIG, last_signal))
    if os.getppid() != parent:  # it died before it could be watched
        os.kill(os.getpid(), signal.SIGKILL)
    os.execv(command[0], command)


def _stop_being_root() -> None:
    """Be nobody in a user namespace of its own, where files stay root's outside; where that is refused, be nobody."""
    if _libc.unshare(CLONE_NEWUSER) == 0:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{NOBODY} 0 1")
        Path("/proc/self/gid_map").write_text(f"{NOBODY} 0 1")
        return
    _give_away(Path.cwd())
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def _give_away(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, NOBODY, NOBODY)


def _call(result: int) -> None:
    if result:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), root=sys.argv[3] == "as-root", command=sys.argv[4:])
