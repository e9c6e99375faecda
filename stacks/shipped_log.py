"""Write the parts of a server's #cloud-config that send what the app logs to CloudWatch, before the server is gone."""

from __future__ import annotations

import json
import re

LOG_FILE = "/var/log/bigpicture/app.log"
AGENT_FILE = "/etc/bigpicture/log.json"
AGENT_CONTROL = "/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl"
"""CloudWatch User Guide, "Starting the CloudWatch agent"; AL2023 has the agent among its own packages."""

# The agent reads files, not the journal. cloud-init makes the file, because systemd opens it before it would make a
# LogsDirectory=. Not logrotate's own daily run: a busy server could fill its disk in a day.
_FILES = """\
  - path: {log_file}
    permissions: "0640"
    content: ""
  - path: {agent_file}
    permissions: "0644"
    content: '{agent}'
  - path: /etc/logrotate.d/bigpicture
    permissions: "0644"
    content: |
      {log_file} {{
        maxsize 100M
        rotate 1
        copytruncate
      }}
  - path: /etc/systemd/system/logrotate.timer.d/often.conf
    permissions: "0644"
    content: |
      [Timer]
      OnCalendar=
      OnCalendar=*:0/10
"""
_COMMANDS = """\
  - [systemctl, daemon-reload]
  - [systemctl, restart, logrotate.timer]
  - [{agent_control}, -a, fetch-config, -m, ec2, -s, -c, "file:{agent_file}"]
"""


def shipping(log_group: str | None) -> dict[str, str]:
    """Give the parts by their place in the cloud-config; without a group the log stays in the server's journal.

    Raises ValueError for what is no log group's name. Each server writes a stream named after its instance id.
    """
    if log_group is None:
        return {"packages": "python3.12", "output": "", "log_files": "", "log_commands": ""}
    if not re.fullmatch(r"[A-Za-z0-9_./#-]{1,512}", log_group):
        raise ValueError(f"log_group is {log_group!r}; allowed: a log group's name. Fix: the call of cloud_config")
    collected = {"file_path": LOG_FILE, "log_group_name": log_group, "log_stream_name": "{instance_id}"}
    agent = json.dumps({"logs": {"logs_collected": {"files": {"collect_list": [collected]}}}})
    paths = {"log_file": LOG_FILE, "agent_file": AGENT_FILE, "agent_control": AGENT_CONTROL}
    return {
        "packages": "amazon-cloudwatch-agent, logrotate, python3.12",
        "output": f"StandardOutput=append:{LOG_FILE}\n",
        "log_files": _FILES.format(**paths, agent=agent),
        "log_commands": _COMMANDS.format(**paths),
    }
