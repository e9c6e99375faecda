"""Every instance of the account is a process with its own address, its role's credentials and what user data says."""

import base64
import http.client
import io
import json
import os
import signal
import tarfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import pytest

from app.contract import EVERY_ADDRESS
from offline.account import open_account
from offline.region import cloud_config
from offline.region.addresses import Addresses
from offline.region.copies import is_copyable
from offline.region.fleets import Fleets
from offline.region.process import RegionError
from stacks import user_data
from tests.offline.servers import fleet, hook, instances, server, shrink
from tests.waiting import eventually

PROGRAM = b"""
import json, os, signal, sys, time
def leave(*_):
    print("left", flush=True)
    sys.exit()
if __name__ == "__main__":
    signal.signal(signal.SIGTERM, leave)
    print(json.dumps([sys.argv[1:], dict(os.environ), os.getcwd()]), flush=True)
    time.sleep(60)
"""
TRUST = {"Version": "2012-10-17", "Statement": []}


def packed():
    """An artifact whose app says what it was started with."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        member = tarfile.TarInfo("app/__main__.py")
        member.size = len(PROGRAM)
        archive.addfile(member, io.BytesIO(PROGRAM))
    return file.getvalue()


def written(digest):
    """The user data of a server that is told a database by its name."""
    facts = {"BIND": EVERY_ADDRESS, "DATABASE_HOST": "db.example.com", "NOTE": 'a "$b" \\c'}
    environment = {f"BIGPICTURE_{name}": value for name, value in facts.items()}
    return user_data.cloud_config("worker --queues mail", environment, "artifacts", f"app/{digest}.tar", "us-east-1")


@pytest.fixture
def account():
    """An account with an artifact, and a group of two servers that boot from it."""
    opened = open_account("us-east-1", "fleets")
    body = packed()
    opened.client("s3").create_bucket(Bucket="artifacts")
    digest = sha256(body).hexdigest()
    opened.client("s3").put_object(Bucket="artifacts", Key=f"app/{digest}.tar", Body=body)
    opened.client("iam").create_role(RoleName="mailer", AssumeRolePolicyDocument=json.dumps(TRUST))
    arn = fleet(opened, 2)
    opened.client("iam").add_role_to_instance_profile(InstanceProfileName="server", RoleName="mailer")
    data = {**server(opened), "UserData": base64.b64encode(written(digest).encode()).decode()}
    [template] = opened.client("ec2").describe_launch_templates()["LaunchTemplates"]
    opened.client("ec2").create_launch_template_version(
        LaunchTemplateId=template["LaunchTemplateId"], LaunchTemplateData=data
    )
    changed = {"LaunchTemplateId": template["LaunchTemplateId"], "Version": "2"}
    groups = opened.client("autoscaling")
    groups.update_auto_scaling_group(AutoScalingGroupName="web", LaunchTemplate=changed, MinSize=0, DesiredCapacity=0)
    groups.update_auto_scaling_group(AutoScalingGroupName="web", MinSize=2, DesiredCapacity=2)
    assert arn
    yield opened
    opened.close()


@pytest.fixture
def fleets(account, tmp_path):
    running = Fleets(account, tmp_path, Addresses())
    running.names = {"db.example.com": "127.9.9.9"}
    running.follow()
    yield running
    running.stop()


def lines(server, count=1):
    """What the program has written, once it is so many lines."""
    eventually(lambda: len(server.log.read_text().splitlines()) >= count, wanted=True)
    return server.log.read_text().splitlines()


def told(server):
    """Arguments, environment and folder that the program was started with."""
    return json.loads(lines(server)[0])


def running_ones(fleets):
    """The servers, once their programs run."""
    return [server for server in fleets.servers.values() if told(server)]


def metadata(server, path, token=None):
    """What the metadata service answers a server, asked as SDKs ask it."""
    connection = http.client.HTTPConnection(urlsplit(told(server)[1]["AWS_EC2_METADATA_SERVICE_ENDPOINT"]).netloc)
    connection.request("PUT", "/latest/api/token", headers={"X-aws-ec2-metadata-token-ttl-seconds": "60"})
    given = connection.getresponse().read().decode()
    connection.request("GET", f"/latest/meta-data/{path}", headers={"X-aws-ec2-metadata-token": token or given})
    text = connection.getresponse().read().decode()
    connection.close()
    return text


def test_each_instance_of_the_group_is_a_process_with_its_own_address(account, fleets):
    held = {each["InstanceId"] for each in instances(account)}
    addresses = {told(server)[1]["BIGPICTURE_BIND"] for server in fleets.servers.values()}
    assert ({*fleets.servers}, addresses) == (held, {server.address for server in fleets.servers.values()})
    assert len(addresses) == 2


def test_a_server_runs_the_units_command_from_the_unpacked_artifact(fleets, tmp_path):
    arguments, _, folder = told(next(iter(fleets.servers.values())))
    assert (arguments, folder) == (["worker", "--queues", "mail"], str(tmp_path / "opt" / sha256(packed()).hexdigest()))


def test_a_server_is_told_what_user_data_says_with_every_name_resolved(fleets):
    environment = told(next(iter(fleets.servers.values())))[1]
    assert environment["BIGPICTURE_DATABASE_HOST"] == "127.9.9.9"
    assert environment["BIGPICTURE_NOTE"] == 'a "$b" \\c'


def test_servers_of_one_artifact_are_copies_of_one_process(fleets):
    parents = {
        Path(f"/proc/{each.pid}/stat").read_text().rpartition(")")[2].split()[1] for each in running_ones(fleets)
    }
    assert (len(parents), parents != {str(os.getpid())}) == (1, True)


def test_a_program_that_starts_when_it_is_imported_is_no_ones_copy(tmp_path):
    home = tmp_path / "app"
    home.mkdir()
    (home / "__main__.py").write_text("print('started')")
    assert (is_copyable("app", tmp_path), is_copyable("nothing", tmp_path)) == (False, False)


def test_a_server_finds_nothing_of_the_shell_that_started_the_region(fleets):
    assert "HOME" not in told(next(iter(fleets.servers.values())))[1]


def test_a_server_has_the_credentials_of_its_own_role(fleets):
    name, running = next(iter(fleets.servers.items()))
    given = told(running)[1]
    sts = boto3.client(
        "sts",
        endpoint_url=given["AWS_ENDPOINT_URL"],
        region_name=given["AWS_REGION"],
        aws_access_key_id=given["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=given["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=given["AWS_SESSION_TOKEN"],
    )
    assert sts.get_caller_identity()["Arn"] == f"arn:aws:sts::123456789012:assumed-role/mailer/{name}"


def test_a_server_is_told_by_the_metadata_service_who_it_is(fleets):
    name, running = next(iter(fleets.servers.items()))
    assert (metadata(running, "instance-id"), metadata(running, "nothing")) == (name, "")


def test_a_server_that_a_hook_holds_is_told_to_leave(account, fleets):
    before = [metadata(each, "autoscaling/target-lifecycle-state") for each in fleets.servers.values()]
    hook(account)
    shrink(account, 1)
    fleets.follow()
    after = [metadata(each, "autoscaling/target-lifecycle-state") for each in fleets.servers.values()]
    assert (before, sorted(after)) == (["InService", "InService"], ["InService", "Terminated"])


def test_metadata_are_told_nobody_without_a_token(fleets):
    assert metadata(next(iter(fleets.servers.values())), "instance-id", token="guessed") == ""


def test_a_program_that_ended_by_itself_is_started_again(fleets):
    running = next(iter(fleets.servers.values()))
    told(running)
    os.kill(running.pid, signal.SIGKILL)

    def starts():
        fleets.follow()
        return len(running.log.read_text().splitlines())

    assert (eventually(starts, 2), running.alive) == (2, True)


@pytest.mark.parametrize(("steady_s", "lost"), [(3600.0, True), (0.0, False)])
def test_a_server_whose_program_never_stays_up_powers_itself_off(fleets, steady_s, lost):
    running = next(iter(fleets.servers.values()))
    told(running)
    running.boot = replace(running.boot, steady_s=steady_s, start_s=0.0)
    fleets.follow()
    os.kill(running.pid, signal.SIGKILL)

    def over():
        fleets.follow()
        return running.lost or len(running.log.read_text().splitlines()) > 1

    assert (eventually(over, wanted=True), running.lost) == (True, lost)


def test_user_data_say_how_long_a_program_may_take_to_stay_up():
    boot = cloud_config.read(written("0" * 64))
    assert (boot.steady_s, boot.start_s) == (user_data.STEADY_S, user_data.START_S)


def test_a_server_that_its_group_gave_up_may_finish_and_leaves(account, fleets):
    before = dict(fleets.servers)
    [told(server) for server in before.values()]
    shrink(account, 1)
    fleets.follow()
    [gone] = [server for name, server in before.items() if name not in fleets.servers]
    assert (lines(gone, 2)[-1], len(fleets.servers)) == ("left", 1)


def test_a_group_that_grew_has_one_more_server(account, fleets):
    account.client("autoscaling").update_auto_scaling_group(AutoScalingGroupName="web", DesiredCapacity=3)
    fleets.follow()
    assert len({told(server) and server.pid for server in fleets.servers.values()}) == 3


def test_an_artifact_that_is_not_what_its_name_says_is_never_started(account, tmp_path):
    digest = sha256(packed()).hexdigest()
    account.client("s3").put_object(Bucket="artifacts", Key=f"app/{digest}.tar", Body=b"another")
    with pytest.raises(RegionError, match=r"has the hash [0-9a-f]{64}; allowed: the one of its name\. Fix: "):
        Fleets(account, tmp_path, Addresses())


def test_user_data_that_starts_nothing_is_refused():
    with pytest.raises(RegionError) as refused:
        cloud_config.read("#cloud-config\nwrite_files: []\n")
    assert str(refused.value) == (
        "user data has 0 units with ExecStart and 0 fetches of an artifact; allowed: a #cloud-config with one of each."
        " Fix: stacks/user_data.py, which this reader follows"
    )
