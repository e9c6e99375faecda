"""Pulumi's own engine gets truthful answers: what it replaces, imports, ignores, keeps and finishes."""

import json
from pathlib import Path

import pytest

from engines import state
from engines.backend import offline
from engines.empty_account import reachable
from engines.pulumi import PulumiEngine
from engines.refusals import EngineError
from offline.account import open_account
from tests.engine.small import STACK
from tests.offline.provider.refusing import Refusing


class Project:
    """A program that a test writes, over an account that can refuse."""

    def __init__(self, root, running, account):
        self.root, self.running, self.account = root, running, account

    def engine(self, program):
        (self.root / "__main__.py").write_text(f"import pulumi\nimport pulumi_aws as aws\n{program}\n")
        return PulumiEngine(STACK, offline(self.running, STACK, {}, self.root), root=self.root)

    def up(self, program):
        return self.engine(program).up()

    def known(self):
        """Logical name -> resource, as the state has it."""
        return {each.name: each for each in state.read_graph(self.running).resources if each.custom}


@pytest.fixture
def account():
    account = open_account("us-east-1", "test")
    yield account
    account.close()


@pytest.fixture
def project(tmp_path, account):
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / f"Pulumi.{STACK}.yaml").write_text("config:\n  aws:region: us-east-1\n")
    refusing = Refusing(account)
    with reachable(STACK, refusing) as running:
        yield Project(tmp_path, running, refusing)


def group(port, **more):
    arguments = {"port": port, "protocol": "HTTP", **more}
    return f"""
vpc = aws.ec2.Vpc("net", cidr_block="10.1.0.0/16")
aws.lb.TargetGroup("web", vpc_id=vpc.id, **{arguments!r})"""


def groups(account):
    held = account.client("elbv2").describe_target_groups()["TargetGroups"]
    return {each["TargetGroupName"]: each["Port"] for each in held}


def test_a_replaced_resource_gets_another_name_and_the_old_one_goes(project):
    project.up(group(80))
    [old] = groups(project.account)
    outcome = project.up(group(81))
    [(new, port)] = groups(project.account).items()
    assert (outcome.changes["replace"], port, new != old) == (1, 81, True)


def test_after_a_replacement_nothing_is_left_to_do(project):
    project.up(group(80))
    project.up(group(81))
    assert project.up(group(81)).is_unchanged


def test_a_replaced_resource_of_a_fixed_name_makes_room_for_its_successor(project):
    project.up(group(80, name="web"))
    project.up(group(81, name="web"))
    assert groups(project.account) == {"web": 81}


def test_a_preview_of_a_replacement_is_what_up_then_does(project):
    project.up(group(80))
    engine = project.engine(group(81))
    assert engine.preview().changes == engine.up().changes


def test_what_was_made_by_hand_is_imported_by_its_id(project):
    url = project.account.client("sqs").create_queue(QueueName="jobs", Attributes={"DelaySeconds": "5"})["QueueUrl"]
    options = f"opts=pulumi.ResourceOptions(import_={url!r})"
    project.up(f'aws.sqs.Queue("jobs", name="jobs", delay_seconds=5, {options})')
    assert project.known()["jobs"].id == url


def test_an_import_of_something_else_than_the_program_says_is_changed_to_it(project):
    sqs = project.account.client("sqs")
    url = sqs.create_queue(QueueName="jobs", Attributes={"DelaySeconds": "5"})["QueueUrl"]
    options = f"opts=pulumi.ResourceOptions(import_={url!r})"
    project.up(f'aws.sqs.Queue("jobs", name="jobs", delay_seconds=6, {options})')
    assert sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["DelaySeconds"])["Attributes"] == {
        "DelaySeconds": "6"
    }


def test_an_ignored_property_stays_as_it_was_made(project):
    project.up('aws.sqs.Queue("jobs", delay_seconds=5)')
    outcome = project.up(
        'aws.sqs.Queue("jobs", delay_seconds=6, opts=pulumi.ResourceOptions(ignore_changes=["delaySeconds"]))'
    )
    assert outcome.is_unchanged


def test_what_is_kept_on_deletion_stays_in_the_account(project):
    project.up('aws.sqs.Queue("jobs", opts=pulumi.ResourceOptions(retain_on_delete=True))')
    project.engine("").down()
    assert len(project.account.client("sqs").list_queues()["QueueUrls"]) == 1


def test_what_is_protected_stays_until_the_program_says_otherwise(project):
    protected = 'aws.sqs.Queue("jobs", opts=pulumi.ResourceOptions(protect=True))'
    project.up(protected)
    with pytest.raises(EngineError, match="protect"):
        project.up("")
    project.up('aws.sqs.Queue("jobs")')
    assert project.up("").changes["delete"] == 1


def test_what_goes_with_another_is_not_deleted_by_itself(project):
    project.up("""
whole = aws.sqs.Queue("whole", name="whole")
aws.sqs.Queue("part", name="part", opts=pulumi.ResourceOptions(deleted_with=whole))""")
    project.engine("").down()
    left = project.account.client("sqs").list_queues()["QueueUrls"]
    assert ([url.rpartition("/")[2] for url in left], project.known()) == (["part"], {})


def test_what_is_half_made_is_finished_by_the_next_up(project):
    network = 'aws.ec2.Vpc("net", cidr_block="10.1.0.0/16", enable_dns_hostnames=True)'
    project.account.refuse = 2
    with pytest.raises(EngineError, match="a bad day"):
        project.up(network)
    outcome = project.up(network)
    filters = [{"Name": "cidr", "Values": ["10.1.0.0/16"]}]
    held = project.account.client("ec2").describe_vpcs(Filters=filters)["Vpcs"]
    assert ([vpc["VpcId"] for vpc in held], outcome.changes["create"]) == ([project.known()["net"].id], 0)


def test_a_secret_is_nowhere_in_the_state_in_clear(project):
    project.up(
        'vault = aws.secretsmanager.Secret("vault")\n'
        'hidden = pulumi.Output.secret("hunter2hunter2")\n'
        'aws.secretsmanager.SecretVersion("one", secret_id=vault.id, secret_string=hidden)'
    )
    texts = [path.read_text() for path in Path(project.running.folder).rglob("*.json")]
    assert [text for text in texts if "hunter2" in text] == []
    assert any("secretsmanager" in json.dumps(json.loads(text)) for text in texts)


def test_a_new_version_of_a_template_is_unknown_until_it_is_made(project):
    program = """
template = aws.ec2.LaunchTemplate("web", instance_type="{}")
aws.sqs.Queue("jobs", tags={{"version": template.latest_version.apply(str)}})"""
    project.up(program.format("t4g.small"))
    engine = project.engine(program.format("t4g.large"))
    assert engine.preview().changes["update"] == engine.up().changes["update"] == 2


def test_what_was_changed_by_hand_is_mended_after_a_refresh(project):
    program = 'aws.sqs.Queue("jobs", delay_seconds=5)'
    project.up(program)
    sqs, url = project.account.client("sqs"), project.known()["jobs"].id
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "9"})
    project.engine(program).refresh()
    project.up(program)
    assert sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["DelaySeconds"])["Attributes"] == {
        "DelaySeconds": "5"
    }
