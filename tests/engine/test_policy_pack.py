"""Pulumi's own command runs the rules as a policy pack, and stops at its preview what they forbid."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from engines.binary import require
from engines.stack_file import ROOT
from tests.engine import language_host, policy_host
from tests.engine.small import STACK, small

PACK = ROOT / "policies"
HEAD = "import pulumi\nimport pulumi_aws as aws\n"
GOOD = """
dead = aws.sqs.Queue("dead", message_retention_seconds=1209600)
letters = dead.arn.apply(lambda arn: '{"deadLetterTargetArn": "%s", "maxReceiveCount": 5}' % arn)
jobs = aws.sqs.Queue("jobs", visibility_timeout_seconds=43200, redrive_policy=letters)
"""
TOO_SLOW = GOOD.replace("43200", "43201")
TOO_SLOW_SAID = (
    "[queue-visibility-timeout] aws:sqs/queue:Queue 'jobs': visibilityTimeoutSeconds; allowed: 0 to 43200."
    " Fix: set visibility_timeout_seconds within the range"
)
ADVICE = (
    "[queue-has-dead-letters] aws:sqs/queue:Queue 'jobs': redrivePolicy; allowed: a dead-letter queue."
    " Fix: give it a redrive_policy"
)
TWO_POLICIES = """
for name in ("first", "second"):
    aws.sqs.QueuePolicy(name, queue_url=jobs.url, policy='{"Version": "2012-10-17", "Statement": []}')
"""
HASTY = """
timeouts = pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="5m"))
aws.rds.Instance("store", instance_class="db.t4g.micro", opts=timeouts)
"""
ELSEWHERE = """
metrics = {"metric_name": "m", "cloudwatch_metrics_enabled": True, "sampled_requests_enabled": True}
allow = {"allow": {}}
aws.wafv2.WebAcl("acl", scope="CLOUDFRONT", default_action=allow, visibility_config=metrics, region="eu-west-1")
"""
ELSEWHERE_SAID = (
    "[firewall-region] aws:wafv2/webAcl:WebAcl 'acl': region; allowed: us-east-1. Fix: set region=\"us-east-1\""
)
EXCEPTION = """[[exception]]
rule = "queue-visibility-timeout"
resource = "jobs"
reason = "a test"
expires = 9999-12-31
"""


@pytest.fixture
def project(tmp_path):
    with small(tmp_path, 0) as made:
        yield made


def preview(project, program, pack=PACK):
    """Whether Pulumi's own preview of *program* went through, every finding of the pack, and all that was said."""
    return pulumi(project, program, "preview", pack=pack)


def pulumi(project, program, *command, pack=PACK):
    """Run a command of Pulumi's own on *program*, with the pack."""
    project.write(HEAD + program)
    path = project.root.parent / "bin"
    path.mkdir()
    language_host.put_on_path(path)
    policy_host.put_on_path(path)
    backend = project.backend
    environment = {**os.environ, **backend.variables, "PATH": f"{path}:{os.environ['PATH']}"}
    cli = [require().path, "--non-interactive", "--color", "never", "--cwd", backend.work_dir]
    subprocess.run([*cli, "stack", "select", "--create", STACK], env=environment, capture_output=True, check=True)
    line = [*cli, *command, "--policy-pack", str(pack)]
    done = subprocess.run(line, env=environment, capture_output=True, text=True, check=False)
    findings = re.findall(r"^ +(\[[a-z-]+\] aws:.*)$", done.stdout, re.MULTILINE)
    return done.returncode == 0, findings, done.stdout + done.stderr


def test_what_stands_at_the_limits_passes(project):
    went_through, findings, said = preview(project, GOOD)
    assert (went_through, findings, "✅ bigpicture@v0.1.0" in said) == (True, [], True)


def test_a_mandatory_rule_stops_the_preview(project):
    assert preview(project, TOO_SLOW)[:2] == (False, [TOO_SLOW_SAID])


def test_a_mandatory_rule_across_resources_stops_the_preview(project):
    went_through, findings, _ = preview(project, GOOD + TWO_POLICIES)
    found = [each.partition(";")[0] for each in findings if each.startswith("[queue-policy-alone]")]
    named = "[queue-policy-alone] aws:sqs/queuePolicy:QueuePolicy"
    assert (went_through, sorted(found)) == (False, [f"{named} 'first': queueUrl", f"{named} 'second': queueUrl"])


def test_an_advisory_rule_is_said_and_stops_nothing(project):
    went_through, findings, _ = preview(project, 'aws.sqs.Queue("jobs")')
    assert (went_through, findings) == (True, [ADVICE])


def test_a_secret_is_judged_and_not_shown(project):
    _, findings, said = preview(project, 'aws.sqs.Queue("jobs", name=pulumi.Output.secret("open sesame"))')
    judged = any(each.startswith("[queue-name]") for each in findings)
    assert (judged, "open sesame" in said) == (True, False)


def test_timeouts_reach_the_rules(project):
    findings = preview(project, HASTY)[1]
    assert [each.partition(". Fix")[0] for each in findings if "[database-timeouts]" in each] == [
        "[database-timeouts] aws:rds/instance:Instance 'store': customTimeouts.create; allowed: 40 minutes or more"
    ]


def test_the_region_of_a_resource_reaches_the_rules(project):
    assert preview(project, ELSEWHERE)[:2] == (False, [ELSEWHERE_SAID])


def test_an_exception_is_honoured(project, tmp_path):
    pack = shutil.copytree(PACK, tmp_path / "accepting" / "policies", ignore=shutil.ignore_patterns("__pycache__"))
    Path(pack, "exceptions.toml").write_text(EXCEPTION)
    assert preview(project, TOO_SLOW, pack)[:2] == (True, [])


def queues(project):
    """The queues that the account holds."""
    return project.gate.account.client("sqs").list_queues().get("QueueUrls", [])


@pytest.mark.parametrize("broken", [TOO_SLOW, GOOD + TWO_POLICIES], ids=["of a resource", "across resources"])
def test_a_mandatory_rule_stops_an_update_before_anything_is_made(project, broken):
    went_through, findings, _ = pulumi(project, broken, "up", "--yes")
    assert (went_through, bool(findings), queues(project)) == (False, True, [])


def test_a_program_that_keeps_the_rules_is_deployed(project):
    went_through, findings, _ = pulumi(project, GOOD, "up", "--yes")
    assert (went_through, findings, len(queues(project))) == (True, [], 2)


def test_without_a_preview_a_rule_stops_its_own_resource_alone(project):
    went_through, _, _ = pulumi(project, TOO_SLOW, "up", "--yes", "--skip-preview")
    assert (went_through, [url.rpartition("/")[2].partition("-")[0] for url in queues(project)]) == (False, ["dead"])
