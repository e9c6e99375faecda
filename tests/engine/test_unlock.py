"""After an engine was killed, `engine unlock` says of each thing that it was making how Pulumi takes it over."""

import json
import os
import re
import signal
import subprocess
import time

from tests.end_to_end.checkouts import clean_environment, make_checkout

PROGRAM = '''"""More queues than an engine makes in a second."""

import pulumi_aws as aws

for number in range(60):
    aws.sqs.Queue(f"queue-{number:02}")
'''
LINES = re.compile(
    r"(  aws:sqs/queue:Queue (?P<name>queue-\d\d)\n    pulumi import --stack offline --protect=false"
    r" --generate-code=false aws:sqs/queue:Queue (?P=name)"
    r" https://sqs\.us-east-1\.amazonaws\.com/123456789012/(?P=name)-\w{7}\n)+"
)
QUEUE = "aws:sqs/queue:Queue"
STATES = ".bigpicture/offline/run-*/state/.pulumi/stacks/bigpicture/offline.json"


def killed(checkout):
    """Kill a deploy, engine and all, while the state says that a queue is being made.

    It is halted for the second look: on a busy machine what the first one saw may be made by then.
    """
    up = subprocess.Popen(
        checkout.command("up", "--engine", "pulumi"), start_new_session=True, env=clean_environment(),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while up.poll() is None:
        if making(checkout):
            os.killpg(up.pid, signal.SIGSTOP)
            if making(checkout):
                break
            os.killpg(up.pid, signal.SIGCONT)
        time.sleep(0.02)
    os.killpg(up.pid, signal.SIGKILL)
    up.wait()


def making(checkout):
    """Whether the state says that a queue is being made; before the first one it says so of the provider."""
    [state, *_] = [json.loads(file.read_text()) for file in checkout.folder.glob(STATES)] or [{}]
    pending = (state.get("checkpoint", {}).get("latest") or {}).get("pending_operations", [])
    return any(each["type"] == "creating" and each["resource"]["type"] == QUEUE for each in pending)


def test_unlock_prints_the_line_that_takes_over_what_was_being_made(tmp_path):
    checkout = make_checkout(tmp_path)
    (checkout.folder / "__main__.py").write_text(PROGRAM)
    killed(checkout)
    said = checkout.run("engine", "unlock").stdout
    checkout.run("down", "--now")
    _, _, told = said.partition("without the state knowing:\n")
    assert LINES.fullmatch(told.partition("Each may stand")[0]), said
