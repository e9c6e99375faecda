"""Fragments about what stands open: ports by older forms of rules, roles of administrators, plain HTTP, and names."""

import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps
from tests.policies.fragments_security_groups import named
from tests.policies.fragments_watch import record


def inline(port, *ends):
    """A group whose one rule stands inside of it."""
    rule = {"protocol": "tcp", "from_port": port, "to_port": port, "cidr_blocks": list(ends)}
    named(ingress=[aws.ec2.SecurityGroupIngressArgs(**rule)])


def older(kind, port):
    """A rule of the older class, open to everybody."""
    group = parts.security_group("data", parts.vpc())
    given = {"protocol": "tcp", "from_port": port, "to_port": port, "cidr_blocks": ["0.0.0.0/0"]}
    aws.ec2.SecurityGroupRule("old", type=kind, security_group_id=group.id, **given)


def holding(policy):
    aws.iam.RolePolicyAttachment("policy", role="worker", policy_arn=f"arn:aws:iam::aws:policy/{policy}")


def facing(*, internal=False, **more):
    """A load balancer that listens without a certificate."""
    within = parts.vpc()
    lb = parts.balancer(within=within, internal=internal)
    plain = {"port": 80, "protocol": "HTTP", "certificate_arn": None, "ssl_policy": None}
    parts.listener(lb, parts.target_group(within=within), **{**plain, **more})
    return lb


def leading(name, *to):
    zone = aws.route53.Zone("zone", name="bigpicture.dev")
    record(zone_id=zone.zone_id, name=name, type="CNAME", records=list(to))


@breaks(
    "security-group-open-port",
    "aws:ec2/securityGroup:SecurityGroup 'g': ingress[0].cidrBlocks is \"open: SSH\"; allowed: no world-"
    "open port of administration or data.",
)
def ssh_open_inside_of_a_group():
    inline(22, "10.0.0.0/8", "0.0.0.0/0")


@keeps("security-group-open-port")
def ssh_open_to_the_company():
    inline(22, "10.0.0.0/8")


@breaks(
    "security-group-open-port",
    "aws:ec2/securityGroupRule:SecurityGroupRule 'old': cidrBlocks is \"open: PostgreSQL\"; allowed: no "
    "world-open port of administration or data.",
)
def database_open_by_an_older_rule():
    older("ingress", 5432)


@keeps("security-group-open-port")
def database_called_by_an_older_rule():
    older("egress", 5432)


@breaks(
    "security-group-words",
    "aws:ec2/securityGroup:SecurityGroup 'sg-web': name is \"sg-web\"; allowed: a name in the program, or "
    "one given here, without sg- before it.",
)
def group_whose_made_name_begins_with_sg():
    aws.ec2.SecurityGroup("sg-web", vpc_id=parts.vpc().id, description="of web")


@breaks(
    "role-is-no-administrator",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment 'policy': policyArn is "
    '["arn:aws:iam::aws:policy/AdministratorAccess"]; allowed: a policy for this one task.',
)
def worker_that_may_do_everything():
    holding("AdministratorAccess")


@keeps("role-is-no-administrator")
def worker_of_one_task():
    holding("AmazonSSMManagedInstanceCore")


@breaks(
    "listener-is-plain-to-the-internet",
    "aws:lb/listener:Listener 'listener': protocol is \"HTTP\"; allowed: HTTPS, or a redirect to it.",
)
def plain_http_for_everybody():
    facing()


@keeps("listener-is-plain-to-the-internet")
def plain_http_inside():
    facing(internal=True)


@keeps("listener-is-plain-to-the-internet")
def plain_http_behind_a_cdn():
    lb = facing()
    parts.distribution(origins=[parts.custom_origin(lb.dns_name, origin_protocol_policy="http-only")])


@breaks(
    "record-cname",
    "aws:route53/record:Record 'record': name is \"bigpicture.dev\"; allowed: a name below the zone's own.",
)
def cname_at_the_top():
    leading("bigpicture.dev", "elsewhere.dev")


@breaks(
    "record-cname",
    "aws:route53/record:Record 'record': name is \"bigpicture.dev\"; allowed: a name below the zone's own.",
)
def cname_at_the_top_to_what_is_not_known_yet():
    leading("bigpicture.dev", parts.distribution().domain_name)


@breaks(
    "record-cname",
    'aws:route53/record:Record \'record\': records is ["a.dev", "b.dev"]; allowed: one name.',
)
def cname_to_two_names():
    leading("www.bigpicture.dev", "a.dev", "b.dev")


@keeps("record-cname")
def cname_below_the_top():
    leading("www.bigpicture.dev", "elsewhere.dev")


@breaks(
    "no-access-key-in-the-open",
    "aws:ssm/parameter:Parameter 'key': value is [secret]; allowed: no key.",
)
def private_key_in_a_plain_parameter():
    aws.ssm.Parameter("key", type="String", value="-----BEGIN RSA PRIVATE KEY-----")


@keeps("no-access-key-in-the-open")
def private_key_in_an_encrypted_parameter():
    aws.ssm.Parameter("key", type="SecureString", value="-----BEGIN RSA PRIVATE KEY-----")
