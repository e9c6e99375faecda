"""Ways into the store as it was deployed: through the edge, past it, and to a server; and a new release for it."""

import base64
import hashlib
import http.client
import io
import json
import re
import tarfile
import time
import uuid
from email.utils import parsedate_to_datetime
from typing import Any

from tests.deploying import Deployed
from tests.stores import fleets, rules, template, user_data

Answer = tuple[http.client.HTTPResponse, str]


def all_healthy(region: Any) -> bool:
    """Whether every target is, after one look at the account."""
    region.follow()
    return {state for states in region.health().values() for state in states.values()} == {"healthy"}


def asked(host: str, port: int, method: str, path: str, **headers: str) -> Answer:
    """The answer and its text."""
    connection = http.client.HTTPConnection(host, port, timeout=60)
    connection.request(method, path, headers=headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response, text


def balancer(region: Any, *, internal: bool = False) -> Any:
    """The customers' load balancer, or the one between services."""
    [only] = [each for name, each in region.balancers.items() if (name in region.internal) == internal]
    return only


def ask(region: Any, path: str, *, internal: bool = False, **headers: str) -> http.client.HTTPResponse:
    """Ask a load balancer."""
    at = balancer(region, internal=internal)
    return asked(at.address, at.ports[80], "GET", path, **headers)[0]


def visit(region: Any, path: str, method: str = "GET", **headers: str) -> Answer:
    """Ask the edge."""
    [edge] = region.edges
    return asked(edge.address, edge.port, method, path, **headers)


def shop(store: Deployed, region: Any, steps: list[tuple[str, str, Any]]) -> list[tuple[int, Any]]:
    """Send each step as one browser would that keeps its cookie, past the CDN's place; returns the answers."""
    answers, cookie = [], ""
    at = balancer(region)
    for method, path, body in steps:
        headers = {
            "X-Origin-Verify": rules(store)[0]["values"][0],
            "Content-Type": "application/json",
            "Cookie": cookie,
            "Idempotency-Key": str(uuid.uuid4()),
        }
        connection = http.client.HTTPConnection(at.address, at.ports[80], timeout=30)
        connection.request(method, path, body=json.dumps(body) if body else None, headers=headers)
        response = connection.getresponse()
        answers.append((response.status, json.loads(response.read() or b"null")))
        cookie = response.headers.get("Set-Cookie", cookie).partition(";")[0]
        connection.close()
    return answers


def hours_ahead(server: Any) -> int | None:
    """By how many hours a server's own answers are ahead of this machine's clock; None while it does not answer."""
    try:
        response, _ = asked(server.address, int(server.environment["BIGPICTURE_PORT"]), "GET", "/catalog/items")
    except OSError:
        return None
    return round((parsedate_to_datetime(response.getheader("Date", "")).timestamp() - time.time()) / 3600)


def release(store: Deployed, fleet: str) -> str:
    """Begin to bring an artifact with one more file to a fleet, as a new deploy does; returns the group's name."""
    group, held = fleets(store)[fleet], user_data(store, fleet)
    changed = base64.b64encode(held.replace(*_repacked(store, held)).encode()).decode()
    wanted = {"LaunchTemplateId": group["LaunchTemplate"]["LaunchTemplateId"]}
    made = store.client("ec2").create_launch_template_version(
        **wanted, LaunchTemplateData={**template(store, fleet), "UserData": changed}
    )["LaunchTemplateVersion"]
    store.client("autoscaling").start_instance_refresh(
        AutoScalingGroupName=group["AutoScalingGroupName"],
        DesiredConfiguration={"LaunchTemplate": {**wanted, "Version": str(made["VersionNumber"])}},
        Preferences={"MinHealthyPercentage": 100, "MaxHealthyPercentage": 200, "SkipMatching": True},
    )
    return group["AutoScalingGroupName"]


def _repacked(store: Deployed, user_data_: str) -> tuple[str, str]:
    """Put the artifact of *user_data_* beside itself with one more file; returns both its names, old and new."""
    s3 = store.client("s3")
    [(bucket, key, old)] = set(re.findall(r"s3://([a-z0-9.-]+)/(app/([0-9a-f]{64})\.tar)", user_data_))
    packed = io.BytesIO(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    with tarfile.open(fileobj=packed, mode="a") as archive:
        archive.addfile(tarfile.TarInfo("app/release.txt"))
    new = hashlib.sha256(packed.getvalue()).hexdigest()
    s3.put_object(Bucket=bucket, Key=key.replace(old, new), Body=packed.getvalue())
    return old, new
