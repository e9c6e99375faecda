"""Put what Pulumi's engine says of a failure into words that name the fix."""

from __future__ import annotations

import re
from typing import NamedTuple

from pulumi.automation.errors import CommandError

from engines.refusals import EngineError, NoStateError
from engines.stack_file import command


class _Reason(NamedTuple):
    """What the engine's text contains, and what to say instead."""

    pattern: str
    words: str


_REASONS = (
    _Reason(
        r"incorrect passphrase",
        "the passphrase is not the one that the stack's secrets were encrypted with; allowed: that one alone."
        " Fix: put it back in ~/.local/state/bigpicture/pulumi/passphrase, of the offline stack in"
        " .bigpicture/pulumi/passphrase; an offline account can be given up: ./bigpicture down --now",
    ),
    _Reason(
        r"passphrase must be set",
        "the stack's secrets need a passphrase and none is set; allowed: the one that they were encrypted with."
        " Fix: PULUMI_CONFIG_PASSPHRASE_FILE=/path/to/the/file",
    ),
    _Reason(
        r"failed to load checkpoint: (unexpected )?EOF",
        "an engine was killed while it wrote the state, and left a file of it empty; allowed: files written whole."
        " Fix: delete each empty .attrs file in the backend of `pulumi whoami --verbose`; the state beside it is whole",
    ),
    _Reason(
        r"ExpiredToken|token (has|is) expired|security token included in the request is expired",
        "the AWS credential has expired; allowed: one that outlives the deploy. Fix: aws sso login, or a new key",
    ),
    _Reason(
        r"no valid credential sources|failed to refresh cached credentials|NoCredentialProviders",
        "there is no AWS credential; allowed: any that the AWS CLI takes. Fix: aws configure sso, or AWS_PROFILE=NAME",
    ),
)


def in_words(text: str) -> str:
    """The sentence for a failure that is known; else the engine's own words."""
    return next((reason.words for reason in _REASONS if re.search(reason.pattern, text)), text)


def printed(error: CommandError) -> str:
    """What the engine printed where it ended before its first event."""
    lines = re.findall(r"error: (.*)", str(error))
    return in_words("\n".join(dict.fromkeys(lines)) or str(error))


def locked(stack: str) -> EngineError:
    """The state is in use, or seems to be."""
    return EngineError(
        "the state is locked: another run works on it, or one was killed; allowed: one at a time."
        f" Fix: wait for it; if nothing runs any more, {command('engine unlock', stack)}"
    )


def unknown(stack: str) -> NoStateError:
    """The backend has no such stack."""
    return NoStateError(
        f"there is no state of stack {stack!r} in the backend of `pulumi whoami --verbose`; allowed: the one that it"
        " was deployed with. Fix: pulumi login or PULUMI_BACKEND_URL, as then;"
        f" {command('leftovers', stack)} lists what stands"
    )
