"""Rules of DynamoDB tables."""

from __future__ import annotations

from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import Severity, resource_rule, stack_rule
from policies.stack import Stack
from policies.values import Fault, Properties, of_each

TABLE = "aws:dynamodb/table:Table"
TARGET = "aws:appautoscaling/target:Target"
API = "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_"
GUIDE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
LIMITS = f"{GUIDE}ServiceQuotas.html"


@resource_rule(TABLE, source=f"{API}CreateTable.html", fix="use 3 to 255 of the allowed characters")
def table_name(table: Resource) -> Iterator[Fault]:
    """A table's name has 3 to 255 letters, digits, dots, hyphens and underscores."""
    yield from table.matching("name", r"[A-Za-z0-9_.-]{3,255}", "3 to 255 of A-Z, a-z, 0-9, ., - and _")


@resource_rule(
    TABLE, source=f"{API}CreateTable.html", fix="list in attributes the keys of the table and its indexes, no more"
)
def table_attributes_are_keys(table: Resource) -> Iterator[Fault]:
    """DynamoDB wants exactly the attributes that are keys of the table or of an index, and refuses all others."""
    indexes = [*table.all_parts("globalSecondaryIndexes"), *table.all_parts("localSecondaryIndexes")]
    keys = {each.text(name) for each in [table, *indexes] for name in ("hashKey", "rangeKey")} - {""}
    keys |= {key.text("attributeName") for each in indexes for key in each.all_parts("keySchemas")}
    given = {each.text("name") for each in table.all_parts("attributes")}
    if "replicas" not in table and "attributes" in table and keys != given:
        yield table.fault("attributes", f"exactly {', '.join(sorted(keys))}", got=sorted(given))


@resource_rule(TABLE, source=f"{API}AttributeDefinition.html", fix="use S, N or B")
def table_key_types(table: Resource) -> Iterator[Fault]:
    """A key is a text (S), a number (N) or binary (B)."""
    for attribute in table.parts("attributes"):
        yield from attribute.one_of("type", "S", "N", "B")


@resource_rule(TABLE, source=f"{API}CreateTable.html", fix="give hash_key")
def table_has_a_key(table: Resource) -> Iterator[Fault]:
    """A table has a partition key."""
    if (
        "hashKey" not in table
        and "restoreSourceName" not in table
        and "restoreSourceTableArn" not in table
        and "importTable" not in table
    ):
        yield table.fault("hashKey", "the name of an attribute")


@resource_rule(TABLE, source=f"{API}CreateTable.html", fix="give capacities exactly when billing_mode is PROVISIONED")
def table_billing_and_capacity(table: Resource) -> Iterator[Fault]:
    """Capacities belong to the provisioned mode, and it needs them; on demand refuses them."""
    demand = table.text("billingMode") == "PAY_PER_REQUEST"
    yield from of_each(("readCapacity", "writeCapacity"), lambda name: _capacity(table, name, demand=demand))


def _capacity(table: Resource, name: str, *, demand: bool) -> Iterator[Fault]:
    units = table.number(name)
    if demand and units:
        yield table.fault(name, "not set on demand")
    elif not demand and "restoreSourceName" not in table and (units is None or units < 1):
        yield table.fault(name, "1 or more in provisioned mode")


@stack_rule(
    TABLE,
    source="https://github.com/hashicorp/terraform-provider-aws/issues/671",
    fix="list readCapacity and writeCapacity in ignore_changes",
)
def table_scaled_capacity_is_ignored(table: Resource, stack: Stack) -> Iterator[Fault]:
    """Where autoscaling sets the capacity, every update would set it back."""
    scaled = any(table.text("name") and table.text("name") in each.text("resourceId") for each in stack.of(TARGET))
    scaled = scaled or any(table.urn in each.dependencies.get("resourceId", []) for each in stack.of(TARGET))
    if scaled and not {"readCapacity", "writeCapacity"} & set(table.options.ignore_changes):
        yield table.fault("ignoreChanges", "readCapacity and writeCapacity", got=list(table.options.ignore_changes))


@resource_rule(TABLE, source=LIMITS, fix="use fewer indexes, or one index for several questions")
def table_index_count(table: Resource) -> Iterator[Fault]:
    """A table has at most 20 global and 5 local secondary indexes."""
    for name, most in (("globalSecondaryIndexes", 20), ("localSecondaryIndexes", 5)):
        if len(table.parts(name)) > most:
            yield table.fault(name, f"at most {most}", got=len(table.parts(name)))


@resource_rule(TABLE, source=f"{API}Projection.html", fix="give non_key_attributes exactly with INCLUDE")
def table_index_projection(table: Resource) -> Iterator[Fault]:
    """An index that includes attributes names them; one that holds all or only the keys names none."""
    yield from of_each([*table.parts("globalSecondaryIndexes"), *table.parts("localSecondaryIndexes")], _projection)


def _projection(index: Properties) -> Iterator[Fault]:
    yield from index.one_of("projectionType", "ALL", "KEYS_ONLY", "INCLUDE")
    if (index.text("projectionType") == "INCLUDE") is not bool(index.get("nonKeyAttributes")):
        yield index.fault("nonKeyAttributes", "given exactly with INCLUDE")


@resource_rule(TABLE, source=f"{GUIDE}PointInTimeRecovery_Howitworks.html", fix="use 1 to 35 days")
def table_recovery_days(table: Resource) -> Iterator[Fault]:
    """Point-in-time recovery reaches back 1 to 35 days."""
    yield from table.part("pointInTimeRecovery").between("recoveryPeriodInDays", 1, 35)


@resource_rule(
    TABLE, source=f"{GUIDE}PointInTimeRecovery_Howitworks.html", fix="turn both on", severity=Severity.ADVISORY
)
def table_protected_is_recoverable(table: Resource) -> Iterator[Fault]:
    """A table that must not be deleted must not lose its rows to a wrong statement either."""
    protected = table.flag("deletionProtectionEnabled") or table.options.protect
    if protected and not table.flag("pointInTimeRecovery.enabled"):
        yield table.fault("pointInTimeRecovery.enabled", "true, as the table is protected")


@resource_rule(
    TABLE, source=f"{GUIDE}on-demand-capacity-mode-max-throughput.html", fix="use 1 or more, and -1 to lift it"
)
def table_demand_limit(table: Resource) -> Iterator[Fault]:
    """The limit of an on-demand table is 1 unit or more, and is lifted by -1."""
    limit = table.part("onDemandThroughput")
    for name in ("maxReadRequestUnits", "maxWriteRequestUnits"):
        units = limit.number(name)
        if units is not None and units != -1 and units < 1:
            yield limit.fault(name, "1 or more, or -1")


@resource_rule(TABLE, source=f"{GUIDE}warm-throughput.html", fix="give at least 12000 reads and 4000 writes a second")
def table_warm_throughput(table: Resource) -> Iterator[Fault]:
    """A table is warm for 12,000 reads and 4,000 writes a second anyhow; less is refused."""
    warm = table.part("warmThroughput")
    for name, least in (("readUnitsPerSecond", 12_000), ("writeUnitsPerSecond", 4_000)):
        units = warm.number(name)
        if units is not None and units < least:
            yield warm.fault(name, f"{least} or more")
