"""KMS keys and log groups: settings that moto 5.2.5 forgets, and a retention that CloudWatch Logs does not have."""

from offline.patches.keep import Keep, keeps
from offline.patches.overlay import Answer, Call, Refusal, amends, answers, checks

ROTATION_DAYS = 365
"""A key rotates yearly unless EnableKeyRotation says otherwise."""
# fmt: off
RETENTIONS = {
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
}
# fmt: on
"""The days for which a log group can keep its events: API reference, PutRetentionPolicy."""

# Moto shows no class; AWS shows STANDARD when none was given.
keeps(
    Keep(
        service="logs",
        creates="CreateLogGroup",
        key="logGroupName",
        settings=("logGroupClass", "deletionProtectionEnabled"),
        defaults={"logGroupClass": "STANDARD"},
        shown_by={"DescribeLogGroups": "logGroups"},
    )
)


@checks("logs", "PutRetentionPolicy")
def retention_is_one_of_a_set(call: Call) -> None:
    """Moto takes any number of days."""
    days = call.params["retentionInDays"]
    if days not in RETENTIONS:
        message = f"retentionInDays is {days}; allowed: {', '.join(map(str, sorted(RETENTIONS)))}"
        raise Refusal("InvalidParameterException", message)


def _key_id(call: Call) -> str:
    """The key's id, whatever the request calls it: id, ARN or alias."""
    return call.backend.get_key_id(call.backend.any_id_to_key_id(call.params["KeyId"]))


@amends("kms", "EnableKeyRotation")
def remember_rotation(call: Call, _: Answer) -> None:
    """Moto forgets the period."""
    call.memory("rotations")[_key_id(call)] = call.params.get("RotationPeriodInDays", ROTATION_DAYS)


@amends("kms", "GetKeyRotationStatus")
def show_rotation(call: Call, answer: Answer) -> None:
    """Show key and period."""
    answer["KeyId"] = _key_id(call)
    if answer["KeyRotationEnabled"]:
        answer["RotationPeriodInDays"] = call.memory("rotations").get(_key_id(call), ROTATION_DAYS)


@amends("kms", "ScheduleKeyDeletion")
def show_waiting_period(call: Call, answer: Answer) -> None:
    """Moto leaves the days out of its answer."""
    answer |= {"KeyState": "PendingDeletion", "PendingWindowInDays": call.params.get("PendingWindowInDays", 30)}


@answers("logs", "AssociateKmsKey", "DisassociateKmsKey")
def key_of_a_log_group(call: Call) -> Answer:
    """Missing in moto. What is written from now on is encrypted with the key, or with none of the customer's."""
    name = call.params["logGroupName"]
    if name not in call.backend.groups:
        raise Refusal("ResourceNotFoundException", "The specified log group does not exist.")
    call.backend.groups[name].kms_key_id = call.params.get("kmsKeyId")
    return {}
