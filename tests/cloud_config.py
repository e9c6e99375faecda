"""Read a server's #cloud-config as cloud-init and systemd do."""

from __future__ import annotations

from typing import Any

import yaml


def files(text: str) -> dict[str, dict[str, Any]]:
    """The files that cloud-init writes, by path."""
    return {each["path"]: each for each in yaml.safe_load(text)["write_files"]}


def read_as_systemd(text: str) -> dict[str, str]:
    """Read an EnvironmentFile= whose values are in double quotes, by the rules of systemd's src/basic/env-file.c."""
    read = {}
    for line in text.splitlines():
        name, _, rest = line.partition("=")
        characters, value = iter(rest.removeprefix('"')), ""
        for character in characters:
            if character == '"':
                break
            escaped = next(characters) if character == "\\" else ""
            value += escaped if escaped and escaped in '"\\`$' else character + escaped
        assert list(characters) == []
        read[name] = value
    return read
