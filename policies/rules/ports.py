"""Rules of the ports that security groups open on the way of a request: to the load balancer, and on to its servers."""

from __future__ import annotations

from collections.abc import Iterator

from policies.openings import exits, known_groups, openings
from policies.resource import Resource
from policies.rule import stack_rule
from policies.rules.fleets import GROUP as FLEET
from policies.rules.fleets import TEMPLATE
from policies.rules.load_balancer import BALANCER, GUIDE, LISTENER, LISTENER_RULE, TARGET_GROUP
from policies.stack import Stack
from policies.values import Fault

TCP = ("HTTP", "HTTPS", "TCP", "TLS", "")
"""Protocols of listeners and target groups that are TCP alone; ports of others are opened for UDP as well."""


@stack_rule(LISTENER, source=f"{GUIDE}load-balancer-update-security-groups.html",
            fix="open the listener's port in a security group of the load balancer")  # fmt: skip
def listener_port_is_open(listener: Resource, stack: Stack) -> Iterator[Fault]:
    """A listener on a port that no security group of its load balancer opens hears nobody."""
    port = listener.number("port")
    for balancer in stack.referred(listener, "loadBalancerArn", BALANCER):
        groups = known_groups(balancer, "securityGroups", stack)
        open_ = [each for group in groups for each in openings(group, stack)]
        if groups and port and listener.text("protocol") in TCP and not any(each.admits(port) for each in open_):
            allowed = f"a port that {' or '.join(each.name for each in groups)} opens"
            yield listener.fault("port", allowed)


@stack_rule(TARGET_GROUP, source=f"{GUIDE}load-balancer-update-security-groups.html",
            fix="let the load balancer's security group in on this port of the servers")  # fmt: skip
def target_port_is_open(group: Resource, stack: Stack) -> Iterator[Fault]:
    """A server whose security groups do not let the load balancer in is never healthy, and is replaced for ever."""
    servers = _of_servers(group, stack)
    open_ = [each for server in servers for each in openings(server, stack)]
    for balancer in _balancers(group, stack) if servers and group.text("protocol") in TCP else []:
        callers = frozenset(each.urn for each in known_groups(balancer, "securityGroups", stack))
        for path, port in _ports(group):
            if port and not any(each.admits(port, callers) for each in open_):
                names = " or ".join(each.name for each in servers)
                yield group.fault(path, f"a port that {names} opens to {balancer.name}")


@stack_rule(TARGET_GROUP, source=f"{GUIDE}load-balancer-update-security-groups.html",
            fix="let the load balancer's security group out to this port of the servers")  # fmt: skip
def target_port_is_called(group: Resource, stack: Stack) -> Iterator[Fault]:
    """A load balancer whose security groups do not let it out to its targets finds none of them healthy."""
    servers = frozenset(each.urn for each in _of_servers(group, stack))
    for balancer in _balancers(group, stack) if group.text("protocol") in TCP else []:
        callers = known_groups(balancer, "securityGroups", stack)
        out = [each for caller in callers for each in exits(caller, stack)]
        for path, port in _ports(group):
            if callers and port and not any(each.admits(port, servers) for each in out):
                names = " or ".join(each.name for each in callers)
                yield group.fault(path, f"a port that {names} of {balancer.name} lets out to")


def _of_servers(group: Resource, stack: Stack) -> list[Resource]:
    """The security groups of the servers that join *group* as a fleet's."""
    return [found for fleet in stack.referring(FLEET, "targetGroupArns", group)
            for way in ("launchTemplate", "mixedInstancesPolicy")
            for template in stack.referred(fleet, way, TEMPLATE)
            for found in known_groups(template, "vpcSecurityGroupIds", stack)]  # fmt: skip


def _ports(group: Resource) -> list[tuple[str, float | None]]:
    return [(path, group.number(path)) for path in ("port", "healthCheck.port") if group.is_known(path)]


def _balancers(group: Resource, stack: Stack) -> list[Resource]:
    """The load balancers that lead to *group*, by a default action or by a rule; each once."""
    rules = stack.referring(LISTENER_RULE, "actions", group)
    listeners = [*stack.referring(LISTENER, "defaultActions", group)]
    listeners += [found for each in rules for found in stack.referred(each, "listenerArn", LISTENER)]
    found = [each for listener in listeners for each in stack.referred(listener, "loadBalancerArn", BALANCER)]
    return list(dict.fromkeys(found))
