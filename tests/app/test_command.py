"""The command line of the app: what is not a role, a service or a queue is refused before anything starts."""

import json
import socket
import subprocess
import sys

import pytest

from app.contract import variables
from tests.app.processes import ENVIRONMENT, ROOT


def run(*arguments, environment=ENVIRONMENT):
    command = [sys.executable, "-m", "app", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=20, check=False)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("web", "--services", "accounts,shop"), "argument --services: 'accounts,shop' has a name that is unknown: 'shop'; "
         "allowed: accounts, catalog, orders, payments, shipping, feedback"),
        (("worker", "--queues", "mail,mail"), "argument --queues: 'mail,mail' has a name that is named twice; "
         "allowed: pictures, mail, shipping, statistics, sagas"),
        (("worker", "--queues", ""), "argument --queues: '' has a name that is unknown: ''; "
         "allowed: pictures, mail, shipping, statistics, sagas"),
        (("web",), "the following arguments are required: --services"),
        (("cron",), "argument role: invalid choice: 'cron' (choose from 'web', 'worker')"),
    ],
)
def test_a_wrong_argument_exits_2_with_the_allowed_names(arguments, said):
    done = run(*arguments)
    assert (done.returncode, done.stderr.splitlines()[-1].split("error: ")[1]) == (2, said)


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


def test_the_app_imports_nothing_but_the_standard_library():
    program = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import app.__main__\n"
        "print({name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names - {'app', '__main__'})"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
