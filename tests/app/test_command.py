"""The command line of the app: what is not a role, a service or a queue is refused before anything starts."""

import json
import socket
import subprocess
import sys

import pytest

from app.contract import variables
from tests.app.processes import ENVIRONMENT, NOWHERE, ROOT

SERVICE_NAMES = "accounts, catalog, orders, payments, shipping, feedback"
QUEUE_NAMES = "pictures, mail, shipping, statistics, sagas"


def run(*arguments, environment=ENVIRONMENT):
    command = [sys.executable, "-m", "app", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=NOWHERE | environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            "web --services accounts,shop",
            f"'accounts,shop' has a name that is unknown: 'shop'; allowed: {SERVICE_NAMES}",
        ),
        ("worker --queues mail,mail", f"'mail,mail' has a name that is named twice; allowed: {QUEUE_NAMES}"),
        ("worker --queues mail,", f"'mail,' has a name that is unknown: ''; allowed: {QUEUE_NAMES}"),
        ("web", "the following arguments are required: --services"),
    ],
)
def test_a_wrong_argument_exits_2_with_the_allowed_names(arguments, said):
    done = run(*arguments.split())
    assert (done.returncode, done.stderr.splitlines()[-1].endswith(f": {said}")) == (2, True)


def test_a_role_that_is_none_exits_2_and_names_the_roles():
    done = run("cron")
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, "usage: python -m app [-h] {web,worker} ...")


def test_a_missing_environment_exits_1_with_every_name():
    done = run("web", "--services", "accounts", environment={})
    assert done.returncode == 1
    assert [line.split()[0] for line in done.stderr.splitlines()] == [each.name for each in variables().values()]


def test_a_port_in_use_exits_1_and_names_the_port():
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        done = run("worker", "--queues", "mail", environment=ENVIRONMENT | {"BIGPICTURE_PORT": str(port)})
    last = json.loads(done.stdout.splitlines()[-1])
    assert (done.returncode, last["event"], last["port"]) == (1, "cannot listen", port)


def test_the_contract_imports_nothing_but_the_standard_library_as_the_infrastructure_reads_it():
    program = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import app.contract\n"
        "print({name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names - {'app', '__main__'})"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
