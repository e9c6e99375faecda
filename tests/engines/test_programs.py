"""Anybody's program is checked as it is, and where it fails the answer is one line with its place."""

import pytest

from engines.checking import check_of_program
from engines.programs import ProgramError, recorded
from policies.checker import mandatory

HEAD = "import pulumi, pulumi_aws as aws\n"
CONFIGURED = HEAD + 'aws.sqs.Queue("q", delay_seconds=pulumi.Config().require_int("delay"))\n'
MALFORMED = "def x(:\n"
LOOKED_UP = """
subnets = aws.ec2.get_subnets(filters=[{"name": "vpc-id", "values": [aws.ec2.get_vpc(default=True).id]}])
image = aws.ec2.get_ami(owners=["self"], filters=[{"name": "name", "values": ["golden-*"]}])
for subnet in subnets.ids:
    aws.ec2.Instance(f"server-{subnet}", ami=image.id, instance_type="t3.micro", subnet_id=subnet)
"""
ELSEWHERE = """
ireland = pulumi.ResourceOptions(provider=aws.Provider("ireland", region="eu-west-1"))
metrics = {"metric_name": "m", "cloudwatch_metrics_enabled": True, "sampled_requests_enabled": True}
aws.wafv2.WebAcl("acl", scope="CLOUDFRONT", default_action={"allow": {}}, visibility_config=metrics, opts=ireland)
"""
POLICY = """
statement = {"actions": ["*"], "resources": ["*"]}
document = aws.iam.get_policy_document(statements=[statement]).json
aws.iam.RolePolicy("all", role="role", policy=document)
"""


@pytest.fixture
def written(tmp_path):
    def write(text, **files):
        tmp_path.joinpath("__main__.py").write_text(text, encoding="utf-8")
        for name, content in files.items():
            path = tmp_path / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(exist_ok=True)
            path.write_text(content, encoding="utf-8")
        return tmp_path

    return write


def broken(folder, stack=""):
    """The id of each mandatory rule that the program breaks."""
    return [each.rule.id for each in mandatory(check_of_program(folder, {}, stack)[0])]


def refusal(folder, stack=""):
    with pytest.raises(ProgramError) as refused:
        recorded(folder, {}, stack)
    return str(refused.value).replace(f"{folder}/", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (MALFORMED, "the program fails at __main__.py:1 (def x(:): SyntaxError: invalid syntax (__main__.py, line 1);"),
        (HEAD + "1 / 0", "the program fails at __main__.py:2 (1 / 0): ZeroDivisionError: division by zero;"),
        ("raise SystemExit(3)", "the program fails at __main__.py:1 (raise SystemExit(3)): SystemExit: 3;"),
        (HEAD + 'aws.sqs.Queue("q", delay=1)', "the program fails at __main__.py:2 (aws.sqs.Queue"),
        (HEAD + 'aws.sqs.Queue("q").arn.apply(lambda arn: arn["x"])', "the program fails at __main__.py:2 (aws.sqs."),
    ],
    ids=["syntax", "exception", "exit", "argument", "apply"],
)
def test_a_program_that_fails_is_refused_at_its_own_line(written, text, said):
    assert refusal(written(text)).startswith(said)


def test_the_place_is_in_the_file_that_failed(written):
    said = refusal(written("import infra\n", infra_py="1 / 0\n"))
    assert said.startswith("the program fails at infra.py:1 (1 / 0): ZeroDivisionError")


def test_a_package_that_is_not_installed_comes_with_its_command(written):
    assert refusal(written("import pulumi_no_such_thing")).endswith("-m pip install pulumi-no-such-thing")


def test_a_value_that_only_the_account_knows_says_how_to_give_it(written):
    said = refusal(written(HEAD + "int(aws.ec2.get_vpc(default=True).cidr_block)"))
    assert said.endswith("by the program's configuration, --set KEY=VALUE")


def test_the_stack_file_configures_the_program(written):
    files = {"Pulumi_yaml": "name: shop", "Pulumi_prod_yaml": "config:\n  shop:delay: 901\n"}
    assert broken(written(CONFIGURED, **files), "prod") == ["queue-delay"]


def test_a_stack_without_a_file_is_refused(written):
    assert refusal(written(CONFIGURED, Pulumi_prod_yaml=""), "dev").startswith("--stack is 'dev'; allowed:")


def test_what_is_looked_up_in_the_account_is_no_finding(written):
    assert broken(written(HEAD + LOOKED_UP)) == []


def test_each_entry_of_what_is_looked_up_makes_a_resource(written):
    made = recorded(written(HEAD + LOOKED_UP), {}).graph.of_type("aws:ec2/instance:Instance")
    assert len({each.name for each in made}) == 3


def test_a_policy_document_is_judged_as_the_provider_would_make_it(written):
    assert broken(written(HEAD + POLICY)) == ["policy-not-everything"]


def test_a_resource_stands_in_the_region_of_the_provider_that_it_was_given(written):
    assert broken(written(HEAD + ELSEWHERE)) == ["firewall-region"]


@pytest.mark.parametrize("class_", ["Bucket", "BucketV2"])
def test_a_bucket_that_was_given_a_name_goes_by_it_in_its_arn(written, class_):
    policy = '{"Version": "2012-10-17", "Statement": []}'
    lines = f'b = aws.s3.{class_}("b", bucket="pages")\naws.s3.BucketPolicy("p", bucket=b.id, policy=\'{policy}\')'
    bucket = recorded(written(f"{HEAD}{lines}"), {}).graph.resources[1]
    assert bucket.outputs["arn"] == "arn:aws:s3:::pages"


def test_a_program_may_call_its_packages_as_the_rooms_here_are_called(written):
    queue = 'import pulumi_aws as aws\naws.sqs.Queue("q", delay_seconds=901)\n'
    assert broken(written("import components.queue", components__queue_py=queue)) == ["queue-delay"]


def test_types_that_no_rule_knows_are_named(written):
    program = 'aws.eks.Cluster("c", role_arn="r", vpc_config={"subnet_ids": []})\naws.sqs.Queue("q")'
    assert check_of_program(written(HEAD + program), {})[1] == ["aws:eks/cluster:Cluster"]


def test_types_that_rules_about_others_ask_for_are_not_named(written):
    program = 'aws.s3.BucketPublicAccessBlock("block", bucket=aws.s3.Bucket("b").id)'
    assert check_of_program(written(HEAD + program), {})[1] == []
