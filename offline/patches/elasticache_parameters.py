"""ElastiCache parameter groups: moto 5.2.5 has none of their operations (NotImplementedError on each)."""

from typing import Any

from moto.elasticache.models import ElastiCacheBackend

from offline.patches.overlay import Answer, Call, Refusal, answers, memory_of
from offline.patches.swap import replaces

EVICTION_POLICIES = (
    "volatile-lru,allkeys-lru,volatile-lfu,allkeys-lfu,volatile-random,allkeys-random,volatile-ttl,noeviction"
)
# fmt: off
PARAMETERS = {
    # name: (default, allowed values, data type, change type); the ones of redis7, valkey7 and valkey8, from
    # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
    "acllog-max-len":                        ("128", "1-10000", "integer", "immediate"),
    "active-defrag-cycle-max":               ("75", "1-75", "integer", "immediate"),
    "active-defrag-cycle-min":               ("5", "1-75", "integer", "immediate"),
    "active-defrag-ignore-bytes":            ("104857600", "1048576-", "integer", "immediate"),
    "active-defrag-threshold-lower":         ("10", "1-100", "integer", "immediate"),
    "active-defrag-threshold-upper":         ("100", "1-100", "integer", "immediate"),
    "activedefrag":                          ("no", "yes,no", "string", "immediate"),
    "activerehashing":                       ("yes", "yes,no", "string", "requires-reboot"),
    "client-output-buffer-limit-pubsub-hard-limit":    ("33554432", "0-", "integer", "immediate"),
    "client-output-buffer-limit-pubsub-soft-limit":    ("8388608", "0-", "integer", "immediate"),
    "client-output-buffer-limit-pubsub-soft-seconds":  ("60", "0-", "integer", "immediate"),
    "close-on-replica-write":                ("yes", "yes,no", "string", "immediate"),
    "cluster-allow-pubsubshard-when-down":   ("yes", "yes,no", "string", "immediate"),
    "cluster-allow-reads-when-down":         ("no", "yes,no", "string", "immediate"),
    "cluster-enabled":                       ("no", "yes,no", "string", "requires-reboot"),
    "cluster-require-full-coverage":         ("no", "yes,no", "string", "immediate"),
    "databases":                             ("16", "1-10000", "integer", "requires-reboot"),
    "hash-max-listpack-entries":             ("512", "0-", "integer", "immediate"),
    "hash-max-listpack-value":               ("64", "0-", "integer", "immediate"),
    "hll-sparse-max-bytes":                  ("3000", "1-16000", "integer", "immediate"),
    "latency-tracking":                      ("no", "yes,no", "string", "immediate"),
    "lazyfree-lazy-eviction":                ("no", "yes,no", "string", "immediate"),
    "lazyfree-lazy-expire":                  ("no", "yes,no", "string", "immediate"),
    "lazyfree-lazy-server-del":              ("no", "yes,no", "string", "immediate"),
    "lazyfree-lazy-user-del":                ("no", "yes,no", "string", "immediate"),
    "lfu-decay-time":                        ("1", "0-", "integer", "immediate"),
    "lfu-log-factor":                        ("10", "1-", "integer", "immediate"),
    "list-compress-depth":                   ("0", "0-", "integer", "immediate"),
    "list-max-listpack-size":                ("-2", "-5,-4,-3,-2,-1,1-", "integer", "immediate"),
    "lua-replicate-commands":                ("yes", "yes,no", "string", "immediate"),
    "maxmemory-clients":                     ("0", "0-", "string", "immediate"),
    "maxmemory-policy":                      ("volatile-lru", EVICTION_POLICIES, "string", "immediate"),
    "maxmemory-samples":                     ("3", "1-", "integer", "immediate"),
    "min-replicas-max-lag":                  ("10", "0-", "integer", "immediate"),
    "min-replicas-to-write":                 ("0", "0-", "integer", "immediate"),
    "notify-keyspace-events":                ("", "", "string", "immediate"),
    "proto-max-bulk-len":                    ("536870912", "1048576-536870912", "integer", "immediate"),
    "rename-commands":                       ("", "", "string", "immediate"),
    "repl-backlog-size":                     ("1048576", "16384-", "integer", "immediate"),
    "repl-backlog-ttl":                      ("3600", "0-", "integer", "immediate"),
    "replica-allow-chaining":                ("no", "no", "string", "immediate"),
    "replicas-per-node-group":               ("5", "0-5", "integer", "immediate"),
    "reserved-memory-percent":               ("25", "0-100", "integer", "immediate"),
    "set-max-intset-entries":                ("512", "0-", "integer", "immediate"),
    "slowlog-log-slower-than":               ("10000", "-", "integer", "immediate"),
    "slowlog-max-len":                       ("128", "0-", "integer", "immediate"),
    "stream-node-max-bytes":                 ("4096", "0-", "integer", "immediate"),
    "stream-node-max-entries":               ("100", "0-", "integer", "immediate"),
    "tcp-keepalive":                         ("300", "0-", "integer", "requires-reboot"),
    "timeout":                               ("0", "0,20-", "integer", "immediate"),
    "tracking-table-max-keys":               ("1000000", "1-100000000", "integer", "immediate"),
    "zset-max-listpack-entries":             ("128", "0-", "integer", "immediate"),
    "zset-max-listpack-value":               ("64", "0-", "integer", "immediate"),
}
# fmt: on
FAMILIES = ("redis6.x", "redis7", "valkey7", "valkey8", "valkey9")
READ_ONLY = {"lua-replicate-commands", "replica-allow-chaining", "rename-commands", "replicas-per-node-group"}


def parameter_group(backend: Any, name: str) -> dict[str, Any]:
    """The group *name* with its own values, AWS's default groups included; a Refusal when there is none."""
    groups = memory_of(backend, "parameter groups")
    for family in FAMILIES:
        for suffix, values in (("", {}), (".cluster.on", {"cluster-enabled": "yes"})):
            groups.setdefault(f"default.{family}{suffix}", _group(backend, f"default.{family}{suffix}", family, values))
    if name not in groups:
        raise Refusal("CacheParameterGroupNotFound", f"CacheParameterGroup {name} not found.")
    return groups[name]


def _group(backend: Any, name: str, family: str, values: dict[str, str], description: str = "") -> dict[str, Any]:
    arn = f"arn:aws:elasticache:{backend.region_name}:{backend.account_id}:parametergroup:{name}"
    shown = {
        "CacheParameterGroupName": name,
        "CacheParameterGroupFamily": family,
        "Description": description or f"Default parameter group for {family}",
        "IsGlobal": False,
        "ARN": arn,
    }
    return {"shown": shown, "values": dict(values)}


@answers("elasticache", "CreateCacheParameterGroup")
def create_group(call: Call) -> Answer:
    """The name is lower-cased, as AWS stores it."""
    name, family = call.params["CacheParameterGroupName"].lower(), call.params["CacheParameterGroupFamily"]
    if family not in FAMILIES:
        raise Refusal(
            "InvalidParameterValue", f"CacheParameterGroupFamily {family} is not a valid parameter group family"
        )
    if name in call.memory("parameter groups") or name.startswith("default."):
        raise Refusal("CacheParameterGroupAlreadyExists", f"CacheParameterGroup {name} already exists.")
    group = _group(call.backend, name, family, {}, call.params["Description"])
    call.memory("parameter groups")[name] = group
    call.backend.tagging_service.tag_resource(group["shown"]["ARN"], call.params.get("Tags", []))
    return {"CacheParameterGroup": group["shown"]}


@answers("elasticache", "DescribeCacheParameterGroups")
def describe_groups(call: Call) -> Answer:
    """Show one group, or all, AWS's default groups among them."""
    name = call.params.get("CacheParameterGroupName")
    if name:
        return {"CacheParameterGroups": [parameter_group(call.backend, name)["shown"]]}
    parameter_group(call.backend, f"default.{FAMILIES[0]}")
    return {"CacheParameterGroups": [group["shown"] for group in call.memory("parameter groups").values()]}


@answers("elasticache", "ModifyCacheParameterGroup")
def modify_group(call: Call) -> Answer:
    """All or nothing: a parameter that AWS would refuse changes none of the others."""
    name = call.params["CacheParameterGroupName"]
    group = parameter_group(call.backend, name)
    if name.startswith("default."):
        raise Refusal("InvalidCacheParameterGroupState", f"Default parameter group {name} cannot be modified.")
    given = {row["ParameterName"]: row["ParameterValue"] for row in call.params["ParameterNameValues"]}
    for parameter, value in given.items():
        _check(parameter, value)
    group["values"].update(given)
    return {"CacheParameterGroupName": name}


def _check(parameter: str, value: str) -> None:
    if parameter not in PARAMETERS:
        raise Refusal("InvalidParameterValue", f"The parameter {parameter} cannot be found.")
    if parameter in READ_ONLY:
        raise Refusal("InvalidParameterValue", f"The parameter {parameter} cannot be modified.")
    allowed = PARAMETERS[parameter][1]
    if allowed and not any(_fits(value, choice) for choice in allowed.split(",")):
        raise Refusal("InvalidParameterValue", f"{value} is not a valid value for {parameter}; allowed: {allowed}.")


def _fits(value: str, choice: str) -> bool:
    """Match one choice of an allowed-values list: a word, or a range of integers whose upper end may be open."""
    low, dash, high = choice.partition("-") if not choice.startswith("-") else (choice, "", "")
    if choice == "-":
        return value.lstrip("-").isdigit()
    if not (dash and low.isdigit()):
        return value == choice
    return value.isdigit() and int(low) <= int(value) <= (int(high) if high else int(value))


@answers("elasticache", "ResetCacheParameterGroup")
def reset_group(call: Call) -> Answer:
    """Return the named parameters, or all, to the family's defaults."""
    values = parameter_group(call.backend, call.params["CacheParameterGroupName"])["values"]
    names = [row["ParameterName"] for row in call.params.get("ParameterNameValues", [])]
    for name in list(values) if call.params.get("ResetAllParameters") else names:
        values.pop(name, None)
    return {"CacheParameterGroupName": call.params["CacheParameterGroupName"]}


@answers("elasticache", "DescribeCacheParameters")
def describe_parameters(call: Call) -> Answer:
    """With Source=user only the values that were set, as AWS does."""
    group = parameter_group(call.backend, call.params["CacheParameterGroupName"])
    rows = [_row(name, group["values"]) for name in PARAMETERS]
    source = call.params.get("Source")
    return {"Parameters": [row for row in rows if source in (None, row["Source"])]}


def _row(name: str, values: dict[str, str]) -> dict[str, Any]:
    default, allowed, data_type, change_type = PARAMETERS[name]
    return {
        "ParameterName": name,
        "ParameterValue": values.get(name, default),
        "Source": "user" if name in values else "system",
        "DataType": data_type,
        "AllowedValues": allowed,
        "IsModifiable": name not in READ_ONLY,
        "MinimumEngineVersion": "7.0.0",
        "ChangeType": change_type,
    }


@answers("elasticache", "DeleteCacheParameterGroup")
def delete_group(call: Call) -> Answer:
    """Refused while a replication group uses it, as AWS does."""
    name = call.params["CacheParameterGroupName"]
    parameter_group(call.backend, name)
    users = [
        group["id"] for group in call.memory("replication groups").values() if group["CacheParameterGroupName"] == name
    ]
    if users or name.startswith("default."):
        raise Refusal("InvalidCacheParameterGroupState", f"CacheParameterGroup {name} is in use by {users or 'AWS'}.")
    del call.memory("parameter groups")[name]
    return {}


@replaces(ElastiCacheBackend, "list_tags_for_resource")
def tags_of_parameter_groups(original: Any, backend: ElastiCacheBackend, arn: str) -> Any:
    """Moto answers InvalidARN for the ARN of a parameter group, because it knows none."""
    if ":parametergroup:" in arn:
        return backend.tagging_service.list_tags_for_resource(arn)
    return original(backend, arn)
