"""Load balancers as AWS shows them: health-check logs, and no TLS policy where there is no TLS."""

from typing import Any

from moto.elbv2.models import ELBv2Backend

from offline.patches.swap import replaces

HEALTH_CHECK_LOGS = ("health_check_logs.s3.bucket", "health_check_logs.s3.prefix")


@replaces(ELBv2Backend, "modify_load_balancer_attributes")
def health_check_logs_have_a_bucket(
    original: Any, backend: ELBv2Backend, arn: str, attrs: dict[str, Any]
) -> dict[str, Any]:
    """Moto knows the switch of the health-check logs and refuses their bucket and prefix."""
    held = original(backend, arn, {key: value for key, value in attrs.items() if key not in HEALTH_CHECK_LOGS})
    held.update({key: attrs[key] for key in HEALTH_CHECK_LOGS if key in attrs})
    return held


@replaces(ELBv2Backend, "create_listener")
def only_encrypted_listeners_have_a_policy(original: Any, backend: ELBv2Backend, *args: Any, **more: Any) -> Any:
    """Moto shows ELBSecurityPolicy-2016-08 for HTTP listeners too."""
    listener = original(backend, *args, **more)
    if listener.protocol not in ("HTTPS", "TLS"):
        listener.ssl_policy = None
    return listener
