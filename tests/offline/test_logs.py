"""Log groups in the offline account, read back."""

import pulumi_aws as aws

from tests.deploying import deploy


def test_a_log_group_is_held_as_it_was_asked_for():
    deployed = deploy(lambda: aws.cloudwatch.LogGroup("app", retention_in_days=7, tags={"box": "app"}))
    [resource] = deployed.of_type("aws:cloudwatch/logGroup:LogGroup")
    [held] = deployed.client("logs").describe_log_groups()["logGroups"]
    tags = deployed.client("logs").list_tags_for_resource(resourceArn=resource.outputs["arn"])["tags"]
    assert (held["logGroupName"], held["retentionInDays"], tags) == (resource.id, 7, {"box": "app"})


def test_a_group_whose_name_begins_another_is_told_apart():
    names = ("app", "app-access")
    deployed = deploy(lambda: [aws.cloudwatch.LogGroup(name, name=name, retention_in_days=3) for name in names[:1]])
    live = next(iter(deployed.monitor.live.values()))
    deployed.client("logs").create_log_group(logGroupName=names[1])
    assert (live.handler.read(live.aws, "app-access", {}) or {})["name"] == "app-access"
    assert live.handler.read(live.aws, "app-", {}) is None
