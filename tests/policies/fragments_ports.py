"""Fragments about the ports that security groups open to load balancers and to the servers behind them."""

import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps
from tests.policies.fragments_fleets import group
from tests.policies.fragments_launch_templates import launched, template

EVERYWHERE = "0.0.0.0/0"


def lets_in(name, into, port, **end):
    return aws.vpc.SecurityGroupIngressRule(
        name, security_group_id=into.id, ip_protocol="tcp", from_port=port, to_port=port, **end
    )


def listening(port, *, opened, **more):
    """A listener on *port* of a load balancer whose one group opens another."""
    within = parts.vpc()
    of_balancer = parts.security_group("web", within)
    lets_in("in", of_balancer, opened, cidr_ipv4=EVERYWHERE)
    parts.lets_out(of_balancer)
    lb = parts.balancer(within=within, security_groups=[of_balancer.id])
    parts.listener(lb, parts.target_group(within=within), port=port, **more)


def calling(*ports):
    """A load balancer whose one group lets it out to these ports alone."""
    within = parts.vpc()
    web = parts.security_group("web", within)
    lets_in("in", web, 443, cidr_ipv4=EVERYWHERE)
    for port in ports:
        aws.vpc.SecurityGroupEgressRule(f"out-{port}", security_group_id=web.id, ip_protocol="tcp", from_port=port,
                                        to_port=port, cidr_ipv4="10.0.0.0/16")  # fmt: skip
    parts.listener(parts.balancer(within=within, security_groups=[web.id]), parts.target_group(within=within))


def served(*, opened=(8080,), to="balancer", health=None, mixed=False):
    """A fleet behind a load balancer whose servers open *opened* to the balancer's group, or to another one."""
    within = parts.vpc()
    of_balancer, of_servers, other = (parts.security_group(name, within) for name in ("web", "servers", "other"))
    aws.vpc.SecurityGroupIngressRule("all", security_group_id=of_balancer.id, ip_protocol="-1", cidr_ipv4="10.0.0.0/8")
    parts.lets_out(of_balancer)
    for port in opened:
        source = of_balancer if to == "balancer" else other
        lets_in("in", of_servers, port, referenced_security_group_id=source.id)
    check = aws.lb.TargetGroupHealthCheckArgs(port=health) if health else None
    target = parts.target_group(within=within, health_check=check)
    parts.listener(parts.balancer(within=within, security_groups=[of_balancer.id]), target)
    servers = template(vpc_security_group_ids=[of_servers.id])
    elb = {"health_check_type": "ELB", "health_check_grace_period": 60, "target_group_arns": [target.arn]}
    if not mixed:
        group(launch_template=launched(servers), **elb)
        return
    spec = {"launch_template_id": servers.id, "version": servers.latest_version.apply(lambda number: str(int(number)))}
    policy = {"launch_template": {"launch_template_specification": spec}}
    group(mixed_instances_policy=policy, launch_template=None, **elb)


@breaks(
    "listener-port-is-open",
    "aws:lb/listener:Listener 'listener': port is 8443; allowed: a port that web opens.",
)
def listener_behind_a_closed_port():
    listening(8443, opened=443)


@breaks(
    "listener-port-is-open",
    "aws:lb/listener:Listener 'listener': port is 443; allowed: a port that web opens.",
)
def listener_of_a_group_that_opens_nothing():
    within = parts.vpc()
    lb = parts.balancer(within=within, security_groups=[parts.security_group("web", within).id])
    parts.listener(lb, parts.target_group(within=within))


@breaks(
    "listener-port-is-open",
    "aws:lb/listener:Listener 'listener': port is 443; allowed: a port that web opens.",
)
def listener_of_a_group_with_rules_inside():
    within = parts.vpc()
    inside = aws.ec2.SecurityGroupIngressArgs(protocol="tcp", from_port=80, to_port=80, cidr_blocks=[EVERYWHERE])
    web = parts.security_group("web", within, ingress=[inside])
    parts.listener(parts.balancer(within=within, security_groups=[web.id]), parts.target_group(within=within))


@keeps("listener-port-is-open")
def listener_behind_an_open_port():
    listening(8443, opened=8443)


@keeps("listener-port-is-open")
def listener_behind_an_older_rule():
    within = parts.vpc()
    web = parts.security_group("web", within)
    given = {"type": "ingress", "protocol": "tcp", "from_port": 400, "to_port": 443, "cidr_blocks": [EVERYWHERE]}
    aws.ec2.SecurityGroupRule("in", security_group_id=web.id, **given)
    parts.lets_out(web)
    parts.listener(parts.balancer(within=within, security_groups=[web.id]), parts.target_group(within=within))


@keeps("listener-port-is-open")
def listener_behind_a_port_that_is_not_known_yet():
    within = parts.vpc()
    web = parts.security_group("web", within)
    aws.vpc.SecurityGroupIngressRule(
        "in",
        security_group_id=web.id,
        ip_protocol="tcp",
        from_port=443,
        to_port=web.owner_id.apply(len),
        cidr_ipv4=EVERYWHERE,
    )
    parts.lets_out(web)
    parts.listener(parts.balancer(within=within, security_groups=[web.id]), parts.target_group(within=within))


@keeps("listener-port-is-open")
def listener_of_a_group_of_another_program():
    within = parts.vpc()
    made_here = parts.security_group("web", within)
    lb = parts.balancer(within=within, security_groups=[made_here.id, "sg-0123456789abcdef0"])
    parts.listener(lb, parts.target_group(within=within))


@breaks(
    "target-port-is-open",
    "aws:lb/targetGroup:TargetGroup 'tg': port is 8080; allowed: a port that servers opens to lb.",
)
def servers_that_open_another_port():
    served(opened=(80,))


@breaks(
    "target-port-is-open",
    "aws:lb/targetGroup:TargetGroup 'tg': port is 8080; allowed: a port that servers opens to lb.",
)
def servers_that_open_to_another_group():
    served(to="other")


@breaks(
    "target-port-is-open",
    "aws:lb/targetGroup:TargetGroup 'tg': port is 8080; allowed: a port that servers opens to lb.",
)
def servers_that_open_nothing():
    served(opened=())


@breaks(
    "target-port-is-open",
    "aws:lb/targetGroup:TargetGroup 'tg': port is 8080; allowed: a port that servers opens to lb.",
)
def mixed_servers_that_open_another_port():
    served(opened=(80,), mixed=True)


@keeps("target-port-is-open")
def mixed_servers_that_open_to_the_balancer():
    served(mixed=True)


@breaks(
    "target-port-is-open",
    "aws:lb/targetGroup:TargetGroup 'tg': healthCheck.port is \"9000\"; allowed: a port that servers opens to lb.",
)
def servers_that_are_asked_at_a_closed_port():
    served(health="9000")


@keeps("target-port-is-open")
def servers_that_open_to_the_balancer():
    served()


@keeps("target-port-is-open")
def servers_that_are_asked_where_they_serve():
    served(health="traffic-port")


@breaks(
    "target-port-is-called",
    "aws:lb/targetGroup:TargetGroup 'tg': port is 8080; allowed: a port that web of lb lets out to.",
)
def balancer_that_calls_another_port():
    calling(9090)


@breaks(
    "target-port-is-called",
    "aws:lb/targetGroup:TargetGroup 'tg': port is 8080; allowed: a port that web of lb lets out to.",
)
def balancer_that_calls_nobody():
    calling()


@keeps("target-port-is-called")
def balancer_that_calls_its_targets():
    calling(8080)
