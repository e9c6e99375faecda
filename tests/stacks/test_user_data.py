"""The user data: what cloud-init, systemd and the shell read out of it, and its refusals."""

import json
import subprocess

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from app.contract import DRAIN_S, variables
from stacks.user_data import MAX_BYTES, cloud_config, environment_file
from tests.cloud_config import files, read_as_systemd

DIGEST = "0123456789abcdef" * 4
ENVIRONMENT = {variable.name: variable.example for variable in variables().values()}
PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=126))
AWKWARD = {
    "JSON": '{"a":["b\\"c"],"d":"e\\\\"}',
    "SHELL": "$HOME `id` $(id) ${HOME} ! # ; ' \\",
    "SPECIFIER": "%h %n 100%",
    "SPACES": "  both ends  ",
    "NOTHING": "",
}


def written(role_command="web --services accounts", environment=ENVIRONMENT, **changed):
    known = {"artifact_bucket": "artifacts-1", "artifact_key": f"app/{DIGEST}.tar", "region": "eu-west-1"}
    return cloud_config(role_command, environment, **(known | changed))


@given(st.dictionaries(st.from_regex(r"V_[A-Z0-9]{1,9}_X", fullmatch=True), PRINTABLE.filter(lambda v: "://" not in v)))
def test_systemd_reads_back_every_printable_value(environment):
    assert read_as_systemd(environment_file(environment)) == environment


def test_systemd_reads_back_json_dollars_percents_quotes_and_backslashes():
    assert read_as_systemd(files(written(environment=AWKWARD))["/etc/bigpicture/app.env"]["content"]) == AWKWARD


def test_a_shell_reads_the_environment_file_as_systemd_does(tmp_path):
    (tmp_path / "app.env").write_text(environment_file(AWKWARD))
    command = ["bash", "-c", "set -a; . ./app.env; env -0"]
    done = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True, check=True)
    read = {pair.partition("=")[0]: pair.partition("=")[2] for pair in done.stdout.split("\0")}
    assert {name: read[name] for name in AWKWARD} == AWKWARD


def test_cloud_init_finds_the_files_with_modes_and_no_owner_that_does_not_exist_yet():
    found = {path: (each["permissions"], each.get("owner")) for path, each in files(written()).items()}
    assert found == {
        "/etc/bigpicture/app.env": ("0640", None),
        "/etc/systemd/system/bigpicture.service": ("0644", None),
        "/usr/local/sbin/bigpicture-install": ("0700", None),
    }


def test_cloud_init_installs_python_and_then_runs_the_install_script():
    config = yaml.safe_load(written())
    assert (written().splitlines()[0], config["packages"], config["runcmd"]) == (
        "#cloud-config",
        ["python3.12"],
        [["/usr/local/sbin/bigpicture-install"]],
    )


def shipped():
    return written(log_group="/bigpicture/test/app-accounts")


def test_a_server_that_ships_its_log_has_the_agent_and_starts_it_before_the_app():
    config = yaml.safe_load(shipped())
    agent = "/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl"
    assert config["packages"] == ["amazon-cloudwatch-agent", "logrotate", "python3.12"]
    assert config["runcmd"] == [
        ["systemctl", "daemon-reload"],
        ["systemctl", "restart", "logrotate.timer"],
        [agent, "-a", "fetch-config", "-m", "ec2", "-s", "-c", "file:/etc/bigpicture/log.json"],
        ["/usr/local/sbin/bigpicture-install"],
    ]


def test_the_agent_sends_the_file_that_the_app_writes_into_the_servers_own_stream():
    found = files(shipped())
    [collected] = json.loads(found["/etc/bigpicture/log.json"]["content"])["logs"]["logs_collected"]["files"][
        "collect_list"
    ]
    assert collected == {
        "file_path": "/var/log/bigpicture/app.log",
        "log_group_name": "/bigpicture/test/app-accounts",
        "log_stream_name": "{instance_id}",
    }
    unit = found["/etc/systemd/system/bigpicture.service"]["content"].splitlines()
    assert f"StandardOutput=append:{collected['file_path']}" in unit


def test_the_file_is_there_before_systemd_opens_it_and_is_cut_before_it_fills_the_disk():
    found = files(shipped())
    assert found["/var/log/bigpicture/app.log"]["content"] == ""
    assert found["/etc/logrotate.d/bigpicture"]["content"].splitlines() == [
        "/var/log/bigpicture/app.log {", "  maxsize 100M", "  rotate 1", "  copytruncate", "}",
    ]  # fmt: skip
    timer = found["/etc/systemd/system/logrotate.timer.d/often.conf"]["content"].splitlines()
    assert timer == ["[Timer]", "OnCalendar=", "OnCalendar=*:0/10"]


def test_a_server_that_ships_nothing_logs_into_its_journal():
    assert "StandardOutput" not in files(written())["/etc/systemd/system/bigpicture.service"]["content"]


@pytest.mark.parametrize("role", ["web --services accounts,orders", "worker --queues mail"])
def test_the_unit_runs_the_role_as_its_own_user_for_ever_and_gives_it_the_drain_time(role):
    lines = files(written(role))["/etc/systemd/system/bigpicture.service"]["content"].splitlines()
    service = {line.partition("=")[0]: line.partition("=")[2] for line in lines}
    assert service["ExecStart"] == f"/usr/bin/python3.12 -m app {role}"
    assert (service["User"], service["Restart"], service["TimeoutStopSec"]) == ("bigpicture", "always", str(DRAIN_S))
    assert (service["NoNewPrivileges"], service["ProtectSystem"], service["CapabilityBoundingSet"]) == (
        "yes",
        "strict",
        "",
    )


def test_the_same_facts_in_another_order_give_the_same_text():
    assert written(environment=dict(reversed(ENVIRONMENT.items()))) == written()


@pytest.mark.parametrize(
    "changed",
    [
        {"role_command": "worker --queues mail"},
        {"environment": ENVIRONMENT | {"BIGPICTURE_PORT": "81"}},
        {"artifact_key": f"app/{'f' * 64}.tar"},
        {"artifact_bucket": "artifacts-2"},
        {"region": "us-east-1"},
    ],
)
def test_any_other_fact_gives_another_text_and_so_another_launch_template(changed):
    assert written(**changed) != written()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_PASSWORD", "hunter2"),
        ("CACHE_AUTH_TOKEN", "hunter2"),
        ("EDGE_SECRET", "hunter2"),
        ("SIGNING_KEY", "hunter2"),
        ("DATABASE_SECRET_ARN", "hunter2"),
        ("DATABASE_URL", "postgres://store:hunter2@db.example.org/store"),
        ("ANY", "AKIAIOSFODNN7EXAMPLE"),
    ],
)
def test_what_looks_like_a_secret_is_refused_by_name_and_never_shown(name, value):
    with pytest.raises(
        ValueError, match=rf"^{name} looks like a secret \(not shown\); allowed in user data: the ARN"
    ) as it:
        written(environment={name: value})
    assert value not in str(it.value)


@pytest.mark.parametrize("value", ["a\nb", "a\rb", "a\0b", "a\x85b", "caf\u00e9"])
def test_a_value_that_a_line_cannot_carry_is_refused_by_name(value):
    with pytest.raises(ValueError, match=r"^MANY_LINES has a newline, a control character or .* Fix: escape it"):
        written(environment={"MANY_LINES": value})


def test_a_name_that_is_no_variable_is_refused():
    with pytest.raises(ValueError, match=r"^a variable is named 'x=1; y'; allowed: capitals, digits and '_'"):
        written(environment={"x=1; y": ""})


@pytest.mark.parametrize(
    "role",
    [
        "web",
        "web --services shop",
        "worker --queues mail,mail",
        "web --services mail",
        "web --services accounts; id",
        "",
    ],
)
def test_a_role_that_the_app_would_refuse_is_refused_before_it_is_deployed(role):
    with pytest.raises(
        ValueError, match=r"^role_command is .*; allowed: 'web --services' and some of accounts,catalog,"
    ):
        written(role)


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("artifact_key", "app/latest.tar"),
        ("artifact_key", f"$(id)/{DIGEST}.tar"),
        ("artifact_bucket", "bucket; id"),
        ("region", "Ireland"),
        ("log_group", "it's; id"),
    ],
)
def test_a_fact_that_the_shell_would_misread_is_refused(name, bad):
    with pytest.raises(ValueError, match=rf"^{name} is .*; allowed: .* Fix: "):
        written(**{name: bad})


def test_more_than_ec2_takes_is_refused_with_the_longest_variable():
    with pytest.raises(
        ValueError, match=rf"^user data has 2\d{{4}} bytes; allowed: {MAX_BYTES} .* shorten LONG, .* 20000 "
    ):
        written(environment=ENVIRONMENT | {"LONG": "x" * 20_000})
