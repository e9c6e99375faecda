"""The same program records the same graph in another process, and needs neither AWS variables nor a network."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = """
import hashlib, socket, sys
real = socket.socket.connect
def loopback_only(self, address):
    if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1"):
        raise AssertionError(f"connected to {address}")
    return real(self, address)
socket.socket.connect = loopback_only
import msgspec
from engines.rehearsal import rehearse
graph = rehearse("offline", {"domain": "shop.bigpicture.dev", "hosted_zone": "make"})[0].graph
print(hashlib.sha256(msgspec.json.encode(graph)).hexdigest())
"""


def graph_of(**variables):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env={**clean, **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_neither_another_hash_seed_nor_the_users_own_aws_settings_change_the_graph():
    theirs = {"AWS_PROFILE": "no-such-profile", "AWS_REGION": "eu-west-3", "AWS_ENDPOINT_URL": "http://10.0.0.1"}
    assert graph_of(PYTHONHASHSEED="2", **theirs) == graph_of(PYTHONHASHSEED="1")
