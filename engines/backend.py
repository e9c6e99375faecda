"""Say where Pulumi's engine keeps a stack's state and secrets, and what its processes are told; loads no pulumi."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from io import StringIO
from pathlib import Path

import msgspec
from ruamel.yaml import YAML

from engines.running import Running
from engines.stack_file import (
    LISTS,
    OFFLINE_CONFIG,
    PROJECT_NAMESPACE,
    ROOT,
    config_of,
    path_of,
    qualified,
    replace_file,
    yaml_value,
)

NO_LOOKUP = {"PULUMI_SKIP_UPDATE_CHECK": "true", "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true"}
"""With these the engine asks nothing of the network; both providers of the offline account are told by their ports."""
PULUMI_CLOUD = "https://api.pulumi.com"


class Backend(msgspec.Struct, frozen=True, kw_only=True):
    """One stack's place of work."""

    work_dir: str
    """The folder whose Pulumi.yaml names the project."""
    variables: dict[str, str]
    """What the engine's processes find in their environment, besides ours."""
    config_file: str | None = None
    """The stack's configuration, where it is not the file that Pulumi would find by itself."""


def offline(running: Running, stack: str, overrides: Mapping[str, str], root: Path = ROOT) -> Backend:
    """Work on the offline account: state and configuration stand in the folder of its run, and end with it.

    A state that outlives its account would be of resources that nobody has. The project's own stack file is only read.
    `main` leads back to the project: paths of files that the program uploads are relative to it.
    """
    folder = running.path("project")
    folder.mkdir(exist_ok=True)
    _write(folder / "Pulumi.yaml", {"name": PROJECT_NAMESPACE, "runtime": "python", "main": str(root)})
    _write_config(folder / f"Pulumi.{stack}.yaml", {**OFFLINE_CONFIG, **config_of(stack, overrides, root)})
    home = {"PULUMI_HOME": str(running.path("home"))}  # else the engine notes this project down in the user's own
    return Backend(work_dir=str(folder), variables={**offline_variables(running), **home})


def offline_variables(running: Running) -> dict[str, str]:
    """What an engine needs to work on the offline account, and to find no other by accident."""
    ports = ",".join(f"{package}:{port}" for package, port in running.providers.items())
    folder = running.path("state")
    folder.mkdir(exist_ok=True)
    return {
        **running.client_variables(),
        **NO_LOOKUP,
        "PULUMI_DEBUG_PROVIDERS": ports,
        "PULUMI_BACKEND_URL": in_folder(folder),
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(passphrase_file(state_folder())),
    }


def own(stack: str, overrides: Mapping[str, str], root: Path = ROOT) -> Backend:
    """Work on an AWS account from the project's folder: the user's own login holds the state, else `kept_folder`."""
    variables = {"PULUMI_SKIP_UPDATE_CHECK": "true", **own_variables(os.environ)}
    if is_led_offline(os.environ):
        overrides = {**OFFLINE_CONFIG, **overrides}
    return Backend(work_dir=str(root), variables=variables, config_file=_config_of_this_run(stack, overrides, root))


def is_led_offline(environment: Mapping[str, str]) -> bool:
    """Whether `env` led this shell to the offline account, which stands in for AWS then."""
    return "aws:" in environment.get("PULUMI_DEBUG_PROVIDERS", "")


def own_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """Where state and passphrase of stacks on AWS stand for a user without a login; nothing for one who has one."""
    return {} if login(environment) else kept_variables(environment)


def kept_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """What leads an engine to the state and the passphrase in `kept_folder`."""
    state = kept_folder(environment) / "state"
    state.mkdir(parents=True, exist_ok=True)
    return {
        "PULUMI_BACKEND_URL": in_folder(state),
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(passphrase_file(kept_folder(environment))),
    }


def state_folder(root: Path = ROOT) -> Path:
    """Where a checkout keeps what outlives a run of the engine, and may be lost with the checkout."""
    return root / ".bigpicture" / "pulumi"


def kept_folder(environment: Mapping[str, str]) -> Path:
    """Where a user keeps what must outlive every checkout, one for all of them (XDG Base Directory, XDG_STATE_HOME).

    A stack on AWS whose state is lost goes on to cost money, and nobody can destroy it but by hand.
    """
    home = environment.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(home) / "bigpicture" / "pulumi"


def in_folder(folder: Path) -> str:
    """The URL of a state that stands in *folder*, and outlives an engine that is killed while it writes.

    Without `metadata=skip` each file gets another beside it, `.attrs`, which is not written whole: an engine killed
    right then leaves it empty, and no command reads that state again (gocloud.dev/blob/fileblob, `setAttrs`).
    """
    return f"file://{folder}?metadata=skip"


def login(environment: Mapping[str, str]) -> str | None:
    """The URL where the user told Pulumi to keep state, by a variable or by `pulumi login`; None for one who did not.

    A variable wins, and a token alone means Pulumi Cloud: https://pulumi.com/docs/iac/concepts/state-and-backends.
    """
    if environment.get("PULUMI_BACKEND_URL"):
        return environment["PULUMI_BACKEND_URL"]
    home = Path(environment.get("PULUMI_HOME") or Path.home() / ".pulumi")
    try:
        current = json.loads((home / "credentials.json").read_text(encoding="utf-8")).get("current")
    except (OSError, ValueError):
        current = None
    return current or (PULUMI_CLOUD if environment.get("PULUMI_ACCESS_TOKEN") else None)


def passphrase_file(folder: Path) -> Path:
    """The passphrase of all stacks whose state is beside it, drawn once; only its owner can read the file.

    One for all runs: Pulumi may write the salt that goes with it into a stack file, which outlives a run.
    """
    path = folder / "passphrase"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(path, secrets.token_urlsafe(32))  # made by mkstemp, hence mode 0600
    return path


def _config_of_this_run(stack: str, overrides: Mapping[str, str], root: Path) -> str | None:
    """The stack file with the overrides of this run, beside the state; encrypted values stay as they are."""
    path = path_of(stack, root)
    if not overrides:
        return None
    document = YAML().load(path.read_text(encoding="utf-8")) or {}
    given = {qualified(key): text for key, text in overrides.items()}
    lists = {key: yaml_value(key, text) for key, text in given.items() if key in LISTS}
    document.setdefault("config", {}).update(given | lists)
    folder = state_folder(root)
    folder.mkdir(parents=True, exist_ok=True)
    return str(_write(folder / f"Pulumi.{stack}.yaml", document))


def _write_config(path: Path, config: Mapping[str, str]) -> None:
    """Write a stack's configuration; the salt that Pulumi added to the file stays."""
    document = YAML(typ="safe").load(path.read_text(encoding="utf-8")) if path.exists() else {}
    _write(path, {**document, "config": dict(config)})


def _write(path: Path, document: Mapping[str, object]) -> Path:
    buffer = StringIO()
    YAML().dump(document, buffer)
    replace_file(path, buffer.getvalue())
    return path
