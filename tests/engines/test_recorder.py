"""What is recorded without an account has ARNs of the form that AWS gives them, or none."""

import pytest

from engines.recorder import made_up_arn

OURS = "123456789012"


@pytest.mark.parametrize(
    ("token", "arn"),
    [
        (
            "aws:autoscaling/group:Group",
            f"arn:aws:autoscaling:eu-west-1:{OURS}:autoScalingGroup:n:autoScalingGroupName/n",
        ),
        ("aws:cloudwatch/logGroup:LogGroup", f"arn:aws:logs:eu-west-1:{OURS}:log-group:n"),
        ("aws:iam/role:Role", f"arn:aws:iam::{OURS}:role/n"),
        ("aws:lambda/function:Function", f"arn:aws:lambda:eu-west-1:{OURS}:function:n"),
        ("aws:rds/instance:Instance", f"arn:aws:rds:eu-west-1:{OURS}:db:n"),
        ("aws:s3/bucket:Bucket", "arn:aws:s3:::n"),
        ("aws:secretsmanager/secret:Secret", f"arn:aws:secretsmanager:eu-west-1:{OURS}:secret:n"),
        ("aws:sqs/queue:Queue", f"arn:aws:sqs:eu-west-1:{OURS}:n"),
    ],
)
def test_an_arn_is_of_its_services_form(token, arn):
    assert made_up_arn(token, "n", "eu-west-1") == arn


def test_what_no_policy_can_name_has_no_arn():
    assert made_up_arn("aws:rds/parameterGroup:ParameterGroup", "n", "eu-west-1") is None
