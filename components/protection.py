"""Say once, for every component that holds data, what may happen to that data."""

from dataclasses import dataclass

from components.parts.refusal import refuse

PROTECTED_YET_DISPOSABLE = "protect and disposable are both True; allowed: at most one. Fix: disposable=False"


@dataclass(frozen=True, kw_only=True, slots=True)
class Protection:
    """How hard it is to lose what a component holds. The default loses nothing by accident."""

    protect: bool = True
    """Pulumi refuses to delete the resource, and AWS's own deletion protection is on where the service has one."""
    disposable: bool = False
    """Destroy may take the data along: buckets are emptied, no final snapshot is made. Only for sandboxes."""
    secret_recovery_days: int = 30
    """Days in which a deleted secret can be restored: 0, or 7 to 30. 0 lets the next `up` take its name at once."""

    def __post_init__(self) -> None:
        right = self.secret_recovery_days in (0, *range(7, 31))
        allowed = {"secret_recovery_days": (right, "0 or 7 to 30 (Secrets Manager API)")}
        refuse(self, allowed, [PROTECTED_YET_DISPOSABLE] if self.protect and self.disposable else [])
