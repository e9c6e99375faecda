"""Route 53: a record that exists is not created once more."""

from typing import Any

from moto.route53.exceptions import ResourceRecordAlreadyExists
from moto.route53.models import Route53Backend

from offline.patches.swap import replaces


@replaces(Route53Backend, "change_resource_record_sets")
def existing_records_are_not_created(
    original: Any, backend: Route53Backend, zoneid: str, change_list: list[dict[str, Any]]
) -> None:
    """Refuse to CREATE a simple record that exists; moto refuses only the very same change, and else keeps both."""
    held = {(record.name.rstrip("."), record.type) for record in backend.get_hosted_zone(zoneid).rrsets}
    for change in change_list:
        wanted = change["ResourceRecordSet"]
        name, kind = wanted["Name"].rstrip("."), wanted["Type"]
        if change["Action"] == "CREATE" and "SetIdentifier" not in wanted and (name, kind) in held:
            raise ResourceRecordAlreadyExists(name=f"{name}.", _type=kind)
    original(backend, zoneid, change_list)
