"""Write the #cloud-config that turns a fresh Amazon Linux 2023 server into one process of the app."""

from __future__ import annotations

import re
from collections.abc import Mapping
from textwrap import indent

from app.contract import DRAIN_S, HEALTH_PATH, PORT, QUEUES, SERVICES
from stacks.shipped_log import shipping

MAX_BYTES = 16_384
"""EC2's limit of user data before base64 (EC2 User Guide, "Add user data")."""

ENVIRONMENT_FILE = "/etc/bigpicture/app.env"
UNIT_FILE = "/etc/systemd/system/bigpicture.service"
INSTALL_FILE = "/usr/local/sbin/bigpicture-install"
STEADY_S, START_S = 15, 180
"""Seconds for which a process must run and then answer, and in which it must have done so after the installation."""

_FIXED = {
    "drain_s": DRAIN_S,
    "health": f"http://127.0.0.1:{PORT}{HEALTH_PATH}",
    "steady_s": STEADY_S,
    "start_s": START_S,
    "environment_file": ENVIRONMENT_FILE,
    "unit_file": UNIT_FILE,
    "install_file": INSTALL_FILE,
}

# Cloud-init writes files before it makes users, installs packages after that, and runs runcmd last: write_files,
# users_groups, package_update_upgrade_install, scripts_user (config/cloud.cfg.tmpl in canonical/cloud-init). An owner
# that does not exist yet fails, so the files are root's until the install script has made the app's user. It is a
# script of its own because runcmd goes on after a line that failed.
_CLOUD_CONFIG = """\
#cloud-config
packages: [{packages}]
write_files:
  - path: {environment_file}
    permissions: "0640"
    content: |
{environment}
  - path: {unit_file}
    permissions: "0644"
    content: |
{unit}
  - path: {install_file}
    permissions: "0700"
    content: |
{install}
{log_files}runcmd:
{log_commands}  - [{install_file}]
"""

_UNIT = """\
[Unit]
Description=bigpicture {role_command}
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
User=bigpicture
Group=bigpicture
WorkingDirectory=/opt/bigpicture/{digest}
Environment=PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PYTHONPATH=/opt/bigpicture/{digest}/lib
EnvironmentFile={environment_file}
{output}ExecStart=/usr/bin/python3.12 -m app {role_command}
Restart=always
RestartSec=2
TimeoutStopSec={drain_s}
LimitNOFILE=65536
UMask=0077
CapabilityBoundingSet=
LockPersonality=yes
NoNewPrivileges=yes
PrivateDevices=yes
PrivateTmp=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProtectSystem=strict
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service

[Install]
WantedBy=multi-user.target
"""

# The loop is for a role whose permissions are a few seconds old; the hash is checked whatever came of it. Wheels are
# zip files that hold what is imported (PEP 427): to unpack them is to install them, and needs no pip. Without .pyc
# files each start would compile all of it again; a template that is no Python must not end the boot. A server that does
# not get its process up powers itself off, since its group replaces what is not running, and asks a worker nothing else
# (https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html). Any answer counts: a
# process that prepares tables has started.
_INSTALL = """\
#!/bin/bash
set -euo pipefail
umask 022
steady_s={steady_s} start_s={start_s}
trap '[[ $? = 0 ]] || {{ echo "bigpicture did not start: power off"; systemctl poweroff; }}' EXIT
id bigpicture || useradd --system --user-group --no-create-home --shell /sbin/nologin bigpicture
chown root:bigpicture {environment_file}
mkdir -p /opt/bigpicture/{digest}
for wait_s in 2 4 8 16 0; do
  aws s3 cp --only-show-errors --region {region} s3://{bucket}/{key} /opt/bigpicture/{digest}.tar && break
  sleep $wait_s
done
echo "{digest}  /opt/bigpicture/{digest}.tar" | sha256sum --check --strict
tar --extract --no-same-owner --file /opt/bigpicture/{digest}.tar --directory /opt/bigpicture/{digest}
shopt -s nullglob
for wheel in /opt/bigpicture/{digest}/wheels/*.whl; do
  python3.12 -m zipfile --extract $wheel /opt/bigpicture/{digest}/lib
done
python3.12 -m compileall -q /opt/bigpicture/{digest} || true
systemctl daemon-reload
systemctl enable --now bigpicture.service
main_pid() {{ systemctl show --property MainPID --value bigpicture.service; }}
for _ in $(seq $steady_s $steady_s $start_s); do
  before=$(main_pid)
  sleep $steady_s
  [[ $(main_pid) = "$before" ]] && curl --silent --output /dev/null --max-time 5 {health} && exit 0
done
exit 1
"""


def cloud_config(
    role_command: str,
    environment: Mapping[str, str],
    artifact_bucket: str,
    artifact_key: str,
    region: str,
    log_group: str | None = None,
) -> str:
    """Give the user data as plain text; base64 is the launch template's business.

    *role_command* is what follows `python -m app`; *artifact_key* ends in "<sha256>.tar"; *log_group* takes what
    the app logs, which without one stays in the server's journal. Raises ValueError for what no shell, YAML or
    environment file could carry, for what looks like a secret, and for more than MAX_BYTES.
    """
    _refuse_role(role_command)
    digest = _match("artifact_key", artifact_key, r"[a-z0-9/-]*\b([0-9a-f]{64})\.tar", "a key ending in <sha256>.tar")[
        1
    ]
    words = {
        "role_command": role_command,
        "digest": digest,
        "key": artifact_key,
        "bucket": _match("artifact_bucket", artifact_bucket, r"[a-z0-9][a-z0-9.-]{2,62}", "a bucket's name")[0],
        "region": _match("region", region, r"[a-z]{2}(-[a-z]+)+-[0-9]", "a region such as eu-west-1")[0],
        **_FIXED,
        **shipping(log_group),
    }
    text = _CLOUD_CONFIG.format(
        **words,
        environment=_block(environment_file(environment)),
        unit=_block(_UNIT.format(**words)),
        install=_block(_INSTALL.format(**words)),
    )
    return _refuse_too_long(text, environment)


def environment_file(environment: Mapping[str, str]) -> str:
    """Write *environment* as systemd's EnvironmentFile= reads it, one variable a line, sorted by name.

    Inside double quotes systemd unescapes a backslash before one of `"`, backslash, backquote and `$`, and takes all
    else as it stands: no `%` specifiers, no expansion (parse_env_file_internal in systemd's src/basic/env-file.c).
    """
    for name, value in environment.items():
        _refuse_variable(name, value)
    escaped = {name: re.sub(r'(["\\`$])', r"\\\1", environment[name]) for name in sorted(environment)}
    return "".join(f'{name}="{value}"\n' for name, value in escaped.items())


def _block(text: str) -> str:
    """Indent *text* as a block under YAML's `|`."""
    return indent(text.rstrip("\n"), " " * 6)


def _match(name: str, text: str, pattern: str, allowed: str) -> re.Match[str]:
    found = re.fullmatch(pattern, text)
    if found is None:
        raise ValueError(f"{name} is {text!r}; allowed: {allowed}. Fix: the call of cloud_config in stacks/")
    return found


def _refuse_role(role_command: str) -> None:
    for option, names in (("web --services ", SERVICES), ("worker --queues ", QUEUES)):
        chosen = role_command.removeprefix(option).split(",")
        if role_command.startswith(option) and set(chosen) <= set(names) and len(set(chosen)) == len(chosen):
            return
    allowed = f"'web --services' and some of {','.join(SERVICES)}, or 'worker --queues' and some of {','.join(QUEUES)}"
    raise ValueError(f"role_command is {role_command!r}; allowed: {allowed}. Fix: the call of cloud_config in stacks/")


def _refuse_variable(name: str, value: str) -> None:
    """Refuse what cannot be written or must not be; the value stays unshown, as it may be the very secret."""
    secret_name = re.search(r"(SECRET|PASSWORD|TOKEN|CREDENTIALS?|_KEY)$", name)
    secret_value = re.search(r"://[^/@]+:[^/@]+@|\b(AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN", value)
    if not re.fullmatch("[A-Z][A-Z0-9_]*", name):
        raise ValueError(f"a variable is named {name!r}; allowed: capitals, digits and '_'. Fix: app/contract.py")
    if secret_name or secret_value or (name.endswith("_SECRET_ARN") and not value.startswith("arn:")):
        raise ValueError(
            f"{name} looks like a secret (not shown); allowed in user data: the ARN of a secret. "
            "Fix: put the value into Secrets Manager and pass <NAME>_SECRET_ARN"
        )
    if not re.fullmatch("[ -~]*", value):
        raise ValueError(
            f"{name} has a newline, a control character or a character that is not ASCII (not shown); "
            "allowed: printable ASCII. Fix: escape it, as JSON does with \\n and \\u"
        )


def _refuse_too_long(text: str, environment: Mapping[str, str]) -> str:
    if len(text.encode()) > MAX_BYTES:
        longest = max(environment, key=lambda name: len(environment[name]))
        raise ValueError(
            f"user data has {len(text.encode())} bytes; allowed: {MAX_BYTES} (EC2). "
            f"Fix: shorten {longest}, the longest variable with {len(environment[longest])} characters"
        )
    return text
