"""Applies every repair that moto 5.2.5 needs to answer as AWS does."""


def apply_patches() -> None:
    """Repair moto, once a process; each repair states its gap where it is defined."""
