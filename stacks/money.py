"""Say in every preview and deploy of production what its customers would pay with."""

from __future__ import annotations

import pulumi

from stacks.settings import Settings

WARNINGS = {
    "none": (
        "payment_gateway is none: customers can look and fill carts, and every checkout is refused."
        " The project brings no gateway that moves money: docs/decisions/0023-payments.md"
    ),
    "sandbox": (
        "payment_gateway is sandbox in production: whoever knows the word tok_accepted gets goods for nothing."
        " Fix: payment_gateway=none, unless nobody is to be charged"
    ),
}


def warning(settings: Settings) -> str:
    """What must be known before production stands; nothing of a sandbox, which is there to be played with."""
    return WARNINGS[settings.preset.payment_gateway] if settings.environment == "production" else ""


def warn(settings: Settings) -> None:
    """Have every engine show it."""
    if text := warning(settings):
        pulumi.log.warn(text)
