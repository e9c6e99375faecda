"""CloudWatch: composite alarms, which moto 5.2.5 lacks, and the state of an alarm that has seen no data yet."""

import re
from typing import Any

from moto.cloudwatch.models import Alarm
from moto.core.utils import utcnow

from offline.patches.overlay import Answer, Call, Refusal, amends, answers, checks
from offline.patches.swap import replaces

NAMED = re.compile(r"(?:ALARM|OK|INSUFFICIENT_DATA)\(\s*[\"']?([^\"')]+?)[\"']?\s*\)")
"""The alarms that a rule names: `ALARM("a") AND NOT OK(b)`, by name or by ARN."""


@replaces(Alarm, "__init__")
def a_new_alarm_has_no_data(original: Any, alarm: Alarm, *args: Any, **kwargs: Any) -> None:
    """Moto calls a new alarm OK, which no metric has said."""
    original(alarm, *args, **kwargs)
    alarm.state_value = "INSUFFICIENT_DATA"
    alarm.state_reason = "Unchecked: Initial alarm creation"


def _names(call: Call) -> set[str]:
    return {*call.backend.alarms, *call.memory("composite alarms")}


@answers("cloudwatch", "PutCompositeAlarm")
def put_composite(call: Call) -> Answer:
    """Every alarm that the rule or the suppressor names must exist, as on AWS."""
    params, now = call.params, utcnow()
    asked = NAMED.findall(params["AlarmRule"]) + [params[name] for name in ("ActionsSuppressor",) if name in params]
    missing = sorted({name.rpartition(":alarm:")[2] for name in asked} - _names(call))
    if missing or not asked:
        raise Refusal("ValidationError", f"AlarmRule names alarms that do not exist: {missing}")
    arn = f"arn:aws:cloudwatch:{call.region}:{call.account_id}:alarm:{params['AlarmName']}"
    alarm = {"ActionsEnabled": True, "OKActions": [], "AlarmActions": [], "InsufficientDataActions": [], **params}
    alarm |= {"AlarmArn": arn, "StateValue": "INSUFFICIENT_DATA", "StateUpdatedTimestamp": now}
    alarm |= {"AlarmConfigurationUpdatedTimestamp": now, "StateReason": "Unchecked: Initial alarm creation"}
    call.memory("composite alarms")[params["AlarmName"]] = alarm
    call.backend.tagger.tag_resource(arn, params.get("Tags", []))
    return {}


@amends("cloudwatch", "DescribeAlarms")
def show_composites(call: Call, answer: Answer) -> None:
    """AWS lists composite alarms when their type, or one by name, is asked for; metric alarms are the default."""
    params, kept = call.params, call.memory("composite alarms")
    types, names = params.get("AlarmTypes", ["MetricAlarm"]), params.get("AlarmNames")
    if "MetricAlarm" not in types:
        answer["MetricAlarms"] = []
    if "CompositeAlarm" not in types:
        return
    chosen = [row for name, row in kept.items() if not names or name in names]
    answer["CompositeAlarms"] = [
        row for row in chosen if row["AlarmName"].startswith(params.get("AlarmNamePrefix", ""))
    ]


@checks("cloudwatch", "DeleteAlarms")
def delete_composites(call: Call) -> None:
    """Moto deletes the metric alarms; one that a composite alarm still names stays, as on AWS."""
    kept, going = call.memory("composite alarms"), set(call.params["AlarmNames"])
    for name, row in kept.items():
        needed = {asked.rpartition(":alarm:")[2] for asked in NAMED.findall(row["AlarmRule"])} & going
        if needed and name not in going:
            raise Refusal(
                "ValidationError", f"{sorted(needed)} cannot be deleted: the composite alarm {name} names them"
            )
    for name in going & set(kept):
        del kept[name]
