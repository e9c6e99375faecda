"""Say once, for every component that holds data, what may happen to that data."""

from dataclasses import dataclass


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
        if self.protect and self.disposable:
            raise ValueError("protect and disposable are both True; allowed: at most one. Fix: disposable=False")
        if self.secret_recovery_days not in (0, *range(7, 31)):
            raise ValueError(
                f"secret_recovery_days is {self.secret_recovery_days}; allowed: 0 or 7 to 30 (Secrets Manager API)."
                " Fix: secret_recovery_days"
            )
