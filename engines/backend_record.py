"""Remember in which backend and account a stack on AWS was deployed, and refuse to work on it from another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from engines import older_state
from engines.backend import is_led_offline, kept_folder, kept_variables, login, own_variables
from engines.refusals import HostError
from engines.stack_file import replace_file


class Record(msgspec.Struct, frozen=True):
    """Where a stack stands, from its first deploy until it is destroyed."""

    backend: str
    """The URL of its state, without anybody's name or password."""
    account: str


def backend_url(environment: Mapping[str, str]) -> str:
    """Where a run in *environment* looks for state; a user and a password in the URL are left out."""
    url = login(environment) or own_variables(environment)["PULUMI_BACKEND_URL"]
    return re.sub(r"://[^/@]*@", "://", url)


def variables(stack: str, environment: Mapping[str, str]) -> dict[str, str]:
    """What leads Pulumi's own commands, and those of bigpicture, to where *stack* was deployed from."""
    known, kept = read(stack, environment), kept_variables(environment)
    url = known.backend if known else backend_url(environment)
    return kept if url == kept["PULUMI_BACKEND_URL"] else {"PULUMI_BACKEND_URL": url}


def read(stack: str, environment: Mapping[str, str]) -> Record | None:
    """What is known of *stack*; None for one that nobody deployed from here, or that is destroyed."""
    try:
        return msgspec.json.decode(_file(stack, environment).read_bytes(), type=Record)
    except FileNotFoundError:
        return None


def write(stack: str, account: str, environment: Mapping[str, str]) -> None:
    """Remember where *stack* is being deployed; of the offline account in AWS's place, which ends, nothing."""
    if is_led_offline(environment):
        return
    file = _file(stack, environment)
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_file(file, msgspec.json.encode(Record(backend_url(environment), account)).decode())


def forget(stack: str, environment: Mapping[str, str]) -> None:
    """Take note that *stack* is destroyed; of what happens in the offline account, nothing."""
    if not is_led_offline(environment):
        _file(stack, environment).unlink(missing_ok=True)


def demand(stack: str, environment: Mapping[str, str], account: str | None = None) -> None:
    """HostError where *stack* was deployed with another backend, or in another account than *account*.

    Another state knows nothing of what stands: `up` would make all of it once more, and `down` would find nothing to do
    while the first goes on to cost money.
    """
    known = None if is_led_offline(environment) else read(stack, environment)
    if known is None:
        older_state.demand(stack, environment)
        return
    way_out = f"; if that deploy is gone for good, rm {_file(stack, environment)}"
    found = backend_url(environment)
    if found != known.backend:
        raise HostError(
            f"the state of stack {stack!r} is in {known.backend}, and this run would look in {found};"
            f' allowed: where it was deployed from. Fix: eval "$(./bigpicture env --stack {stack})"{way_out}'
        )
    if account not in (None, known.account):
        raise HostError(
            f"stack {stack!r} stands in account {known.account}, and the credentials are of {account};"
            f" allowed: the account that it stands in. Fix: log in to {known.account}{way_out}"
        )


def _file(stack: str, environment: Mapping[str, str]) -> Path:
    return kept_folder(environment) / "deployed" / f"{stack}.json"
