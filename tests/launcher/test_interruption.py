"""A first use that is killed, or done twice at once, leaves one whole environment or none."""

import json
import signal
import subprocess
import time

from tests.launcher.checkouts import Checkout


def begun(checkout: Checkout) -> subprocess.Popen[str]:
    """A first use that has started to write."""
    process = checkout.command()
    assert process.stderr
    assert process.stderr.readline().startswith("bigpicture: first use")
    while not list(checkout.venv.parent.glob("venv.new.*")):
        time.sleep(0.01)
    return process


def left(checkout: Checkout) -> list[str]:
    """What stands in the state folder."""
    return sorted(path.name for path in checkout.venv.parent.iterdir())


def test_a_killed_first_use_is_begun_anew_and_swept(checkout: Checkout):
    with begun(checkout) as process:
        process.kill()
    assert not checkout.venv.exists()
    assert json.loads(checkout.run().stdout)["tiny"] == "1.0"
    assert left(checkout) == ["venv", "venv.lock"]


def test_a_terminated_first_use_leaves_nothing(checkout: Checkout):
    with begun(checkout) as process:
        process.terminate()
    assert (process.returncode, left(checkout)) == (128 + signal.SIGTERM, ["venv.lock"])


def test_an_interrupted_first_use_says_so_and_leaves_nothing(checkout: Checkout):
    process = begun(checkout)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate()
    assert (process.returncode, left(checkout)) == (128 + signal.SIGINT, ["venv.lock"])
    assert told.splitlines()[-1] == "bigpicture: stopped; the next start begins anew"


def test_the_second_of_two_first_uses_waits_for_the_first(checkout: Checkout):
    first = begun(checkout)
    second = checkout.run()
    assert second.stderr == f"bigpicture: process {first.pid} is making the environment; waiting for it\n"
    answer, _ = first.communicate("")
    assert json.loads(answer)["tiny"] == json.loads(second.stdout)["tiny"] == "1.0"
