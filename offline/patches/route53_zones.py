"""Route 53 zones and health checks as AWS keeps them."""

from typing import Any

from moto.route53.responses import Route53

from offline.patches.overlay import Answer, Call, amends
from offline.patches.swap import replaces


@replaces(Route53, "create_hosted_zone")
def a_zone_of_a_vpc_is_private(original: Any, response: Any) -> Any:
    """Moto forgets the VPC unless `PrivateZone` is asked for too; AWS goes by the VPC alone."""
    if "VPC" in response.params:
        response.params.setdefault("HostedZoneConfig", {})["PrivateZone"] = True
    return original(response)


@amends("route53", "CreateHostedZone", "GetHostedZone")
def a_private_zone_has_no_name_servers(_: Call, answer: Answer) -> None:
    """Moto shows a delegation set for a private zone too."""
    if answer["HostedZone"].get("Config", {}).get("PrivateZone"):
        answer.pop("DelegationSet", None)


@amends("route53", "CreateHealthCheck")
def remember_health_check(call: Call, answer: Answer) -> None:
    """Moto keeps half of the settings: not the alarm of a check that follows one, nor what no data means."""
    call.memory("health checks")[answer["HealthCheck"]["Id"]] = call.params["HealthCheckConfig"]


@amends("route53", "UpdateHealthCheck")
def change_health_check(call: Call, _: Answer) -> None:
    """Take over what the update names."""
    kept = call.memory("health checks").setdefault(call.params["HealthCheckId"], {})
    kept |= {name: value for name, value in call.params.items() if name not in ("HealthCheckId", "HealthCheckVersion")}


@amends("route53", "CreateHealthCheck", "UpdateHealthCheck", "GetHealthCheck", "ListHealthChecks")
def show_health_check(call: Call, answer: Answer) -> None:
    """Show the settings as they were given."""
    for check in answer.get("HealthChecks", [answer["HealthCheck"]] if "HealthCheck" in answer else []):
        check["HealthCheckConfig"] |= call.memory("health checks").get(check["Id"], {})
