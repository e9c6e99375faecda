"""Fragments about load balancers and their listeners."""

import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps


def listening(**more):
    within = parts.vpc()
    parts.listener(parts.balancer(within=within), parts.target_group(within=within), **more)


def behind_a_cdn(policy):
    within = parts.vpc()
    lb = parts.balancer(within=within)
    parts.listener(lb, parts.target_group(within=within), ssl_policy=policy)
    return lb


@breaks(
    "balancer-name",
    "aws:lb/loadBalancer:LoadBalancer 'lb': name is \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"; allowed: 1 to "
    "32 of A-Z, a-z, 0-9 and -, no - at either end, not internal-*.",
)
def name_of_33():
    parts.balancer(name="a" * 33)


@breaks(
    "balancer-name",
    "aws:lb/loadBalancer:LoadBalancer 'lb': name is \"internal-shop\"; allowed: 1 to 32 of A-Z, a-z, 0-9 "
    "and -, no - at either end, not internal-*.",
)
def internal_name():
    parts.balancer(name="internal-shop")


@breaks(
    "balancer-name",
    "aws:lb/loadBalancer:LoadBalancer 'lb': name is \"-shop\"; allowed: 1 to 32 of A-Z, a-z, 0-9 and -, no "
    "- at either end, not internal-*.",
)
def hyphen_at_the_edge():
    parts.balancer(name="-shop")


@breaks(
    "balancer-name",
    "aws:lb/loadBalancer:LoadBalancer 'lb': name is \"the_shop\"; allowed: 1 to 32 of A-Z, a-z, 0-9 and -, "
    "no - at either end, not internal-*.",
)
def underscore_in_a_balancers_name():
    parts.balancer(name="the_shop")


@keeps("balancer-name")
def name_of_32():
    parts.balancer(name="a" * 32)


@breaks(
    "balancer-type",
    "aws:lb/loadBalancer:LoadBalancer 'lb': loadBalancerType is \"classic\"; allowed: application or "
    "network or gateway.",
)
def classic_balancer():
    aws.lb.LoadBalancer("lb", load_balancer_type="classic")


@keeps("balancer-type")
def network_balancer():
    aws.lb.LoadBalancer("lb", load_balancer_type="network", subnets=["subnet-1"])


@breaks(
    "balancer-two-zones",
    "aws:lb/loadBalancer:LoadBalancer 'lb': subnets is [\"us-east-1a\"]; allowed: two or more, each in a "
    "zone of its own.",
)
def one_subnet():
    parts.balancer(subnets=[parts.subnet(parts.vpc("one")).id])


@breaks(
    "balancer-two-zones",
    'aws:lb/loadBalancer:LoadBalancer \'lb\': subnets is ["us-east-1a", "us-east-1a"]; allowed: two or '
    "more, each in a zone of its own.",
)
def two_subnets_of_one_zone():
    within = parts.vpc("one")
    parts.balancer(subnets=[parts.subnet(within).id, parts.subnet(within, cidr="10.0.1.0/24").id])


@keeps("balancer-two-zones")
def two_zones():
    parts.balancer()


@breaks(
    "balancer-subnet-size",
    "aws:lb/loadBalancer:LoadBalancer 'lb': subnets is \"subnet-a-10.0.0.0: 10.0.0.0/28\"; allowed: "
    "subnets of /27 or larger.",
)
def small_subnets():
    within = parts.vpc()
    both = [parts.subnet(within, "a", "10.0.0.0/28"), parts.subnet(within, "b", "10.0.1.0/27")]
    parts.balancer(subnets=[each.id for each in both], internal=True)


@keeps("balancer-subnet-size")
def subnets_of_27():
    within = parts.vpc()
    both = [parts.subnet(within, "a", "10.0.0.0/27"), parts.subnet(within, "b", "10.0.1.0/27")]
    parts.balancer(subnets=[each.id for each in both], internal=True)


@breaks(
    "balancer-group-of-its-vpc",
    "aws:lb/loadBalancer:LoadBalancer 'lb': securityGroups is \"other\"; allowed: groups of its own VPC.",
)
def security_group_of_another_vpc():
    group = parts.security_group("other", parts.vpc("other", "10.1.0.0/16"))
    parts.balancer(within=parts.vpc(), security_groups=[group.id])


@keeps("balancer-group-of-its-vpc")
def security_group_of_its_vpc():
    within = parts.vpc()
    parts.balancer(within=within, security_groups=[parts.security_group("lb", within).id])


@breaks(
    "balancer-invalid-headers",
    "aws:lb/loadBalancer:LoadBalancer 'lb': dropInvalidHeaderFields is not set; allowed: true.",
)
def invalid_headers_pass():
    aws.lb.LoadBalancer("lb", subnets=[each.id for each in parts.subnets(parts.vpc())])


@breaks(
    "listener-port",
    "aws:lb/listener:Listener 'listener': port is 70000; allowed: 1 to 65535.",
)
def listens_on_70000():
    listening(port=70_000)


@keeps("listener-port")
def listens_on_65535():
    listening(port=65_535)


@breaks(
    "listener-port-once",
    "aws:lb/listener:Listener 'one': port is 443; allowed: a port of lb that no other listener has.",
    "aws:lb/listener:Listener 'two': port is 443; allowed: a port of lb that no other listener has.",
)
def two_listeners_on_a_port():
    within = parts.vpc()
    lb, group = parts.balancer(within=within), parts.target_group(within=within)
    parts.listener(lb, group, "one")
    parts.listener(lb, group, "two")


@keeps("listener-port-once")
def two_listeners_on_two_ports():
    within = parts.vpc()
    lb, group = parts.balancer(within=within), parts.target_group(within=within)
    parts.listener(lb, group, "one")
    parts.listener(lb, group, "two", port=8443)


@breaks(
    "listener-certificate",
    "aws:lb/listener:Listener 'listener': certificateArn is not set; allowed: the ARN of a certificate "
    "in the load balancer's region.",
)
def https_without_a_certificate():
    listening(certificate_arn=None)


@keeps("listener-certificate")
def http_without_a_certificate():
    listening(port=80, protocol="HTTP", certificate_arn=None, ssl_policy=None)


@breaks(
    "listener-plain-has-no-certificate",
    "aws:lb/listener:Listener 'listener': certificateArn is "
    '"arn:aws:acm:us-east-1:123456789012:certificate/made-elsewhere"; allowed: not set on an HTTP '
    "listener.",
)
def http_with_a_certificate():
    listening(protocol="HTTP", ssl_policy=None)


@breaks(
    "listener-tls-policy",
    "aws:lb/listener:Listener 'listener': sslPolicy is not set; allowed: a policy that begins with "
    "ELBSecurityPolicy-TLS13-1-2.",
)
def old_tls_by_default():
    listening(ssl_policy=None)


@breaks(
    "listener-tls-policy",
    "aws:lb/listener:Listener 'listener': sslPolicy is \"ELBSecurityPolicy-2016-08\"; allowed: a policy "
    "that begins with ELBSecurityPolicy-TLS13-1-2.",
)
def old_tls_by_name():
    listening(ssl_policy="ELBSecurityPolicy-2016-08")


@keeps("listener-tls-policy")
def tls_of_2021():
    listening(ssl_policy="ELBSecurityPolicy-TLS13-1-2-2021-06")


@breaks(
    "listener-tls-for-the-cdn",
    "aws:lb/listener:Listener 'listener': sslPolicy is \"ELBSecurityPolicy-TLS13-1-3-2021-06\"; allowed: a "
    "policy with TLS 1.2 behind CloudFront.",
)
def tls_13_alone_behind_a_cdn():
    distribution(behind_a_cdn("ELBSecurityPolicy-TLS13-1-3-2021-06"))


@keeps("listener-tls-for-the-cdn")
def tls_13_alone_with_no_cdn():
    behind_a_cdn("ELBSecurityPolicy-TLS13-1-3-2021-06")


def distribution(lb):
    parts.distribution(origins=[parts.custom_origin(lb.dns_name)])


def certificate(**more):
    return aws.acm.Certificate("c", domain_name="shop.bigpicture.dev", validation_method="DNS", **more)


@breaks(
    "certificate-is-validated",
    "aws:lb/listener:Listener 'listener': certificateArn is \"c\"; allowed: the ARN that a "
    "CertificateValidation hands out.",
)
def certificate_taken_past_its_validation():
    listening(certificate_arn=certificate().arn)


@keeps("certificate-is-validated")
def certificate_by_its_validation():
    validated = aws.acm.CertificateValidation("v", certificate_arn=certificate().arn)
    listening(certificate_arn=validated.certificate_arn)


@breaks(
    "listener-certificate-region",
    "aws:lb/listener:Listener 'listener': certificateArn is \"c in eu-west-1\"; allowed: a certificate in us-east-1.",
)
def certificate_of_another_region():
    made = certificate(region="eu-west-1")
    validated = aws.acm.CertificateValidation("v", certificate_arn=made.arn, region="eu-west-1")
    listening(certificate_arn=parts.pulumi.Output.all(made.arn, validated.certificate_arn).apply(lambda both: both[0]))


@breaks(
    "redirect-code",
    "aws:lb/listener:Listener 'listener': defaultActions[0].redirect.statusCode is \"HTTP_307\"; allowed: "
    "HTTP_301 or HTTP_302.",
)
def redirect_by_307():
    action = aws.lb.ListenerDefaultActionArgs(
        type="redirect", redirect=aws.lb.ListenerDefaultActionRedirectArgs(status_code="HTTP_307", protocol="HTTPS")
    )
    listening(default_actions=[action])


@keeps("redirect-code")
def redirect_by_301():
    action = aws.lb.ListenerDefaultActionArgs(
        type="redirect", redirect=aws.lb.ListenerDefaultActionRedirectArgs(status_code="HTTP_301", port="8443")
    )
    listening(default_actions=[action])
