"""Say what one look at a machine or an account found: what, got, allowed, fix."""

from __future__ import annotations

import msgspec


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    subject: str
    ok: bool
    """False stops a deploy."""
    found: str
    fix: str = ""
    """What to do; beside something that is ok, it is advice."""
    allowed: str = ""
    """What would have been right, where that is not plain."""
    checked: bool = True
    """False: it could not be looked at, and is neither right nor wrong."""

    @property
    def mark(self) -> str:
        """The word in front of it in a table."""
        if not self.ok:
            return "FAULT"
        if not self.checked:
            return "?"
        return "note" if self.fix else "ok"

    def sentence(self) -> str:
        """All of it in one line."""
        allowed = f"; allowed: {self.allowed}" if self.allowed else ""
        fix = f". Fix: {self.fix}" if self.fix else ""
        return f"{self.subject}: {self.found}{allowed}{fix}"
